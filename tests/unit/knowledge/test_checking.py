"""knowledge.checking: each rule finds what it is for, and the tiny content breaks none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge import checking, content_files
from knowledge.content_files import Content
from knowledge.errors import Fault

Change = Callable[[str, str, str], list[Fault]]


@pytest.fixture
def changed(tiny_folder: Path, today: dt.date) -> Change:
    """Replace words in a file and check the folder."""

    def change(name: str, old: str, new: str) -> list[Fault]:
        path = tiny_folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        content, faults = content_files.read(tiny_folder)
        assert faults == []
        return checking.check(content, today)

    return change


def only(faults: list[Fault], where: str, said: str) -> None:
    assert [f.where for f in faults] == [where], "\n".join(map(str, faults))
    assert said in faults[0].what
    assert faults[0].mend


SUNRISE, TRAIL, FACTS = "topics/sunrise_grant.yml", "topics/trail_start.yml", "facts/facts.yml"


def test_content_without_fault_has_none(tiny_content: Content, today: dt.date) -> None:
    assert checking.check(tiny_content, today) == []


def test_an_unknown_source(changed: Change) -> None:
    faults = changed(SUNRISE, "sources: [sunrise_site, mirror]", "sources: [sunrise_site, sunrize]")
    only(faults, f"{SUNRISE}:sunrise_grant.cost:sources", "unknown source 'sunrize'")


def test_an_unknown_source_of_a_fact(changed: Change) -> None:
    only(changed(FACTS, "source: trail_site", "source: trial_site"), f"{FACTS}:trail_gpa:source", "unknown source 'trial_site'")


def test_an_unknown_entry_to_see_also(changed: Change) -> None:
    faults = changed(SUNRISE, "see_also: [sunrise_grant.cost]", "see_also: [sunrise_grant.price]")
    only(faults, f"{SUNRISE}:sunrise_grant.what_is:see_also", "unknown entry")


def test_an_unknown_topic_of_a_checklist(changed: Change) -> None:
    faults = changed("checklists/sunrise_steps.yml", "topic: sunrise_grant", "topic: sunset_grant")
    only(faults, "checklists/sunrise_steps.yml:sunrise_steps:topic", "unknown topic")


def test_a_step_may_only_link_to_a_link(changed: Change) -> None:
    faults = changed("checklists/sunrise_steps.yml", "link: sunrise_link", "link: sunrise_phone")
    only(faults, "checklists/sunrise_steps.yml:sunrise_steps:steps.account.link", "unknown link fact")


def test_an_unknown_fact_in_both_languages(changed: Change) -> None:
    faults = changed(SUNRISE, "{sunrise_phone}", "{sunrise_fax}")
    assert {f.where for f in faults} == {f"{SUNRISE}:sunrise_grant.deadline:answer.{language}" for language in ("en", "es")}
    assert all("unknown fact {sunrise_fax}" in f.what for f in faults)


def test_languages_that_name_different_facts(changed: Change) -> None:
    faults = changed(SUNRISE, "Llama al {sunrise_phone} si te hace falta.", "Llama si te hace falta.")
    only(faults, f"{SUNRISE}:sunrise_grant.deadline:answer", "different facts (sunrise_phone)")


def test_an_open_brace(changed: Change) -> None:
    faults = changed(TRAIL, "The classes are free. You", "The {classes are free. You")
    only(faults, f"{TRAIL}:trail_start.cost:answer.en", "left open")


def test_a_web_address_in_a_text(changed: Change) -> None:
    faults = changed(TRAIL, "The classes are free. You", "See www.example.org now. You")
    only(faults, f"{TRAIL}:trail_start.cost:answer.en", "web address")


def test_a_dollar_amount_in_a_text(changed: Change) -> None:
    faults = changed(TRAIL, "The classes are free. You", "The books are $ 90 a term. You")
    only(faults, f"{TRAIL}:trail_start.cost:answer.en", "dollar amount")


def test_an_expiring_fact_outside_a_passage(changed: Change) -> None:
    faults = changed(SUNRISE, "[[The last day is {sunrise_last_day}.]]", "The last day is {sunrise_last_day}.")
    only(faults, f"{SUNRISE}:sunrise_grant.deadline:answer.en", "expires but stands outside")


def test_an_expired_fact_is_told_wherever_it_is_named(tiny_content: Content) -> None:
    faults = checking.check(tiny_content, dt.date(2027, 7, 1))
    places = {f.where for f in faults if "expired on 2027-06-30" in f.what}
    assert f"{SUNRISE}:sunrise_grant.cost:answer.es" in places
    assert "checklists/sunrise_steps.yml:sunrise_steps:steps.form.when.en" in places


def test_an_answer_that_says_nothing_without_its_figure(changed: Change) -> None:
    whole = "Apply as soon as you can. [[The last day is {sunrise_last_day}.]] Call {sunrise_phone} for help."
    faults = changed(SUNRISE, whole, '"[[{sunrise_last_day}]] {sunrise_phone}"')
    only(faults, f"{SUNRISE}:sunrise_grant.deadline:answer.en", "nothing is left to say")


def test_too_many_words(changed: Change) -> None:
    faults = changed(TRAIL, "The classes are free. You", "It is free. " * 35 + "You")
    only(faults, f"{TRAIL}:trail_start.cost:answer.en", "more than 90")


def test_prose_too_hard_to_read(changed: Change) -> None:
    hard = "Institutional determinations necessitate comprehensive documentation regarding extraordinary circumstances. You"
    faults = changed(TRAIL, "The classes are free. You", hard)
    only(faults, f"{TRAIL}:trail_start.cost:answer.en", "Institutional determinations")


def test_spanish_older_than_english(changed: Change) -> None:
    faults = changed("refusals/refusals.yml", "written: {en: 2026-11-01", "written: {en: 2026-11-02")
    assert [f.where for f in faults] == [f"refusals/refusals.yml:{name}:written.es" for name in ("homework", "other_state", "weather")]


def test_too_few_phrasings(changed: Change) -> None:
    only(changed(TRAIL, ", what is TS]", "]"), f"{TRAIL}:trail_start.what_is:phrasings.en", "7 phrasings, fewer than 8")


def test_a_phrasing_twice_in_one_entry(changed: Change) -> None:
    faults = changed(TRAIL, "what is TS]", "Explain Trail-Start!]")
    only(faults, f"{TRAIL}:trail_start.what_is:phrasings.en", "stands twice")


def test_a_phrasing_in_two_entries(changed: Change) -> None:
    faults = changed(TRAIL, "what is TS]", "what is SUNRISE?]")
    assert [f.where for f in faults] == [f"{SUNRISE}:sunrise_grant.what_is:phrasings.en", f"{TRAIL}:trail_start.what_is:phrasings.en"]
    assert [f.what.split("”")[1] for f in faults] == [" also belongs to trail_start.what_is", " also belongs to sunrise_grant.what_is"]


def test_a_source_checked_in_the_future(changed: Change) -> None:
    only(changed("sources/official.yml", "2026-11-10", "2026-12-10"), "sources/official.yml:trail_site:checked_on", "future")


def test_one_address_in_two_sources(changed: Change) -> None:
    faults = changed("sources/official.yml", "https://mirror.example.org/", "https://trail.example.org/")
    only(faults, "sources/official.yml:mirror:url", "same address as trail_site")


def test_an_entry_with_no_source_to_show(changed: Change) -> None:
    faults = changed(SUNRISE, "sources: [sunrise_site, mirror]", "sources: [mirror]")
    only(faults, f"{SUNRISE}:sunrise_grant.cost:sources", "no source that may be shown")


def test_a_program_in_a_county_or_for_an_occupation_that_is_not_there(tiny_folder: Path, today: dt.date) -> None:
    (tiny_folder / "pathways").mkdir()
    row = "a,A,certificate,A College,kng,construction,welder,2026-11-01"
    (tiny_folder / "pathways" / "programs.csv").write_text(
        f"id,name,type,provider,counties,cluster,occupations,checked_on\n{row}\n", encoding="utf-8"
    )
    faults = checking.check(content_files.read_or_raise(tiny_folder), today)
    assert [(f.where, f.what) for f in faults] == [
        ("pathways/programs.csv:a:counties", "unknown county 'kng'"), ("pathways/programs.csv:a:occupations", "unknown occupation 'welder'"),
    ]  # fmt: skip


def test_a_topic_filed_under_one_that_is_not_there_is_a_fault(tiny_content: Content, today: dt.date) -> None:
    place = ("topic", "trail_start")
    tiny_content.documents[place] = tiny_content.documents[place].model_copy(update={"filed_under": "nowhere"})
    (fault,) = checking.check(tiny_content, today)
    assert (fault.where.rpartition(":")[2], fault.what) == ("filed_under", "unknown topic 'nowhere'")


def test_every_rule_has_spoken_in_these_tests() -> None:
    """A new rule needs a test here: this list is the reminder."""
    names = {rule.__name__ for rule in checking._RULES}
    assert names == {
        "_references",
        "_facts_in_texts",
        "_length_and_reading",
        "_spanish_is_up_to_date",
        "_phrasings",
        "_sources_are_usable",
    }


def test_a_few_documents_are_checked_alone_among_all_the_others(tiny_content: Content, today: dt.date) -> None:
    place = ("entry", "trail_start.cost")
    bad = tiny_content.documents[place].model_copy(update={"sources": ("nowhere",), "see_also": ("no.entry",)})
    tiny_content.documents[place] = bad
    other = ("entry", "trail_start.what_is")
    tiny_content.documents[other] = tiny_content.documents[other].model_copy(update={"sources": ("nowhere",)})
    found = checking.check(tiny_content, today, [bad])
    assert found == [f for f in checking.check(tiny_content, today) if ":trail_start.cost:" in f.where] != []
    assert len(checking.check(tiny_content, today)) > len(found)
