"""language.privacy: what is masked, what is left alone, and three laws that hold for any text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn

from language.privacy import mask

SECRETS = [
    ("my ssn is 078051120", "ssn", "078051120"),
    ("078-05-1120", "ssn", "1120"),
    ("mi seguro social es 000 00 0000 ayuda", "ssn", "0000"),
    ("078051120 is my social, is that ok", "ssn", "078051120"),
    ("the last four of my social are 1120", "ssn", "1120"),
    ("mi itin es 912-70-1234", "itin", "912"),
    ("pay with 4111 1111 1111 1111 exp 01/30 cvv 000", "card", "4111"),
    ("pay with 4111 1111 1111 1111 exp 01/30 cvv 000", "card", "01/30"),
    ("pay with 4111 1111 1111 1111 exp 01/30 cvv 000", "cvv", "000"),
    ("amex 378282246310005", "card", "3782"),
    ("my passport number is C12345678", "passport", "C12345678"),
    ("mi pasaporte: G1234567", "passport", "G1234567"),
    ("my A-number is A123-456-789", "alien_number", "456"),
    ("a123456789", "alien_number", "123456789"),
    ("my FSA ID is testuser01 and my password is Hunter2!Test, log in", "password", "testuser01"),
    ("my FSA ID is testuser01 and my password is Hunter2!Test, log in", "password", "Hunter2"),
    ("my password is sunshine", "password", "sunshine"),
    ("contraseña: Gatito99", "password", "Gatito99"),
    ("mi nip es 4821", "password", "4821"),
    ("routing number 125000024", "bank", "125000024"),
    ("mi número de cuenta: 004512345678, cuenta 004512345678", "bank", "004512345678"),
    ("call me at (509) 555-0117", "phone", "0117"),
    ("mi celular es 5095550117", "phone", "5095550117"),
    ("text me 555-0117", "phone", "0117"),
    ("write to ana.lopez+uw@example.org please", "email", "ana.lopez"),
    ("I live at 1234 5th Ave NE apt 4", "address", "1234"),
    ("our place is 123 Maple Drive", "address", "Maple"),
    ("I was born on March 5, 2009", "birth_date", "2009"),
    ("nací el 5 de marzo de 2009", "birth_date", "marzo"),
    ("dob 03/05/2009", "birth_date", "03/05"),
]

ORDINARY = [
    "the award is $7,395 for 2026-27, or 12000 dollars",
    "my GPA is 3.85 and I take ENGL 101 and MATH 1410 for 15 credits at 1.0 FTE",
    "do I need form 1040, the W-2 and the 1098-T?",
    "school code 003798, zip 98101-1234",
    "deadline 06/30/2027, vence el 30 de junio de 2027",
    "call 988 or text 741741, dial 911 or 211",
    "my password is not working, can you reset it",
    "mi contraseña es incorrecta",
    "is it safe to give my social security number?",
    "I forgot my FSA ID and my pin is lost",
    "Passport to Careers gives help in 2026",
    "I took 3 classes on the way to 15 credits",
    "I was born in 2008 in Yakima",
    "3 of 10 students got 85% or 90 points on 11/23",
    "my bank account has 1500 dollars in 2025-26",
]


@pytest.mark.parametrize(("text", "kind", "secret"), SECRETS)
def test_a_secret_is_removed_and_named(text: str, kind: str, secret: str) -> None:
    masked = mask(text)
    assert kind in masked.found
    assert secret not in masked.text
    assert "removed]" in masked.text


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_figures_stay_as_they_are(text: str) -> None:
    assert mask(text) == type(mask(text))(text, ())


def test_words_around_a_secret_stay() -> None:
    assert mask("my ssn is 078-05-1120, when is FAFSA due?").text == "my ssn is [social security number removed], when is FAFSA due?"


def test_public_numbers_and_addresses_may_stay() -> None:
    text = "is 888-535-0747 or info@wsac.wa.gov right?"
    assert mask(text, public=("(888) 535-0747", "INFO@wsac.wa.gov")).text == text
    assert mask(text).found == ("phone", "email")


PIECES = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"\d{1,17}", fullmatch=True),
    st.sampled_from(
        [s for s, _, _ in SECRETS]
        + ["ssn ", "password is ", "card ", "[password removed]", "[card number removed]", "account ", "pin ", "born ", "vence 01/30"]
    ),
)


@given(st.lists(PIECES, max_size=6).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text)
    assert mask(once.text) == type(once)(once.text, ())


@given(
    st.from_regex(r"\d{3}-\d{2}-\d{4}", fullmatch=True),
    st.sampled_from(["", "hi ", "ssn:", "my number is "]),
    st.sampled_from(["", " ok?", ", thanks"]),
)
@settings(max_examples=100, deadline=None)
def test_no_social_security_number_survives(number: str, before: str, after: str) -> None:
    assert number not in mask(before + number + after).text


@given(st.from_regex(r"[3-6][0-9]{14}", fullmatch=True), st.sampled_from(["", " ", "-"]), st.sampled_from(["", "card ", "use it: "]))
@settings(max_examples=100, deadline=None)
def test_no_valid_card_number_survives(stem: str, separator: str, before: str) -> None:
    number = stem + luhn.calc_check_digit(stem)
    if len(set(number)) > 1:
        masked = mask(before + separator.join(re.findall("....", number)))
        assert number[-6:] not in re.sub(r"\D", "", masked.text)


@given(st.text(alphabet=st.characters(blacklist_categories=("Nd", "Nl", "No"), blacklist_characters="@")))
@settings(max_examples=200, deadline=None)
def test_text_without_figures_signs_or_secret_words_is_unchanged(text: str) -> None:
    if not re.search(r"pass|pwd|contrase|clave|pin|nip|fsa|user|usuario|login", text, re.IGNORECASE):
        assert mask(text).text == text


def test_ten_thousand_characters_are_masked_quickly() -> None:
    for text in ("1 " * 5000, "9" * 10000, "password " * 1100, "123 a " * 1600, "a@" * 5000, "account # " * 1000):
        mask(text[:10000])
