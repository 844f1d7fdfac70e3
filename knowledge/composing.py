"""From an entry to the reply a student reads: text, sources, dates, what to ask next. Pure, given the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from knowledge.content_files import shipped_sentences
from knowledge.matcher import Match
from knowledge.rendering import render
from knowledge.replies import Answer, AnswerStatus, Candidate, Choice, HandOff, Reply, ShownSource
from knowledge.schema import Entry, Fact, Language, Wording
from knowledge.snapshot import Snapshot

HUMAN, NONE = "human", "none"


def say(snapshot: Snapshot, wording: str, language: Language, today: dt.date) -> str:
    """One of the program's own sentences. A knowledge base that lacks it (nothing loaded yet) says it as shipped."""
    own = snapshot.wordings.get(wording)
    if own is not None:
        return render(own.text.in_language(language), snapshot.facts, language, today).text
    shipped = shipped_sentences()
    facts = {**shipped.of(Fact), **snapshot.facts}
    return render(shipped.of(Wording)[wording].text.in_language(language), facts, language, today).text


def own_reply(
    snapshot: Snapshot,
    wording: str,
    language: Language,
    status: AnswerStatus,
    today: dt.date,
    hand_off: HandOff | None = None,
    choices: Iterable[Choice] = (),
) -> Reply:
    answer = Answer(status=status, knowledge_version=snapshot.version)
    return Reply(text=say(snapshot, wording, language, today), language=language, choices=list(choices), answer=answer, handoff=hand_off)


def human_choice(snapshot: Snapshot, language: Language, today: dt.date) -> Choice:
    return Choice(id=HUMAN, label=say(snapshot, "choice_human", language, today))


def none_choice(snapshot: Snapshot, language: Language, today: dt.date) -> Choice:
    return Choice(id=NONE, label=say(snapshot, "choice_none", language, today))


def entry_choice(entry: Entry, language: Language) -> Choice:
    return Choice(id=f"entry:{entry.id}", label=entry.question.in_language(language))


def shown_sources(snapshot: Snapshot, keys: Iterable[str]) -> list[ShownSource]:
    sources = (snapshot.sources[k] for k in keys if k in snapshot.sources)
    return [ShownSource(title=f"{s.title} ({s.publisher})", url=s.url, checked_on=s.checked_on) for s in sources if s.show][:3]


def answered(
    snapshot: Snapshot, entry: Entry, language: Language, today: dt.date, score: float | None, provenance: dict[str, Any] | None = None
) -> Reply:
    """An entry's answer. A figure that is out of date is left out, and the reply says so."""
    made = render(entry.answer.in_language(language), snapshot.facts, language, today)
    text = made.text
    if made.withheld:
        text = f"{text}\n\n{say(snapshot, 'figure_withheld', language, today)}".strip()
    sources = shown_sources(snapshot, entry.sources)
    stated = [snapshot.facts[name] for name in made.facts]
    checked = [s.checked_on for s in sources] + [f.checked_on for f in stated]
    ends = [f.valid_until for f in stated if f.valid_until]
    answer = Answer(
        status=AnswerStatus.ANSWERED, entry_id=entry.id, topic=snapshot.filed(entry.topic), facet=entry.facet.value, score=score, sources=sources,
        checked_on=min(checked, default=None), valid_until=min(ends, default=None), knowledge_version=snapshot.version,
    )  # fmt: skip
    further = [snapshot.entries[k] for k in entry.see_also if k in snapshot.entries][:3]
    choices = [entry_choice(e, language) for e in further]
    if entry.person_helps:
        choices.append(human_choice(snapshot, language, today))
    record = {"entry": entry.id, "facts": list(made.facts), "withheld": list(made.withheld), "version": snapshot.version, **(provenance or {})}
    return Reply(text=text, language=language, choices=choices, answer=answer, provenance=record)


def clarify(snapshot: Snapshot, entries: list[Entry], match: Match | None, language: Language, today: dt.date, wording: str = "clarify") -> Reply:
    """At most three real questions to choose from, and “none of these”."""
    chances = {s.target.id: s.probability for s in match.scored} if match else {}
    candidates = [Candidate(entry_id=e.id, topic=snapshot.filed(e.topic), facet=e.facet.value, score=chances.get(e.id, 0.0)) for e in entries]
    answer = Answer(status=AnswerStatus.CLARIFY, candidates=candidates, score=match.certainty if match else None, knowledge_version=snapshot.version)
    choices = [*(entry_choice(e, language) for e in entries), none_choice(snapshot, language, today)]
    return Reply(text=say(snapshot, wording, language, today), language=language, choices=choices, answer=answer, provenance=provenance_of(match))


def checklist_menu(snapshot: Snapshot, language: Language, today: dt.date) -> Reply:
    """Every checklist as a choice."""
    choices = [Choice(id=f"checklist:{c.id}", label=c.title.in_language(language)) for c in snapshot.checklists.values()]
    answer = Answer(status=AnswerStatus.CHECKLIST, knowledge_version=snapshot.version)
    return Reply(text=say(snapshot, "checklist_which", language, today), language=language, choices=choices, answer=answer)


def provenance_of(match: Match | None) -> dict[str, Any]:
    """What an advisor may open to see why the bot said what it said."""
    if match is None:
        return {}
    return {
        "readings": match.details.get("readings", []),
        "named": list(match.named),
        "nearness": match.nearness,
        "topics": [[t, p] for t, p in match.topics[:5]],
        "nearest": [{"target": s.target.id, "score": s.probability, "phrasing": s.nearest} for s in match.scored[:5]],
    }
