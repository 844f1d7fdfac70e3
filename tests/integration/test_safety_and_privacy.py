"""Danger and secrets, through the student API: help first, nothing secret kept."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from desk.wiring import Desk
from knowledge.replies import HandOff
from language.encoder import PARTS
from language.letters import SKETCH
from language.safety_reader import CERTAIN, FAINT, LABELS, UNLIKELY, SafetyReader
from language.text_reader import TextReader
from tests.integration.conftest import SignIn
from tests.integration.fakes import ScriptedBot
from tests.integration.people import Student

SSN = "536-22-8145"


async def replies_to(desk: Desk, student: Student, text: str) -> list[dict[str, Any]]:
    sent = await student.writes(text)
    await desk.turns.drain()
    return await student.reads(after=sent.json()["message"]["seq"])


@pytest.mark.parametrize(("text", "language"), [("i want to kill myself", "en"), ("me quiero matar", "es")])
async def test_a_message_in_crisis_is_answered_with_help_first_and_alerts_an_advisor(
    desk_app: Desk, student: Student, bot: ScriptedBot, text: str, language: str
) -> None:
    first, *_ = await replies_to(desk_app, student, text)
    assert (first["answer"]["status"], first["language"]) == ("crisis", language)
    assert "988" in first["text"] and "911" in first["text"]
    assert await student.state() == "waiting"
    assert [(i["urgency"], i["reason"]) for i in desk_app.store.queue()] == [("crisis", "crisis")]
    assert bot.turns == [], "nothing but the help is said"


async def test_the_chat_stays_open_after_a_crisis_message(desk_app: Desk, student: Student) -> None:
    await replies_to(desk_app, student, "i want to die")
    (reply,) = await replies_to(desk_app, student, "what is the sunrise grant")
    assert reply["text"] == "You said: what is the sunrise grant"


async def test_help_does_not_need_the_bot(knowing_desk: Desk, asker: Student) -> None:
    assert "988" in (await replies_to(knowing_desk, asker, "i am going to end my life"))[0]["text"]


async def test_a_question_beside_a_danger_that_can_wait_is_answered_too(knowing_desk: Desk, asker: Student) -> None:
    help_first, answer, *_ = await replies_to(knowing_desk, asker, "we got evicted and have nowhere to live. how much is the sunrise grant")
    assert help_first["answer"]["status"] == "crisis"
    assert answer["answer"]["entry_id"] == "sunrise_grant.cost"
    assert [i["urgency"] for i in knowing_desk.store.queue()] == ["high"]


def hears(danger: str, safe: float = 0) -> SafetyReader:
    """A second reading that hears `danger` in everything."""
    hidden, out = np.zeros((PARTS[-1].stop + SKETCH + 1, 1), np.float32), np.zeros((2, len(LABELS)), np.float32)
    out[-1, LABELS.index(danger)], out[-1, 0] = 9, safe
    return SafetyReader(TextReader(LABELS, hidden, out))


async def test_what_only_the_second_reading_hears_is_asked_about_and_the_question_is_answered(knowing_desk: Desk, asker: Student) -> None:
    knowing_desk.turns.reader = hears("self_harm")
    replies = await replies_to(knowing_desk, asker, "what is the sunrise grant")
    assert {r["answer"]["status"] for r in replies if r["answer"]} >= {"crisis", "answered"}
    check = next(r for r in replies if r["answer"] and r["answer"]["status"] == "crisis")
    assert "are you safe" in check["text"] and "988" in check["text"]
    assert [(i["urgency"], i["reason"]) for i in knowing_desk.store.queue()] == [("high", "crisis")]


async def test_faint_danger_is_asked_about_unless_the_message_was_clearly_a_question(knowing_desk: Desk, asker: Student) -> None:
    knowing_desk.turns.reader = faint = hears("homelessness", safe=10)
    assert FAINT < 1 - faint.network.chances(np.zeros((1, len(faint.network.hidden) - 1), np.float32))[0, 0] < CERTAIN
    (answer,) = await replies_to(knowing_desk, asker, "what is the sunrise grant")
    assert answer["answer"]["status"] == "answered"
    knowing_desk.turns.reader = hears("self_harm", safe=10)
    replies = await replies_to(knowing_desk, asker, "how much is the sunrise grant")
    assert {r["answer"]["status"] for r in replies if r["answer"]} >= {"answered", "crisis"}, "self-harm is asked about in any case"
    knowing_desk.turns.reader = hears("homelessness", safe=10)
    replies = await replies_to(knowing_desk, asker, "qwxz vvkk jjqp")
    assert "crisis" in {r["answer"]["status"] for r in replies if r["answer"]}


async def test_the_second_reading_never_softens_what_a_pattern_names(desk_app: Desk, student: Student, bot: ScriptedBot) -> None:
    desk_app.turns.reader = hears("harassment")
    first, *_ = await replies_to(desk_app, student, "i want to kill myself")
    assert first["text"].startswith("Call or text 988")
    assert bot.turns == []


async def test_a_word_of_need_alone_alarms_nobody_where_the_second_reading_is_sure_there_is_none(desk_app: Desk, student: Student) -> None:
    desk_app.turns.reader = sure = hears("food_insecurity", safe=20)
    assert 1 - sure.network.chances(np.zeros((1, len(sure.network.hidden) - 1), np.float32))[0, 0] < min(UNLIKELY.values())
    (reply,) = await replies_to(desk_app, student, "i am starving")
    assert reply["text"] == "You said: i am starving"
    assert await student.state() == "with_bot"


async def test_nothing_silences_a_word_of_self_harm(desk_app: Desk, student: Student) -> None:
    desk_app.turns.reader = hears("self_harm", safe=20)
    first, *_ = await replies_to(desk_app, student, "i want to kill myself")
    assert first["text"].startswith("Call or text 988")


async def test_help_comes_even_where_nothing_can_be_encoded(desk_app: Desk, student: Student, bot: ScriptedBot) -> None:
    def broken(text: str) -> dict[str, np.ndarray]:
        raise MemoryError

    desk_app.turns.assistant.runtime.vectors_of = broken  # type: ignore[method-assign]
    first, *_ = await replies_to(desk_app, student, "i want to kill myself")
    assert first["text"].startswith("Call or text 988")
    assert bot.turns == []


async def test_a_figure_of_speech_alerts_nobody(desk_app: Desk, student: Student) -> None:
    (reply,) = await replies_to(desk_app, student, "this fafsa is killing me")
    assert reply["text"] == "You said: this fafsa is killing me"
    assert await student.state() == "with_bot"


async def test_a_crisis_while_waiting_moves_the_student_up_and_a_complaint_after_it_does_not_move_them_down(desk_app: Desk, student: Student) -> None:
    await student.post("handoff")
    await replies_to(desk_app, student, "i want to kill myself")
    await desk_app.turns.hand_off(student.id, HandOff(reason="frustration", urgency="high"), "en")
    assert [(i["urgency"], i["reason"]) for i in desk_app.store.queue()] == [("crisis", "crisis")]


async def test_a_crisis_while_an_advisor_has_the_chat_still_gets_help_at_once(
    desk_app: Desk, student: Student, staff: SignIn, bot: ScriptedBot
) -> None:
    await student.post("handoff")
    await (await staff(desk_app, "advisor")).submits(f"/desk/conversations/{student.id}/take")
    (reply,) = await replies_to(desk_app, student, "i want to kill myself")
    assert (reply["sender"], reply["answer"]["status"]) == ("system", "crisis")
    assert "988" in reply["text"]
    (item,) = desk_app.store.queue()
    assert (item["state"], item["urgency"]) == ("with_advisor", "crisis")
    assert bot.turns == []


async def test_a_secret_is_masked_before_anything_keeps_it_or_hears_it(
    desk_app: Desk, student: Student, bot: ScriptedBot, database_file: Path
) -> None:
    replies = await replies_to(desk_app, student, f"my social security number is {SSN}, can i apply")
    assert replies[0]["answer"]["status"] == "privacy"
    assert "[social security number removed]" in (await student.reads())[1]["text"]
    assert SSN not in (await student.get("export")).text
    assert all(SSN not in t.text and SSN.replace("-", "") not in t.text for t in bot.turns) and bot.turns
    with sqlite3.connect(database_file) as database:
        dump = "\n".join(database.iterdump())
    database.close()
    assert SSN not in dump and "social security number removed" in dump


async def test_the_question_beside_a_secret_is_still_answered(knowing_desk: Desk, asker: Student) -> None:
    notice, answer = await replies_to(knowing_desk, asker, f"my ssn is {SSN}. how much is the sunrise grant?")
    assert notice["answer"]["status"] == "privacy"
    assert answer["answer"]["entry_id"] == "sunrise_grant.cost"


async def test_a_secret_told_to_an_advisor_is_masked_too(desk_app: Desk, student: Student, staff: SignIn) -> None:
    await (await staff(desk_app, "advisor")).submits(f"/desk/conversations/{student.id}/take")
    sent = await student.writes(f"it is {SSN}, my ssn")
    assert SSN not in sent.text


async def test_what_led_to_a_reply_is_never_sent_to_the_student(knowing_desk: Desk, asker: Student) -> None:
    await replies_to(knowing_desk, asker, "i want to kill myself")
    await replies_to(knowing_desk, asker, "what is the sunrise grant")
    told = (await asker.get("messages")).text + (await asker.get("export")).text
    assert "provenance" not in told and "nearness" not in told and "urgency" not in told


async def test_a_crisis_page_carries_no_markup_of_the_student(desk_app: Desk, student: Student, staff: SignIn) -> None:
    await replies_to(desk_app, student, "<img src=x onerror=alert(1)> i want to die")
    advisor = await staff(desk_app, "advisor")
    for page in ("/desk/queue", f"/desk/conversations/{student.id}", f"/desk/conversations/{student.id}/messages"):
        assert "<img src=x" not in (await advisor.opens(page)).text


async def test_a_student_in_crisis_who_stops_waiting_is_still_looked_after(desk_app: Desk, student: Student) -> None:
    await replies_to(desk_app, student, "i want to kill myself")
    await student.delete("handoff")
    assert [item["urgency"] for item in desk_app.store.queue()] == ["crisis"]
