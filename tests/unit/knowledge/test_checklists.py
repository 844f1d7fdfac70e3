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


def go(step: int) -> str:
    return f"checklist:{NAME}/{step}"


def done(step: str) -> str:
    return f"checklist:{NAME}/done/{step}"


def drawn(reply: Reply) -> list[tuple[str, bool, bool]]:
    assert reply.answer is not None
    return [(step.id, step.done, step.current) for step in reply.answer.steps]


def test_it_begins_with_the_first_step_and_shows_all(show) -> None:  # type: ignore[no-untyped-def]
    reply, memory = show(Memory())
    assert "Step 1 of 3: Make an account" in reply.text
    assert "Have ready: Your email." in reply.text
    assert "https://sunrise.example.org/apply" in reply.text
    assert "steps done" not in reply.text
    assert choices(reply) == [done("account")]
    assert reply.answer is not None
    assert (reply.answer.status, reply.answer.entry_id, reply.answer.topic) == (AnswerStatus.CHECKLIST, NAME, "sunrise_grant")
    assert drawn(reply) == [("account", False, True), ("form", False, False), ("wait", False, False)]
    assert (memory.checklist, memory.steps, memory.ticked, memory.topic) == (NAME, {NAME: 0}, {NAME: []}, "sunrise_grant")


def test_a_step_done_goes_on_to_the_next_and_offers_a_step_back(show) -> None:  # type: ignore[no-untyped-def]
    _, memory = show(Memory())
    reply, memory = show(memory, "done/account")
    assert "Step 2 of 3: Fill out the form" in reply.text
    assert "When: In the fall. Not after June 30, 2027." in reply.text
    assert reply.text.endswith("1 of 3 steps done.")
    assert choices(reply) == [done("form"), go(0)]
    assert drawn(reply) == [("account", True, False), ("form", False, True), ("wait", False, False)]
    assert (memory.steps, memory.ticked) == ({NAME: 1}, {NAME: ["account"]})


def test_steps_are_ticked_in_any_order_and_the_place_stays(show) -> None:  # type: ignore[no-untyped-def]
    reply, memory = show(Memory(), "done/wait")
    assert drawn(reply) == [("account", False, True), ("form", False, False), ("wait", True, False)]
    assert "Step 1 of 3" in reply.text and "1 of 3 steps done." in reply.text
    reply, memory = show(memory, "done/form")
    assert drawn(reply) == [("account", False, True), ("form", True, False), ("wait", True, False)]
    assert memory.ticked == {NAME: ["form", "wait"]}, "in the order of the list"


def test_going_to_a_step_says_nothing_about_those_before_it(show) -> None:  # type: ignore[no-untyped-def]
    reply, memory = show(Memory(), "2")
    assert drawn(reply) == [("account", False, False), ("form", False, False), ("wait", False, True)]
    reply, _ = show(memory, "done/wait")
    assert "Step 1 of 3" in reply.text, "after the last step comes the first that is still open"


def test_a_tick_can_be_taken_back_and_leads_to_that_step(show) -> None:  # type: ignore[no-untyped-def]
    _, memory = show(Memory(), "done/account")
    reply, memory = show(memory, "undo/account")
    assert drawn(reply) == [("account", False, True), ("form", False, False), ("wait", False, False)]
    assert memory.ticked == {NAME: []}


def test_each_step_carries_the_press_that_ticks_it_or_takes_it_back(show) -> None:  # type: ignore[no-untyped-def]
    reply, _ = show(Memory(), "done/form")
    assert [(s.tick.id.split("/", 1)[1], s.tick.label) for s in reply.answer.steps] == [
        ("done/account", "Done, next step"), ("undo/form", "Not done yet: Fill out the form"), ("done/wait", "Done: Wait for the letter"),
    ]  # fmt: skip


def test_a_step_that_is_done_offers_no_second_done(show) -> None:  # type: ignore[no-untyped-def]
    _, memory = show(Memory(), "done/account")
    reply, _ = show(memory, "0")
    assert choices(reply) == []
    assert drawn(reply)[0] == ("account", True, True)


def test_where_steps_are_drawn_a_brief_word_is_enough_and_each_step_can_be_gone_to(show) -> None:  # type: ignore[no-untyped-def]
    reply, _ = show(Memory(), "1")
    assert reply.answer.brief == "Sunrise Grant step by step\n\nStep 2 of 3: Fill out the form"
    account, form, wait = reply.answer.steps
    assert [(d.kind, d.label, d.value) for d in account.details] == [("ready", "Have ready", "Your email.")]
    assert [d.kind for d in form.details] == ["when"]
    assert form.choice is None
    assert (wait.choice.id, wait.choice.label) == (go(2), "Go to step 3")


def test_a_date_that_is_over_is_not_shown(show) -> None:  # type: ignore[no-untyped-def]
    reply, _ = show(Memory(), "1", day=dt.date(2027, 7, 1))
    assert "When: In the fall.\n" in reply.text + "\n"
    assert "2027" not in reply.text


def test_leaving_and_coming_back_goes_on_where_it_was_with_the_same_steps_done(show) -> None:  # type: ignore[no-untyped-def]
    _, memory = show(Memory(), "done/account")
    _, memory = show(memory, "2")
    elsewhere = Memory.read(memory.model_copy(update={"topic": "trail_start", "entry": "trail_start.cost"}).dump())
    reply, _ = show(elsewhere)
    assert drawn(reply) == [("account", True, False), ("form", False, False), ("wait", False, True)]


def test_a_conversation_from_before_steps_could_be_ticked_counts_those_passed_as_done(show) -> None:  # type: ignore[no-untyped-def]
    reply, _ = show(Memory(steps={NAME: 2}))
    assert drawn(reply) == [("account", True, False), ("form", True, False), ("wait", False, True)]


def test_steps_that_editors_took_away_since_are_forgotten(show) -> None:  # type: ignore[no-untyped-def]
    reply, memory = show(Memory(steps={NAME: 9}, ticked={NAME: ["gone", "form"]}))
    assert drawn(reply) == [("account", False, False), ("form", True, False), ("wait", False, True)]
    assert memory.ticked == {NAME: ["form"]}


def test_after_the_last_open_step_it_says_so_stays_so_and_can_begin_anew(show) -> None:  # type: ignore[no-untyped-def]
    memory = Memory()
    for step in ("wait", "account", "form"):
        reply, memory = show(memory, f"done/{step}")
    assert reply.text == reply.answer.brief == "Sunrise Grant step by step\n\nAll steps are done. Well done!"
    assert all(s.done and not s.current for s in reply.answer.steps)
    back, memory = show(memory)
    assert drawn(back) == drawn(reply)
    assert choices(back) == [f"checklist:{NAME}/again"]
    again, memory = show(memory, "again")
    assert "Step 1 of 3" in again.text and memory.ticked == {NAME: []}


@pytest.mark.parametrize("press", ["99", "-1", "two", "²", "done/", "done/gone", "undo/gone", "tear/form", "done/form/x"])
def test_an_odd_press_does_no_harm(show, press: str) -> None:  # type: ignore[no-untyped-def]
    reply, memory = show(Memory(ticked={NAME: ["account"]}), press)
    assert reply.text and memory.ticked == {NAME: ["account"]}


def test_in_spanish_every_word_is_spanish(show) -> None:  # type: ignore[no-untyped-def]
    reply, _ = show(Memory(steps={NAME: 1}, ticked={NAME: ["account"]}), "", "es")
    assert "Paso 2 de 3: Llena el formulario" in reply.text
    assert "Cuándo: En el otoño. No después del 30 de junio de 2027." in reply.text
    assert reply.text.endswith("1 de 3 pasos hechos.")
    assert [c.label for c in reply.choices] == ["Listo, el siguiente paso", "Un paso atrás"]
    assert [s.tick.label for s in reply.answer.steps][:2] == ["Todavía no: Crea una cuenta", "Listo, el siguiente paso"]
