"""Going through a checklist in chat, a step at a time; leaving and coming back."""

from __future__ import annotations

import datetime as dt

from knowledge.composing import say, shown_sources
from knowledge.memory import Memory
from knowledge.rendering import render
from knowledge.replies import Answer, AnswerStatus, Choice, Reply, ShownStep
from knowledge.schema import Checklist, Facet, Language, Step
from knowledge.snapshot import Snapshot

NEXT_WORDS = frozenset("next done finished did ready siguiente listo lista hecho termine terminado proximo".split())
"""Words that say the step at hand is done."""


def show(snapshot: Snapshot, checklist_id: str, language: Language, memory: Memory, step: str, today: dt.date) -> tuple[Reply, Memory]:
    """The current step with all steps' titles. `step`: number to go to ("3"), or empty to begin or come back."""
    checklist = snapshot.checklists[checklist_id]
    count = len(checklist.steps)
    number = int(step) if step.isdecimal() else memory.steps.get(checklist_id, 0)
    number = max(0, min(number, count))
    memory = memory.model_copy(
        update={
            "checklist": checklist_id,
            "steps": {**memory.steps, checklist_id: number % count},
            "topic": checklist.topic,
            "misses": 0,
            "offered": [],
        }
    )
    ways = [("checklist_next", number + 1)] if number < count else []
    ways += [("checklist_back", number - 1)] if number else []
    choices = [Choice(id=f"checklist:{checklist_id}/{to}", label=say(snapshot, wording, language, today)) for wording, to in ways]
    text = say(snapshot, "checklist_done", language, today) if number == count else _step_text(snapshot, checklist, number, language, today)
    steps = [
        ShownStep(
            id=s.id, title=s.title.in_language(language), text=_say(snapshot, s, "why", language, today), done=i < number, link=_link(snapshot, s)
        )
        for i, s in enumerate(checklist.steps)
    ]
    sources = shown_sources(snapshot, checklist.sources)
    answer = Answer(
        status=AnswerStatus.CHECKLIST, entry_id=checklist_id, topic=checklist.topic, facet=Facet.HOW_TO_APPLY.value, steps=steps, sources=sources,
        checked_on=min((s.checked_on for s in sources), default=None), knowledge_version=snapshot.version,
    )  # fmt: skip
    return Reply(text=text, language=language, choices=choices, answer=answer, provenance={"checklist": checklist_id, "step": number}), memory


def _step_text(snapshot: Snapshot, checklist: Checklist, number: int, language: Language, today: dt.date) -> str:
    step = checklist.steps[number]

    def around(wording: str, **filled: str) -> str:
        text = say(snapshot, wording, language, today)
        for name, value in filled.items():
            text = text.replace(f"<{name}>", value)
        return text

    title = around("checklist_step", n=str(number + 1), all=str(len(checklist.steps)), title=step.title.in_language(language))
    lines = [f"{checklist.title.in_language(language)}\n\n{title}", _say(snapshot, step, "why", language, today)]
    for field in ("have_ready", "when"):
        if getattr(step, field):
            lines.append(around(f"checklist_{field.removeprefix('have_')}", text=_say(snapshot, step, field, language, today)))
    if link := _link(snapshot, step):
        lines.append(link)
    return "\n".join(lines)


def _say(snapshot: Snapshot, step: Step, field: str, language: Language, today: dt.date) -> str:
    return render(getattr(step, field).in_language(language), snapshot.facts, language, today).text


def _link(snapshot: Snapshot, step: Step) -> str | None:
    fact = snapshot.facts.get(step.link or "")
    return str(fact.value) if fact else None
