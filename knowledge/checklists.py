"""Going through a checklist in chat, a step at a time; leaving and coming back."""

from __future__ import annotations

import datetime as dt

from knowledge.composing import say, shown_sources
from knowledge.memory import Memory
from knowledge.rendering import render
from knowledge.replies import Answer, AnswerStatus, Choice, Detail, DetailKind, Reply, ShownStep
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
    done = number == count
    text = say(snapshot, "checklist_done", language, today) if done else _step_text(snapshot, checklist, number, language, today)
    brief = text if done else "\n\n".join([checklist.title.in_language(language), _step_title(snapshot, checklist, number, language, today)])
    steps = [_shown(snapshot, checklist, i, number, language, today) for i in range(count)]
    sources = shown_sources(snapshot, checklist.sources)
    answer = Answer(
        status=AnswerStatus.CHECKLIST, entry_id=checklist_id, topic=checklist.topic, facet=Facet.HOW_TO_APPLY.value, steps=steps, sources=sources,
        checked_on=min((s.checked_on for s in sources), default=None), knowledge_version=snapshot.version, brief=brief,
    )  # fmt: skip
    return Reply(text=text, language=language, choices=choices, answer=answer, provenance={"checklist": checklist_id, "step": number}), memory


def _around(snapshot: Snapshot, wording: str, language: Language, today: dt.date, **filled: str) -> str:
    text = say(snapshot, wording, language, today)
    for name, value in filled.items():
        text = text.replace(f"<{name}>", value)
    return text


def _step_title(snapshot: Snapshot, checklist: Checklist, number: int, language: Language, today: dt.date) -> str:
    title = checklist.steps[number].title.in_language(language)
    return _around(snapshot, "checklist_step", language, today, n=str(number + 1), all=str(len(checklist.steps)), title=title)


def _step_text(snapshot: Snapshot, checklist: Checklist, number: int, language: Language, today: dt.date) -> str:
    step = checklist.steps[number]
    lines = [f"{checklist.title.in_language(language)}\n\n{_step_title(snapshot, checklist, number, language, today)}"]
    lines.append(_say(snapshot, step, "why", language, today))
    lines += [_around(snapshot, "checklist_detail", language, today, label=d.label, text=d.value) for d in _details(snapshot, step, language, today)]
    if link := _link(snapshot, step):
        lines.append(link)
    return "\n".join(lines)


def _details(snapshot: Snapshot, step: Step, language: Language, today: dt.date) -> list[Detail]:
    def detail(kind: DetailKind, field: str) -> Detail:
        return Detail(kind=kind, label=say(snapshot, f"checklist_label_{kind}", language, today), value=_say(snapshot, step, field, language, today))

    fields: dict[str, DetailKind] = {"have_ready": "ready", "when": "when"}
    return [detail(kind, field) for field, kind in fields.items() if getattr(step, field)]


def _shown(snapshot: Snapshot, checklist: Checklist, i: int, number: int, language: Language, today: dt.date) -> ShownStep:
    """Step `i` as it is drawn while the student is at step `number`."""
    step = checklist.steps[i]
    go = Choice(id=f"checklist:{checklist.id}/{i}", label=_around(snapshot, "checklist_go", language, today, n=str(i + 1)))
    return ShownStep(
        id=step.id, title=step.title.in_language(language), text=_say(snapshot, step, "why", language, today), done=i < number,
        link=_link(snapshot, step), current=i == number, details=_details(snapshot, step, language, today), choice=None if i == number else go,
    )  # fmt: skip


def _say(snapshot: Snapshot, step: Step, field: str, language: Language, today: dt.date) -> str:
    return render(getattr(step, field).in_language(language), snapshot.facts, language, today).text


def _link(snapshot: Snapshot, step: Step) -> str | None:
    fact = snapshot.facts.get(step.link or "")
    return str(fact.value) if fact else None
