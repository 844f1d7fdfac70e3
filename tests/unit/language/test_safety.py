"""language.safety: who is told of a danger, who is not, measured on cases kept in tests/data/safety_cases.csv."""

from __future__ import annotations

import csv
import time
from functools import cache
from pathlib import Path

import pytest

from language.safety import Finding, detect

CASES = Path(__file__).parents[2] / "data" / "safety_cases.csv"
SPLITS = ("dev", "held_out")


@cache
def cases() -> tuple[dict[str, str], ...]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def of(split: str, dangerous: bool, language: str = "") -> list[str]:
    return [c["text"] for c in cases() if c["split"] == split and bool(c["category"]) == dangerous and language in ("", c["language"])]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("split", SPLITS)
def test_nearly_every_person_in_danger_is_heard(split: str, language: str) -> None:
    texts = of(split, dangerous=True, language=language)
    missed = [text for text in texts if detect(text) is None]
    assert len(missed) <= 0.02 * len(texts), missed


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("split", SPLITS)
def test_figures_of_speech_and_ordinary_questions_seldom_raise_an_alarm(split: str, language: str) -> None:
    texts = of(split, dangerous=False, language=language)
    alarms = [(text, detect(text)) for text in texts if detect(text)]
    assert len(alarms) <= 0.02 * len(texts), alarms


def test_the_cases_are_many_and_in_both_languages() -> None:
    for dangerous, wanted in ((True, 350), (False, 350)):
        found = [c for c in cases() if bool(c["category"]) == dangerous]
        assert len(found) >= wanted
        assert sum(c["language"] == "es" for c in found) >= 120


def test_the_right_help_is_chosen_nearly_always() -> None:
    found = [(c["category"], finding.category) for c in cases() if c["category"] and (finding := detect(c["text"]))]
    wrong = [pair for pair in found if pair[0] != pair[1]]
    assert len(wrong) <= 0.03 * len(found), wrong


@pytest.mark.parametrize(
    "text",
    ["i want to k!ll myself", "su1cidal", "i want to dieeeee", "KILL MYSELF", "i want to kil my self", "me quiero su i c i d a r, quiero morirme",
     "i w a n t t o d i e", "sui\u200bcidal", "s.u.i.c.i.d.e is on my mind", "i’m going to kill myself", "kms", "QUIERO MORÍR"],
)  # fmt: skip
def test_disguised_and_misspelt_words_are_still_read(text: str) -> None:
    finding = detect(text)
    assert finding is not None
    assert finding.category == "self_harm"


def test_danger_is_seen_inside_a_story_with_an_ordinary_question() -> None:
    story = "Hi! I am a junior in Yakima and I love welding. My dad hits me when he drinks. Anyway, when is the FAFSA due?"
    assert detect(story) == Finding("abuse_home", "now", "dad hits me")


def test_a_figure_of_speech_does_not_hide_a_true_cry_beside_it() -> None:
    assert detect("this fafsa is killing me") is None
    finding = detect("this fafsa is killing me and i want to kill myself")
    assert finding is not None
    assert finding.category == "self_harm"


@pytest.mark.parametrize(
    ("text", "category", "urgency"),
    [
        ("i want to die", "self_harm", "now"),
        ("voy a matar a mi maestro", "threat", "now"),
        ("my stepdad hits me", "abuse_home", "now"),
        ("me hacen bullying", "harassment", "soon"),
        ("no tengo que comer", "food_insecurity", "soon"),
        ("im sleeping in my car", "homelessness", "soon"),
        ("i am homeless and i want to die", "self_harm", "now"),
    ],
)
def test_the_most_pressing_danger_decides_how_soon_help_comes(text: str, category: str, urgency: str) -> None:
    finding = detect(text)
    assert finding is not None
    assert (finding.category, finding.urgency) == (category, urgency)


@pytest.mark.parametrize("text", ["", " ", "?!", "\n\n", "123", "a", "ñ", "🙂", "\u200b"])
def test_nothing_said_is_nothing_found(text: str) -> None:
    assert detect(text) is None


def test_an_ordinary_message_is_read_in_about_a_millisecond() -> None:
    texts = [c["text"] for c in cases()]
    detect("warm up")
    start = time.perf_counter()
    for text in texts:
        detect(text)
    assert (time.perf_counter() - start) / len(texts) < 0.005  # seconds; generous for a busy machine


@pytest.mark.parametrize(
    "text", ["i " * 5000, "i want to be " * 800, "a." * 5000, "a" * 10000, "a b " * 2500, "my mom dad he i me " * 550, "!@$" * 3300]
)
def test_ten_thousand_characters_never_stall_it(text: str) -> None:
    start = time.perf_counter()
    detect(text[:10000])
    assert time.perf_counter() - start < 2
