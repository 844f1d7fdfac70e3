"""knowledge.follow_up: which messages lean on the topic being talked about."""

from __future__ import annotations

import pytest

from knowledge.follow_up import leans_on_topic
from knowledge.matcher import Match


def alone(certainty: float = 0.3, *named: str) -> Match:
    return Match("", (), (("sunrise_grant", certainty),), 0.5, "", named)


@pytest.mark.parametrize(
    "text",
    [
        "how much is it?",
        "and when is it due",
        "what about the deadline",
        "deadline?",
        "do they pay me back",
        "¿y cuánto cuesta?",
        "qué tal los requisitos",
        "cuánto es eso",
    ],
)
def test_a_pointing_opening_or_short_message_leans(text: str) -> None:
    assert leans_on_topic(text, alone(0.9), "trail_start")


def test_a_message_that_names_another_topic_never_leans() -> None:
    assert not leans_on_topic("and how much is the sunrise grant?", alone(0.3, "sunrise_grant"), "trail_start")


def test_a_message_that_names_the_same_topic_stands_alone() -> None:
    assert not leans_on_topic("and how much is trail start?", alone(0.3, "trail_start"), "trail_start")


def test_a_middling_message_leans_only_when_it_means_nothing_alone() -> None:
    text = "which papers do i need to have ready"
    assert leans_on_topic(text, alone(0.3), "trail_start")
    assert not leans_on_topic(text, alone(0.8), "trail_start")


def test_a_long_message_stands_alone() -> None:
    assert not leans_on_topic("and it " + "word " * 30, alone(), "trail_start")
