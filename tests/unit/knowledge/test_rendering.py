"""knowledge.rendering: facts in words, expiry, passages, and sentences that fall away."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.rendering import bare_fact_names, fact_names, is_current, render, state
from knowledge.schema import Fact, Language

TODAY = dt.date(2026, 11, 23)
LAST_DAY = dt.date(2027, 6, 30)


def fact(name: str, kind: str, value: Any, valid_until: dt.date | None = None) -> Fact:
    until = valid_until or (LAST_DAY if kind == "date" else None)
    return Fact.model_validate(
        {"id": name, "type": kind, "value": value, "about": "x", "as_of": "2026", "valid_until": until, "source": "s", "checked_on": "2026-11-01"}
    )


FACTS = {
    f.id: f
    for f in (
        fact("award", "amount", 7395, LAST_DAY),
        fact("last_day", "date", "2027-06-30"),
        fact("phone", "phone", "555-0100"),
        fact("old", "amount", 100, dt.date(2026, 6, 30)),
    )
}


@pytest.mark.parametrize(
    ("kind", "value", "english", "spanish"),
    [
        ("amount", 7395, "$7,395", "$7,395"),
        ("amount", 102.5, "$102.50", "$102.50"),
        ("percent", 65, "65%", "65%"),
        ("number", 12000, "12,000", "12,000"),
        ("date", "2027-06-30", "June 30, 2027", "30 de junio de 2027"),
        ("phone", "555-0100", "555-0100", "555-0100"),
        ("link", "https://a.example.org", "https://a.example.org", "https://a.example.org"),
        ("text", {"en": "most families", "es": "la mayoría"}, "most families", "la mayoría"),
    ],
)
def test_a_fact_is_written_the_way_the_language_writes_it(kind: str, value: Any, english: str, spanish: str) -> None:
    made = fact("f", kind, value)
    assert (state(made, "en"), state(made, "es")) == (english, spanish)


def test_facts_are_filled_in_and_reported() -> None:
    made = render("Up to {award}. Call {phone}.", FACTS, "en", TODAY)
    assert made.text == "Up to $7,395. Call 555-0100."
    assert made.facts == ("award", "phone")
    assert made.withheld == ()


def test_a_fact_is_current_through_its_last_day_and_not_a_day_longer() -> None:
    assert is_current(FACTS["award"], LAST_DAY)
    assert not is_current(FACTS["award"], LAST_DAY + dt.timedelta(days=1))
    assert is_current(FACTS["phone"], dt.date(2099, 1, 1))
    assert not is_current(None, TODAY)


@pytest.mark.parametrize(("language", "instead"), [("en", "Ask your school."), ("es", "Pregunta en tu escuela.")])
def test_an_expired_passage_gives_way_to_what_to_say_instead(language: Language, instead: str) -> None:
    template = f"It helps. [[You get {{award}}.|{instead}]]"
    assert "$7,395" in render(template, FACTS, language, LAST_DAY).text
    late = render(template, FACTS, language, LAST_DAY + dt.timedelta(days=1))
    assert late.text == f"It helps. {instead}"
    assert late.withheld == ("award",)
    assert late.facts == ()


def test_a_passage_without_an_instead_leaves_nothing_behind() -> None:
    made = render("It helps. [[You get {old} a year.]] Apply soon.", FACTS, "en", TODAY)
    assert made.text == "It helps. Apply soon."


def test_a_passage_with_one_expired_fact_of_two_falls_away_whole() -> None:
    made = render("[[From {old} to {award}.|It varies.]]", FACTS, "en", TODAY)
    assert (made.text, made.facts, made.withheld) == ("It varies.", (), ("old",))


def test_an_expired_fact_outside_a_passage_takes_its_sentence_with_it() -> None:
    made = render("It is free money. You get {old} each year! Call {phone}.", FACTS, "en", TODAY)
    assert made.text == "It is free money. Call 555-0100."
    assert made.withheld == ("old",)


def test_a_line_of_a_list_falls_away_alone() -> None:
    made = render("You get:\n- {old} for books\n- {award} for classes\n", FACTS, "en", TODAY)
    assert made.text == "You get:\n- $7,395 for classes"


def test_an_unknown_fact_is_never_shown_as_braces() -> None:
    made = render("Good to know. It is {no_such_fact}.", FACTS, "en", TODAY)
    assert (made.text, made.withheld) == ("Good to know.", ("no_such_fact",))


def test_a_point_inside_a_number_or_address_does_not_end_a_sentence() -> None:
    made = render("See www.old.example.org for {old} dollars. The rest stays.", FACTS, "en", TODAY)
    assert made.text == "The rest stays."


def test_names_are_listed_once_in_order_and_bare_ones_apart() -> None:
    template = "{b} and {a}, {b}. [[{c}|x]]"
    assert fact_names(template) == ["b", "a", "c"]
    assert bare_fact_names(template) == ["b", "a"]


PIECES = st.lists(
    st.one_of(st.text(max_size=20), st.sampled_from(["{old}", "{award}", "{nobody}", "[[", "]]", "|", "[[{old}|later]]", ". ", "\n", "{", "}"])),
    max_size=12,
)


@given(PIECES.map("".join))
def test_no_template_makes_an_expired_figure_appear_or_raises(template: str) -> None:
    made = render(template.replace("$100", ""), FACTS, "en", TODAY)
    assert "$100" not in made.text.replace("$100,", "")
    assert "old" not in made.facts
    assert not {"{old}", "{nobody}"} & {f"{{{n}}}" for n in fact_names(made.text)}
