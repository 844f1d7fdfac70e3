"""knowledge.checklists: a step at a time, forward, back, left and come back to, in both languages."""

from __future__ import annotations

import datetime as dt

import pytest

from knowledge import checklists
from knowledge.memory import Memory
from knowledge.replies import AnswerStatus, Reply
from knowledge.snapshot import Snapshot

NAME = "sunrise_steps"


@pytest.fixture
def show(tiny_snapshot: Snapshot, today: dt.date):  # type: ignore[no-untyped-def]
    def at(memory: Memory, step: str = "", language: str = "en", day: dt.date = today) -> tuple[Reply, Memory]:
        return checklists.show(tiny_snapshot, NAME, language, memory, step, day)  # type: ignore[arg-type]

    return at


def choices(reply: Reply) -> list[str]:
    return [c.id for c in reply.choices]


def test_it_begins_with_the_first_step_and_shows_all(show) -> None:  # type: ignore[no-untyped-def]
    reply, memory = show(Memory())
    assert "Step 1 of 3: Make an account" in reply.text
    assert "Have ready: Your email." in reply.text
    assert "https://sunrise.example.org/apply" in reply.text
    assert choices(reply) == [f"checklist:{NAME}/1"]
    assert reply.answer is not None
    assert (reply.answer.status, reply.answer.entry_id, reply.answer.topic) == (AnswerStatus.CHECKLIST, NAME, "sunrise_grant")
    assert [(s.id, s.done) for s in reply.answer.steps] == [("account", False), ("form", False), ("wait", False)]
    assert (memory.checklist, memory.steps, memory.topic) == (NAME, {NAME: 0}, "sunrise_grant")


def test_a_step_forward_marks_what_is_done_and_offers_a_step_back(show) -> None:  # type: ignore[no-untyped-def]
    reply, memory = show(Memory(), "1")
    assert "Step 2 of 3: Fill out the form" in reply.text
    assert "When: In the fall. Not after June 30, 2027." in reply.text
    assert choices(reply) == [f"checklist:{NAME}/2", f"checklist:{NAME}/0"]
    assert [s.done for s in reply.answer.steps] == [True, False, False]
    assert memory.steps == {NAME: 1}


def test_where_steps_are_drawn_a_brief_word_is_enough_and_each_step_can_be_gone_to(show) -> None:  # type: ignore[no-untyped-def]
    reply, _ = show(Memory(), "1")
    assert reply.answer.brief == "Sunrise Grant step by step\n\nStep 2 of 3: Fill out the form"
    account, form, wait = reply.answer.steps
    assert [step.current for step in (account, form, wait)] == [False, True, False]
    assert [(d.kind, d.label, d.value) for d in account.details] == [("ready", "Have ready", "Your email.")]
    assert [d.kind for d in form.details] == ["when"]
    assert form.choice is None
    assert (wait.choice.id, wait.choice.label) == (f"checklist:{NAME}/2", "Go to step 3")


def test_a_date_that_is_over_is_not_shown(show) -> None:  # type: ignore[no-untyped-def]
    reply, _ = show(Memory(), "1", day=dt.date(2027, 7, 1))
    assert "When: In the fall.\n" in reply.text + "\n"
    assert "2027" not in reply.text


def test_leaving_and_coming_back_goes_on_where_it_was(show) -> None:  # type: ignore[no-untyped-def]
    _, memory = show(Memory(), "2")
    elsewhere = memory.model_copy(update={"topic": "trail_start", "entry": "trail_start.cost"})
    reply, _ = show(elsewhere)
    assert "Step 3 of 3" in reply.text


def test_after_the_last_step_it_says_so_and_begins_anew_next_time(show) -> None:  # type: ignore[no-untyped-def]
    reply, memory = show(Memory(), "3")
    assert reply.text == "That was the last step. Well done!"
    assert all(s.done for s in reply.answer.steps)
    again, _ = show(memory)
    assert "Step 1 of 3" in again.text


@pytest.mark.parametrize("step", ["99", "-1", "two", "²"])
def test_an_odd_step_number_does_no_harm(show, step: str) -> None:  # type: ignore[no-untyped-def]
    reply, _ = show(Memory(), step)
    assert reply.text


def test_in_spanish_every_word_is_spanish(show) -> None:  # type: ignore[no-untyped-def]
    reply, _ = show(Memory(), "1", "es")
    assert "Paso 2 de 3: Llena el formulario" in reply.text
    assert "Cuándo: En el otoño. No después del 30 de junio de 2027." in reply.text
    assert [c.label for c in reply.choices] == ["Listo, el siguiente paso", "Un paso atrás"]
