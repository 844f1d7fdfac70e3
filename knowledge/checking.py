"""Rules that join documents: what a schema of one document cannot see. Pure, given the day.

Every rule is a generator of faults, so all faults of all rules are told at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator

from knowledge.content_files import Content
from knowledge.errors import Fault
from knowledge.readability import grade, hardest_sentence
from knowledge.references import keys_of
from knowledge.rendering import PASSAGE, bare_fact_names, fact_names, is_current, render
from knowledge.schema import LANGUAGES, Checklist, Document, Entry, Fact, FactKind, Refusal, Source, Text, Topic, Wording

MAX_WORDS = 90
MAX_GRADE = 8.0
MIN_PHRASINGS = {"en": 8, "es": 5}
_BRACES = re.compile(r"[{}]|\[\[|\]\]")
_URL = re.compile(r"https?://|www\.", re.IGNORECASE)
_FIGURE = re.compile(r"\$\s?\d")
# Words of the field that an honest answer cannot avoid; they do not count against the reading level.
TERMS = frozenset(
    """financial application apply applying apprenticeship apprenticeships apprentice apprentices university universities
    college colleges community counselor counselors scholarship scholarships eligible eligibility certificate certificates
    graduation diploma Washington education career careers program programs technical agriculture engineering appeal
    income family families citizen citizenship undocumented dependent independent verification satisfactory academic
    ayuda financiera solicitud universidad universidades universitario universitaria universitarios universitarias
    comunitario comunitarios consejero consejera estudiante estudiantes aprendizaje aprendizajes preparatoria
    certificado certificados elegible elegibilidad graduación carrera carreras programa programas matrícula
    indocumentado indocumentados ciudadano ciudadanía dependiente independiente verificación académico académica
    federal estatal requisito requisitos secundaria distrito""".lower().split()
)


def check(content: Content, today: dt.date, only: Collection[Document] | None = None) -> list[Fault]:
    """Every fault of a whole content folder, in file order; or those of a few of its documents, which takes milliseconds."""
    judged = content.documents.values() if only is None else only
    faults = [fault for rule in _RULES for fault in rule(content, judged, today)]
    return sorted(faults, key=lambda f: f.where)


def texts_of(document: Document) -> Iterator[tuple[str, Text]]:
    """Each text of a document that students read, with its field name."""
    match document:
        case Entry():
            yield "question", document.question
            yield "answer", document.answer
        case Checklist():
            yield "title", document.title
            for step in document.steps:
                for name in ("title", "why", "have_ready", "when"):
                    text = getattr(step, name)
                    if text is not None:
                        yield f"steps.{step.id}.{name}", text
        case Wording():
            yield "text", document.text
        case Refusal():
            yield "answer", document.answer
        case Topic():
            yield "name", document.name
            yield "about", document.about


def words_of_names(content: Content) -> frozenset[str]:
    """Words of topic names and aliases, lower case, which do not count against the reading level."""
    names = set(TERMS)
    for topic in content.of(Topic).values():
        for line in (topic.name.en, topic.name.es, *topic.aliases.en, *topic.aliases.es):
            names.update(line.lower().replace("-", " ").split())
    return frozenset(names)


def _place(content: Content, document: Document, field: str) -> str:
    return f"{content.files[(document.kind, document.key)]}:{document.key}:{field}"


def _references(content: Content, judged: Collection[Document], today: dt.date) -> Iterator[Fault]:
    facts = content.of(Fact)
    for d in judged:
        for field, kind, key in keys_of(d):
            if (kind, key) not in content.documents:
                yield Fault(_place(content, d, field), f"unknown {kind} {key!r}", _MEND[kind])
        if isinstance(d, Checklist):
            for step in d.steps:
                if step.link and (step.link not in facts or facts[step.link].type is not FactKind.LINK):
                    yield Fault(_place(content, d, f"steps.{step.id}.link"), f"unknown link fact {step.link!r}", "add a fact of type link")
        for field, text in texts_of(d):
            for language in LANGUAGES:
                for name in fact_names(text.in_language(language)):
                    if name not in facts:
                        yield Fault(_place(content, d, f"{field}.{language}"), f"unknown fact {{{name}}}", "add it under facts/ or use another")


_MEND = {
    "source": "add it under sources/ or use another", "entry": "name an existing entry", "topic": "begin its file with the topic",
    "county": "use the id of one that exists, or add it first", "occupation": "use the id of one that exists, or add it first",
}  # fmt: skip


def _facts_in_texts(content: Content, judged: Collection[Document], today: dt.date) -> Iterator[Fault]:
    facts = content.of(Fact)
    for d in judged:
        for field, text in texts_of(d):
            used = {language: set(fact_names(text.in_language(language))) for language in LANGUAGES}
            if used["en"] != used["es"]:
                odd = ", ".join(sorted(used["en"] ^ used["es"]))
                yield Fault(_place(content, d, field), f"English and Spanish name different facts ({odd})", "name the same facts in both")
            for language in LANGUAGES:
                template, where = text.in_language(language), _place(content, d, f"{field}.{language}")
                plain = PASSAGE.sub("", template)
                if _BRACES.search(re.sub(r"\{[a-z0-9_.-]+\}", "", plain)):
                    yield Fault(where, "a brace or bracket is left open", "write {fact_id} and [[passage|instead]]")
                if _URL.search(template):
                    yield Fault(where, "a web address stands in the text", "make it a fact of type link and write {its_id}")
                if _FIGURE.search(template):
                    yield Fault(where, "a dollar amount stands in the text", "make it a fact of type amount and write {its_id}")
                for name in bare_fact_names(template):
                    fact = facts.get(name)
                    if fact and fact.valid_until:
                        yield Fault(where, f"{{{name}}} expires but stands outside [[…|…]]", "wrap the passage and write what to say instead")
                for name in fact_names(template):
                    if name in facts and not is_current(facts[name], today):
                        yield Fault(where, f"{{{name}}} expired on {facts[name].valid_until}", "check the fact again or reword the answer")
                if not render(template, {}, language, today).text and fact_names(template) and field == "answer":
                    yield Fault(where, "nothing is left to say when its facts expire", "give a sentence that needs no figure")


def _length_and_reading(content: Content, judged: Collection[Document], today: dt.date) -> Iterator[Fault]:
    facts, names = content.of(Fact), words_of_names(content)
    for d in judged:
        for field, text in texts_of(d):
            if field in ("question", "title", "name", "about"):
                continue
            for language in LANGUAGES:
                shown = render(text.in_language(language), facts, language, today).text
                where = _place(content, d, f"{field}.{language}")
                count = len(shown.split())
                if count > MAX_WORDS * (1.15 if language == "es" else 1):
                    yield Fault(where, f"{count} words, more than {MAX_WORDS}", "shorten it or split it into two entries")
                level = grade(shown, language, names)
                if level > MAX_GRADE and count >= 8:
                    hard = hardest_sentence(shown, language, names)
                    yield Fault(where, f"reads at grade {level:.1f}, above {MAX_GRADE:.0f}; hardest: “{hard}”", "shorter sentences, plainer words")


def _spanish_is_up_to_date(content: Content, judged: Collection[Document], today: dt.date) -> Iterator[Fault]:
    for d in judged:
        written = getattr(d, "written", None)
        if written and written.en > written.es:
            yield Fault(_place(content, d, "written.es"), f"English is of {written.en}, Spanish of {written.es}", "bring the Spanish up to date")


def normal(phrasing: str) -> str:
    """A phrasing without case, accents' absence aside, or punctuation: two that agree here are the same."""
    return " ".join(re.findall(r"\w+", phrasing.lower()))


def _phrasings(content: Content, judged: Collection[Document], today: dt.date) -> Iterator[Fault]:
    owners = owners_of_phrasings(content)
    for d in judged:
        if not isinstance(d, (Entry, Refusal, Checklist)):
            continue
        seen: set[str] = set()
        for language in LANGUAGES:
            lines = d.phrasings.in_language(language)
            if isinstance(d, Entry) and len(lines) < MIN_PHRASINGS[language]:
                yield Fault(
                    _place(content, d, f"phrasings.{language}"),
                    f"{len(lines)} phrasings, fewer than {MIN_PHRASINGS[language]}",
                    "add ways students ask this",
                )
            for line in lines:
                where, others = _place(content, d, f"phrasings.{language}"), [o.key for o in owners[normal(line)] if o is not d]
                if normal(line) in seen and isinstance(d, Entry):
                    yield Fault(where, f"“{line}” stands twice", "remove one")
                elif others and normal(line) not in seen:
                    yield Fault(where, f"“{line}” also belongs to {', '.join(others)}", "keep it in one")
                seen.add(normal(line))


def owners_of_phrasings(content: Content) -> dict[str, list[Document]]:
    """Which documents hold a phrasing, by its `normal` form."""
    owners: dict[str, list[Document]] = defaultdict(list)
    for d in content.documents.values():
        if isinstance(d, (Entry, Refusal, Checklist)):
            for line in {normal(line) for language in LANGUAGES for line in d.phrasings.in_language(language)}:
                owners[line].append(d)
    return owners


def _sources_are_usable(content: Content, judged: Collection[Document], today: dt.date) -> Iterator[Fault]:
    urls: dict[str, str] = {}
    for s in content.of(Source).values():
        urls.setdefault(s.url, s.id)
    shown = {key for key, s in content.of(Source).items() if s.show}
    for d in judged:
        if isinstance(d, Source) and d.checked_on > today:
            yield Fault(_place(content, d, "checked_on"), "lies in the future", "write the day it was looked at")
        if isinstance(d, Source) and urls[d.url] != d.id:
            yield Fault(_place(content, d, "url"), f"the same address as {urls[d.url]}", "use that source")
        if isinstance(d, (Entry, Checklist)) and not shown & set(d.sources):
            yield Fault(_place(content, d, "sources"), "no source that may be shown", "add an official page")


_RULES: tuple[Callable[[Content, Collection[Document], dt.date], Iterator[Fault]], ...] = (
    _references,
    _facts_in_texts,
    _length_and_reading,
    _spanish_is_up_to_date,
    _phrasings,
    _sources_are_usable,
)
