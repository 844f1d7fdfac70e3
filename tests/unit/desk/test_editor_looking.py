"""desk.editor.looking and desk.editor.preview: what speaks about a text while it is written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from desk.editor.forms import Flat, flat_of
from desk.editor.looking import Look, look
from knowledge.index import Index
from knowledge.kinds import KINDS
from knowledge.matcher import Calibration, Matcher
from knowledge.snapshot import Snapshot
from knowledge.store import body_of
from language.encoder import HashingEncoder

TODAY = dt.date(2026, 11, 23)
ENCODER = HashingEncoder()
KEY = "sunrise_grant.cost"


@pytest.fixture(scope="module")
def current(tiny_snapshot: Snapshot, steady_limits: Calibration) -> tuple[Snapshot, Matcher]:
    return tiny_snapshot, Matcher(Index.build(tiny_snapshot, ENCODER.encode), ENCODER, steady_limits)


def seen(current: tuple[Snapshot, Matcher], kind: str = "entry", key: str = KEY, **changes: str) -> Look:
    document = current[0].documents[kind][key]
    flat: Flat = flat_of(KINDS[kind], body_of(document))
    return look(KINDS[kind], key, {**flat, **changes}, flat, current, ENCODER.encode, TODAY)


def test_a_published_entry_has_nothing_against_it_and_its_facts_are_told(current: tuple[Snapshot, Matcher]) -> None:
    made = seen(current)
    assert (made.faults, made.spanish, made.alike, made.unknown_facts) == ([], "", [], [])
    assert [(f.key, f.value, f.current) for f in made.facts] == [("sunrise_amount", made.facts[0].value, True)]
    assert made.facts[0].value.startswith("$")


def test_words_and_grade_are_counted_as_students_read_them(current: tuple[Snapshot, Matcher]) -> None:
    (english, spanish) = seen(current, **{"answer.en": "You get {sunrise_amount}. It is yours.", "answer.es": "Es tuyo."}).readings
    assert (english.words, english.language, english.hardest, spanish.words) == (6, "en", "", 2)
    long = seen(current, **{"answer.en": "word " * 91}).readings[0]
    assert (long.words, long.most_words, long.too_long) == (91, 90, True)


def test_spanish_that_is_missing_or_older_is_told(current: tuple[Snapshot, Matcher]) -> None:
    assert seen(current, **{"answer.es": ""}).spanish == "Spanish is missing."
    assert "of 2026-11-01" in seen(current, **{"written.en": "2026-11-20"}).spanish


def test_a_new_way_of_asking_that_is_nearly_another_s_is_told_and_an_own_one_is_not(current: tuple[Snapshot, Matcher]) -> None:
    assert [(a.phrasing, a.target) for a in seen(current, **{"phrasings.en": "is trail start free\nhow big is sunrise"}).alike] == [
        ("is trail start free", "trail_start.cost")
    ]
    assert seen(current, **{"phrasings.en": "how much is the sunrise grant"}).alike == []


@pytest.mark.parametrize(("kind", "key"), [("entry", KEY), ("checklist", "sunrise_steps"), ("refusal", "homework"), ("wording", "greeting")])
def test_the_message_is_what_the_student_api_sends(current: tuple[Snapshot, Matcher], kind: str, key: str) -> None:
    messages: dict[str, Any] = dict(seen(current, kind, key).messages)
    assert set(messages) == {"en", "es"}
    for language, message in messages.items():
        assert (message["sender"], message["language"]) == ("bot", language)
        assert message["text"] and "{" not in message["text"]
    assert seen(current, "topic", "sunrise_grant").messages == {}


def test_a_half_written_answer_is_previewed_all_the_same(current: tuple[Snapshot, Matcher]) -> None:
    made = seen(current, **{"answer.en": "Only this.", "answer.es": ""})
    assert (made.messages["en"]["text"], made.messages["es"]["text"]) == ("Only this.", "")
    assert [f.field for f in made.faults] == ["answer.es"]
