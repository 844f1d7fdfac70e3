"""Names the gazetteer should know, from all kinds of knowledge; and the file through which Rasa learns them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from knowledge.index import Index, topic_terms
from knowledge.pathways_interests import NAMES, occupation_forms, phrases
from knowledge.pathways_places import EVERYDAY, counties
from knowledge.pathways_schema import Occupation, Organization, Program
from knowledge.snapshot import Snapshot
from language import gazetteer
from language.gazetteer import Term
from language.normalise import words

COLLEGES = frozenset({"college", "university", "private_college", "tribal_college"})
KNOWN_SHORT = frozenset({"rn", "lpn", "cna", "emt", "cdl", "cnc", "uw", "wsu", "wwu", "cwu", "ewu", "cbc", "yvc", "wvc", "tcc"})
# One everyday word says little about a job: “teacher” and “pilot” stand in many questions that are about something else.
TOO_COMMON = frozenset("teacher maestro maestra profesor profesora pilot pilots painter masonry drafting databases concreto techos traila".split())
CREDENTIALS = {
    "certificate": ("certificate", "certificates", "certificado", "certificados"),
    "associate": ("associate degree", "two-year degree", "2 year degree", "título de dos años"),
    "bachelor": ("bachelor's degree", "bachelors degree", "four-year degree", "4 year degree", "licenciatura"),
    "apprenticeship": ("registered apprenticeship", "paid apprenticeship", "aprendizaje registrado", "aprendizaje pagado"),
}


def terms_of(snapshot: Snapshot) -> Iterable[Term]:
    """Terms beyond topics: counties (by town too), colleges, programs, occupations, clusters, credentials, organizations.

    A name that holds a topic's alias (“Tri-Tech Skills Center”) is also a term of that topic, so that neither hides the other.
    """
    found = dict.fromkeys(t for t in _named(snapshot) if _tells_enough(t))
    return [*found, *_topics_within(snapshot, found)]


def _tells_enough(term: Term) -> bool:
    bare = " ".join(words(term.form))
    return bool(bare) and bare not in TOO_COMMON and (len(bare) > 3 or bare in KNOWN_SHORT)


def _named(snapshot: Snapshot) -> Iterator[Term]:
    for county in counties(snapshot).values():
        for form in (f"{county.name} county", f"condado de {county.name}", county.name, *county.cities):
            if " ".join(words(form)) not in EVERYDAY:
                yield Term("county", county.name, form)
    for o in snapshot.all(Occupation).values():
        yield from (Term("occupation", o.id, form) for form in occupation_forms(o))
    for cluster in NAMES:
        yield from (Term("cluster", cluster.value, form) for form in phrases(NAMES, cluster))
    for p in snapshot.all(Program).values():
        yield from (Term("program", p.id, form) for form in p.aliases)
    for g in snapshot.all(Organization).values():
        forms = (g.name.split(" (")[0], *g.aliases) if g.type in COLLEGES else g.aliases
        yield from (Term("college" if g.type in COLLEGES else "organization", g.id, form) for form in forms)
    for credential, names in CREDENTIALS.items():
        yield from (Term("credential", credential, form) for form in names)


def _topics_within(snapshot: Snapshot, terms: Iterable[Term]) -> Iterator[Term]:
    aliases = {" ".join(words(t.form)): t.value for t in topic_terms(snapshot) if t.label == "topic" and len(t.form) > 3}
    for term in terms:
        said = words(term.form)
        spans = (" ".join(said[i : i + n]) for n in range(len(said), 0, -1) for i in range(len(said) - n + 1))
        topic = next((aliases[s] for s in spans if s in aliases), None)
        if topic and term.label != "county":
            yield Term("topic", topic, term.form)


def write_gazetteer(path: Path) -> Callable[[Index], None]:
    """A listener that writes each new index's names where Rasa's extractor watches."""

    def write(index: Index) -> None:
        common = {word: count for word, count in index.word_counts.items() if count >= 3}
        gazetteer.save(index.terms, common, path)

    return write
