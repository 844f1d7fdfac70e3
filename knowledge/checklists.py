"""Going through a checklist in chat: a step at a time or in any order, leaving and coming back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from knowledge.composing import say, shown_sources
from knowledge.memory import Memory
from knowledge.rendering import render
from knowledge.replies import Answer, AnswerStatus, Choice, Detail, DetailKind, Reply, ShownStep
from knowledge.schema import Checklist, Facet, Language, Step
from knowledge.snapshot import Snapshot

NEXT_WORDS = frozenset("next done finished did ready siguiente listo lista hecho termine terminado proximo".split())
"""Words that say the step at hand is done."""


AGAIN, DONE, NOT_DONE, NEXT = "again", "done", "undo", "next"
"""What a press asks for: all anew, a step done (``done/form``), not done (``undo/form``), the step at hand done."""


def show(snapshot: Snapshot, checklist_id: str, language: Language, memory: Memory, press: str, today: dt.date) -> tuple[Reply, Memory]:
    """The step at hand with all steps. `press`: number to go to ("3"), AGAIN, NEXT, DONE or NOT_DONE with a step; anything else comes back to it."""
    checklist = snapshot.checklists[checklist_id]
    place = _pressed(checklist, _place_of(checklist, memory), press)
    memory = memory.model_copy(
        update={
            "checklist": checklist_id, "steps": {**memory.steps, checklist_id: place.number}, "ticked": {**memory.ticked, checklist_id: place.in_order(checklist)},
            "topic": checklist.topic, "misses": 0, "offered": [],
        }
    )  # fmt: skip
    telling = _Telling(snapshot, checklist, place, language, today)
    sources = shown_sources(snapshot, checklist.sources)
    answer = Answer(
        status=AnswerStatus.CHECKLIST, entry_id=checklist_id, topic=snapshot.filed(checklist.topic), facet=Facet.HOW_TO_APPLY.value,
        steps=[telling.shown(i) for i in range(len(checklist.steps))], sources=sources,
        checked_on=min((s.checked_on for s in sources), default=None), knowledge_version=snapshot.version, brief=telling.brief(),
    )  # fmt: skip
    provenance = {"checklist": checklist_id, "step": place.number, "done": len(place.done)}
    return Reply(text=telling.text(), language=language, choices=telling.choices(), answer=answer, provenance=provenance), memory


@dataclass(frozen=True)
class _Place:
    """Where a student is: at step `number` (from 0), with the steps of these ids `done`, in whatever order they were ticked."""

    number: int
    done: frozenset[str]

    def in_order(self, checklist: Checklist) -> list[str]:
        return [step.id for step in checklist.steps if step.id in self.done]

    def finished(self, checklist: Checklist) -> bool:
        return all(step.id in self.done for step in checklist.steps)


def _place_of(checklist: Checklist, memory: Memory) -> _Place:
    """As it was left. Steps that editors took away since are forgotten; a memory from before steps could be ticked counts those passed as done."""
    number = max(0, min(memory.steps.get(checklist.id, 0), len(checklist.steps) - 1))
    passed = [step.id for step in checklist.steps[:number]]
    known = {step.id for step in checklist.steps}
    return _Place(number, frozenset(memory.ticked.get(checklist.id, passed)) & known)


def _pressed(checklist: Checklist, place: _Place, press: str) -> _Place:
    if press.isdecimal():
        return _Place(max(0, min(int(press), len(checklist.steps) - 1)), place.done)
    if press == AGAIN:
        return _Place(0, frozenset())
    verb, _, step_id = press.partition("/")
    if verb == NEXT:
        verb, step_id = DONE, checklist.steps[place.number].id
    number = next((i for i, step in enumerate(checklist.steps) if step.id == step_id), None)
    if number is None or verb not in (DONE, NOT_DONE):
        return place
    if verb == NOT_DONE:
        return _Place(number, place.done - {step_id})
    done = place.done | {step_id}
    return _Place(_next_open(checklist, place.number, done), done)


def _next_open(checklist: Checklist, number: int, done: frozenset[str]) -> int:
    """The step at hand while it is open, else the next open one, from the beginning again after the last."""
    count = len(checklist.steps)
    return next((i % count for i in range(number, number + count) if checklist.steps[i % count].id not in done), number)


@dataclass(frozen=True)
class _Telling:
    """One checklist at one place, in one language on one day."""

    snapshot: Snapshot
    checklist: Checklist
    place: _Place
    language: Language
    today: dt.date

    @property
    def finished(self) -> bool:
        return self.place.finished(self.checklist)

    def say(self, wording: str, **filled: str) -> str:
        text = say(self.snapshot, wording, self.language, self.today)
        for name, value in filled.items():
            text = text.replace(f"<{name}>", value)
        return text

    def brief(self) -> str:
        title = self.checklist.title.in_language(self.language)
        return "\n\n".join([title, self.say("checklist_done") if self.finished else self._step_title()])

    def text(self) -> str:
        """The same as the drawn list, for who reads words only."""
        if self.finished:
            return self.brief()
        step = self.checklist.steps[self.place.number]
        lines = [self.brief(), self._field(step, "why")]
        lines += [self.say("checklist_detail", label=d.label, text=d.value) for d in self._details(step)]
        if link := self._link(step):
            lines.append(link)
        if self.place.done:
            lines.append(self.say("checklist_progress", n=str(len(self.place.done)), all=str(len(self.checklist.steps))))
        return "\n".join(lines)

    def choices(self) -> list[Choice]:
        number, steps = self.place.number, self.checklist.steps
        if self.finished:
            return [self._choice(AGAIN, self.say("checklist_again"))]
        ahead = [] if steps[number].id in self.place.done else [self._choice(f"{DONE}/{steps[number].id}", self.say("checklist_next"))]
        return ahead + ([self._choice(str(number - 1), self.say("checklist_back"))] if number else [])

    def shown(self, i: int) -> ShownStep:
        """Step `i` as it is drawn."""
        step, current = self.checklist.steps[i], i == self.place.number and not self.finished
        title, done = step.title.in_language(self.language), step.id in self.place.done
        # One press, one label: ticking the step at hand is the same as the button "Done, next step".
        wording = "checklist_untick" if done else "checklist_next" if current else "checklist_tick"
        tick = self._choice(f"{NOT_DONE if done else DONE}/{step.id}", self.say(wording, title=title))
        go = None if current else self._choice(str(i), self.say("checklist_go", n=str(i + 1)))
        return ShownStep(
            id=step.id, title=title, text=self._field(step, "why"), done=done, link=self._link(step), current=current, details=self._details(step),
            choice=go, tick=tick,
        )  # fmt: skip

    def _choice(self, press: str, label: str) -> Choice:
        return Choice(id=f"checklist:{self.checklist.id}/{press}", label=label)

    def _step_title(self) -> str:
        title = self.checklist.steps[self.place.number].title.in_language(self.language)
        return self.say("checklist_step", n=str(self.place.number + 1), all=str(len(self.checklist.steps)), title=title)

    def _details(self, step: Step) -> list[Detail]:
        fields: dict[str, DetailKind] = {"have_ready": "ready", "when": "when"}
        return [
            Detail(kind=kind, label=self.say(f"checklist_label_{kind}"), value=self._field(step, field))
            for field, kind in fields.items()
            if getattr(step, field)
        ]

    def _field(self, step: Step, field: str) -> str:
        return render(getattr(step, field).in_language(self.language), self.snapshot.facts, self.language, self.today).text

    def _link(self, step: Step) -> str | None:
        fact = self.snapshot.facts.get(step.link or "")
        return str(fact.value) if fact else None
