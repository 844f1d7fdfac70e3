"""What an advisor reads before the first word comes from the messages alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from desk.conversations.model import Conversation, Message, Sender
from desk.conversations.states import State
from desk.pages.summary import Summary, summarise
from knowledge.snapshot import Snapshot

AT = dt.datetime(2026, 11, 23, 18, tzinfo=dt.UTC)


def conversation(**memory: Any) -> Conversation:
    return Conversation("c", State.WAITING, "en", None, 9, memory, AT, AT)


def said(sender: Sender, text: str, **answer: Any) -> Message:
    return Message("c", 1, None, sender, text, "en", AT, answer=answer or None)


def of(snapshot: Snapshot, *messages: Message, hand_off: dict[str, Any] | None = None, **memory: Any) -> Summary:
    return summarise(conversation(**memory), messages, hand_off, snapshot)


def test_an_answer_counts_once_under_the_editors_question(tiny_snapshot: Snapshot) -> None:
    asked = said("student", "sunrise?")
    answered = said("bot", "…", status="answered", entry_id="sunrise_grant.cost", topic="sunrise_grant")
    found = of(tiny_snapshot, asked, answered, asked, answered)
    assert found.answered == ["How much is the Sunrise Grant?"]
    assert found.failed == []


def test_an_answer_without_an_entry_counts_under_its_topic_or_the_students_words(tiny_snapshot: Snapshot) -> None:
    asked = said("student", "programs near yakima")
    checklist, pathway = said("bot", "…", status="checklist", topic="trail_start"), said("bot", "…", status="pathway")
    assert of(tiny_snapshot, asked, checklist, pathway).answered == ["Trail Start", "programs near yakima"]


def test_what_failed_is_told_in_the_students_words(tiny_snapshot: Snapshot) -> None:
    found = of(
        tiny_snapshot,
        said("student", "pizza?"),
        said("bot", "…", status="out_of_scope"),
        said("student", "my aid?"),
        said("bot", "…", status="clarify"),
    )
    assert (found.failed, found.clarified, found.last_asked) == (["pizza?"], 1, "my aid?")


def test_a_greeting_and_small_talk_say_nothing(tiny_snapshot: Snapshot) -> None:
    found = of(tiny_snapshot, said("bot", "Hi!"), said("student", "hi"), said("bot", "Hello", status="small_talk"))
    assert (found.answered, found.failed, found.told) == ([], [], [])


def test_reason_urgency_and_what_the_student_told_are_passed_on(tiny_snapshot: Snapshot) -> None:
    found = of(tiny_snapshot, hand_off={"reason": "asked", "urgency": "high", "asked_at": AT, "owner": None}, facts={"county": "Yakima", "grade": 11})
    assert (found.reason, found.urgency, found.asked_at) == ("asked", "high", AT)
    assert found.told == [("county", "Yakima"), ("grade", "11")]
