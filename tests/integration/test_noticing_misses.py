"""Every way a question can be missed comes into the inbox, once, with the question and not the button."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from desk.app import _read_misses
from desk.bot_client import BotTurn, Turn
from desk.learning.model import Miss
from desk.learning.ranking import ranked_groups, shipped_harms
from desk.tables import ConversationRow, MessageRow
from desk.wiring import Desk
from knowledge.replies import Answer, AnswerStatus, Choice, HandOff, Reply
from tests.integration.conftest import Browser, SignIn, Wire
from tests.integration.fakes import ScriptedBot, SetClock
from tests.integration.people import Student

LOST = "wobblewick dough for books"


async def says(desk: Desk, student: Student, text: str) -> int:
    sent = await student.writes(text)
    await desk.turns.drain()
    return int(sent.json()["message"]["seq"])


def scripted(*turns: tuple[AnswerStatus, dict[str, object], HandOff | None]) -> ScriptedBot:
    """A bot that goes through these turns, whatever is asked."""
    left = list(turns)

    def answer(turn: Turn) -> BotTurn:
        status, memory, hand_off = left.pop(0)
        shown = Answer(status=status, entry_id="sunrise_grant.cost" if status is AnswerStatus.ANSWERED else None)
        choices = [Choice(id="none", label="None of these")]
        return BotTurn([Reply(text="…", language=turn.language, choices=choices, answer=shown, handoff=hand_off)], memory)

    return ScriptedBot(answer)


async def test_a_question_without_an_answer_is_kept_with_what_it_is_near_to(knowing_desk: Desk, asker: Student) -> None:
    seq = await says(knowing_desk, asker, LOST)
    (miss,) = knowing_desk.learning.misses.open()
    assert (miss.seq, miss.why, miss.text, miss.conversation_id) == (seq, "not_covered", LOST, asker.id)
    assert knowing_desk.learning.learner.catch_up(1) == 1, "it is read beside the turns"
    (miss,) = knowing_desk.learning.misses.open()
    assert miss.nearest and miss.topic and miss.vector is not None and len(miss.vector) == 896


async def test_misses_are_read_while_no_student_waits(wired: Wire, browser: Browser) -> None:
    bot = scripted((AnswerStatus.NOT_COVERED, {}, None), (AnswerStatus.NOT_COVERED, {}, None))
    desk = wired(bot)
    student = await Student.arrives(browser(desk))
    await says(desk, student, LOST)
    bot.opens = asyncio.Event()
    await student.writes("and one more that the bot thinks about")
    await _read_misses(desk)
    assert [miss.topic for miss in desk.learning.misses.open()] == [None], "a student waits"
    bot.opens.set()
    await desk.turns.drain()
    await _read_misses(desk)
    assert all(miss.topic for miss in desk.learning.misses.open())


async def test_a_question_answered_is_no_miss(knowing_desk: Desk, asker: Student) -> None:
    await says(knowing_desk, asker, "what is the sunrise grant")
    assert knowing_desk.learning.misses.open() == []


async def test_none_of_these_keeps_the_question_and_not_the_button(wired: Wire, browser: Browser) -> None:
    offered = {"offered": ["sunrise_grant.cost"]}
    declined = {"declined": ["sunrise_grant.cost"], "offered": ["sunrise_grant.deadline"], "misses": 1}
    desk = wired(scripted((AnswerStatus.CLARIFY, offered, None), (AnswerStatus.CLARIFY, declined, None)))
    student = await Student.arrives(browser(desk))
    seq = await says(desk, student, LOST)
    await student.presses("none")
    await desk.turns.drain()
    (miss,) = desk.learning.misses.open()
    assert (miss.seq, miss.why, miss.text) == (seq, "none_of_these", LOST)


async def test_a_question_missed_in_two_ways_is_one_miss_under_the_graver(wired: Wire, browser: Browser) -> None:
    called = HandOff(reason="misses")
    desk = wired(scripted((AnswerStatus.NOT_COVERED, {"misses": 1}, None), (AnswerStatus.HANDOFF, {"declined": ["sunrise_grant.cost"]}, called)))
    student = await Student.arrives(browser(desk))
    seq = await says(desk, student, LOST)
    await says(desk, student, "no, not that")
    assert [(m.seq, m.why, m.text) for m in desk.learning.misses.open()] == [(seq, "handed_off", LOST)]


OFFERED: tuple[AnswerStatus, dict[str, object], None] = (AnswerStatus.CLARIFY, {"offered": ["sunrise_grant.cost"]}, None)


async def test_asked_back_and_then_silent_is_a_miss_after_a_while_and_once(wired: Wire, browser: Browser, clock: SetClock) -> None:
    desk = wired(scripted(OFFERED))
    student = await Student.arrives(browser(desk))
    seq = await says(desk, student, LOST)
    clock.goes_on(minutes=29)
    assert desk.learning.learner.after_silence() == 0
    clock.goes_on(minutes=2)
    assert desk.learning.learner.after_silence() == 1
    assert desk.learning.learner.after_silence() == 0
    assert [(m.seq, m.why, m.text) for m in desk.learning.misses.open()] == [(seq, "abandoned", LOST)]


async def test_a_choice_made_late_is_no_miss_any_more(wired: Wire, browser: Browser, clock: SetClock) -> None:
    desk = wired(scripted(OFFERED, (AnswerStatus.ANSWERED, {}, None)))
    student = await Student.arrives(browser(desk))
    await says(desk, student, LOST)
    clock.goes_on(minutes=31)
    assert desk.learning.learner.after_silence() == 1
    await student.presses("none")
    await desk.turns.drain()
    assert desk.learning.misses.open() == []
    assert desk.learning.learner.after_silence() == 0


async def test_who_asked_on_or_was_asked_back_days_ago_has_abandoned_nothing(wired: Wire, browser: Browser, clock: SetClock) -> None:
    desk = wired(scripted(OFFERED, (AnswerStatus.ANSWERED, {}, None), OFFERED))
    student = await Student.arrives(browser(desk))
    await says(desk, student, LOST)
    await says(desk, student, "something else")
    clock.goes_on(minutes=31)
    assert desk.learning.learner.after_silence() == 0
    await says(desk, student, LOST)
    clock.goes_on(days=3)
    assert desk.learning.learner.after_silence() == 0


async def test_a_no_to_an_answer_is_a_miss_and_a_later_yes_takes_it_back(knowing_desk: Desk, asker: Student) -> None:
    seq = await says(knowing_desk, asker, "what is the sunrise grant")
    answer = (await asker.reads(after=seq))[0]["seq"]
    assert (await asker.post("feedback", {"seq": answer, "helpful": False})).status_code == 204
    (miss,) = knowing_desk.learning.misses.open()
    assert (miss.why, miss.seq, miss.entry_id) == ("not_helpful", seq, "sunrise_grant.what_is")
    await asker.post("feedback", {"seq": answer, "helpful": True})
    assert knowing_desk.learning.misses.open() == []


async def test_deleting_a_conversation_takes_its_misses_along(knowing_desk: Desk, asker: Student) -> None:
    await says(knowing_desk, asker, LOST)
    assert (await asker.delete()).status_code == 204
    assert knowing_desk.learning.misses.open() == []


async def test_the_same_question_of_two_students_is_one_group_in_both_spellings(knowing_desk: Desk, browser: Browser) -> None:
    for text in (LOST, "Wobblewick dough, for books?"):
        await says(knowing_desk, await Student.arrives(browser(knowing_desk)), text)
    snapshot, _ = knowing_desk.assistant.runtime.current()
    (group,) = ranked_groups(knowing_desk.learning.misses.open(), snapshot, shipped_harms())
    assert group.students == 2


async def test_the_inbox_is_searched_by_words(knowing_desk: Desk, asker: Student, staff: SignIn) -> None:
    await says(knowing_desk, asker, LOST)
    editor = await staff(knowing_desk, "editor", "/desk/misses")
    assert LOST in (await editor.opens("/desk/misses?q=DOUGH wobblewick")).text
    assert "Nothing that says this" in (await editor.opens("/desk/misses?q=dough zebra")).text


async def test_a_miss_of_an_older_version_is_read_when_somebody_looks(knowing_desk: Desk, asker: Student) -> None:
    await says(knowing_desk, asker, LOST)
    knowing_desk.learning.learner.catch_up()
    (before,) = knowing_desk.learning.misses.open()
    knowing_desk.learning.misses.keep_readings("an older encoder", [(before.id, None, None, before.vector)])  # type: ignore[list-item]
    assert knowing_desk.learning.learner.catch_up() == 1
    (after,) = knowing_desk.learning.misses.open()
    assert (after.topic, after.nearest) == (before.topic, before.nearest)
    assert knowing_desk.learning.learner.catch_up() == 0


@pytest.mark.parametrize(
    ("text", "outcome", "topic"),
    [("what is the sunrise grant", "answered", "sunrise_grant"), (LOST, "not_covered", None), ("talk to a person", "handoff", "talk_to_human")],
)
async def test_what_became_of_a_message_stands_beside_it(knowing_desk: Desk, asker: Student, text: str, outcome: str, topic: str | None) -> None:
    seq = await says(knowing_desk, asker, text)
    with knowing_desk.store.reading() as session:
        row = session.scalars(select(MessageRow).where(MessageRow.conversation_id == asker.id, MessageRow.seq == seq)).one()
        assert (row.outcome, row.topic) == (outcome, topic)


async def test_only_the_class_of_a_device_is_kept(knowing_desk: Desk, browser: Browser) -> None:
    http = browser(knowing_desk)
    http.headers["User-Agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148"
    student = await Student.arrives(http)
    with knowing_desk.store.reading() as session:
        row = session.get(ConversationRow, student.id)
        assert row is not None and row.device == "phone"


def test_a_miss_is_compared_without_its_vector() -> None:
    """Two readings of one row are equal; arrays would make that question ambiguous."""
    assert "vector" not in {name for name, field in Miss.__dataclass_fields__.items() if field.compare}
