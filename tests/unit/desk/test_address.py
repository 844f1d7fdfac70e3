"""E-mail addresses: read strictly, found in a sentence, shown half."""

from __future__ import annotations

import pytest

from desk.advising.address import address_in, meant, read_address, shown
from desk.errors import Invalid


@pytest.mark.parametrize("raw", ["maya@example.org", " Maya.Lopez+school@k12.wa.us ", "m_1@a-b.example.com"])
def test_an_address_is_read_in_lower_case(raw: str) -> None:
    assert read_address(raw) == raw.strip().lower()


@pytest.mark.parametrize(
    "raw",
    ["", "maya", "@example.org", "maya@example", "maya@-example.org", "ma ya@example.org", "maya@example.org, all@example.org", "maya..l@example.org",
     "maya@example.org\r\nBcc: x@example.org", ".maya@example.org", "maya@exa_mple.org", f"{'m' * 250}@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused_in_plain_words(raw: str) -> None:
    with pytest.raises(Invalid, match=r"It looks like name@example\.org"):
        read_address(raw)


def test_one_address_in_a_sentence_is_found_and_two_are_not_guessed_between() -> None:
    assert address_in("write me at Maya@example.org.") == "maya@example.org"
    assert address_in("maya@example.org or maya@example.org") == "maya@example.org"
    assert address_in("maya@example.org or leo@example.org") is None
    assert address_in("no address here") is None


def test_an_address_is_shown_so_that_only_its_owner_knows_it() -> None:
    assert shown("maya.lopez@example.org") == "m…@example.org"


@pytest.mark.parametrize(
    ("written", "right"),
    [("gmial.com", "gmail.com"), ("gmai.com", "gmail.com"), ("gmail.con", "gmail.com"), ("gnail.co", "gmail.com"), ("yaho.com", "yahoo.com"),
     ("hotmial.con", "hotmail.com"), ("outlok.com", "outlook.com"), ("iclod.com", "icloud.com"), ("example.ogr", "example.org"), ("uw.eud", "uw.edu")],
)  # fmt: skip
def test_a_mistyped_place_is_asked_about(written: str, right: str) -> None:
    assert meant(f"maya@{written}") == f"maya@{right}"


@pytest.mark.parametrize(
    "place",
    ["gmail.com", "mail.com", "ymail.com", "email.com", "yahoo.es", "yahoo.com.mx", "hotmail.es", "live.com.mx", "me.com", "uw.edu", "example.org",
     "k12.wa.us", "student.seattlecolleges.edu", "msn.com", "mit.edu", "wsu.edu", "proton.me"],
)  # fmt: skip
def test_what_is_right_is_not_asked_about(place: str) -> None:
    assert meant(f"maya@{place}") is None
