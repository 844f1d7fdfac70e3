"""The content that ships: no fault today, and no old figure on any later day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml

from knowledge import checking, content_files, regression
from knowledge.composing import answered
from knowledge.rendering import render, state
from knowledge.schema import LANGUAGES, Entry, Language
from knowledge.snapshot import Snapshot

WRITTEN = dt.date(2026, 11, 28)


@pytest.fixture(scope="module")
def shipped() -> Snapshot:
    return Snapshot.from_content(content_files.read_or_raise())


def test_it_holds_no_fault_on_the_day_it_was_written() -> None:
    assert checking.check(content_files.read_or_raise(), WRITTEN) == []


def test_every_question_held_to_an_answer_names_an_entry_that_ships(shipped: Snapshot) -> None:
    assert {pair.target for pair in regression.shipped()} <= set(shipped.entries)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("months", [2, 8, 18, 60])
def test_no_expired_figure_is_stated_however_far_the_clock_moves(shipped: Snapshot, language: Language, months: int) -> None:
    today = WRITTEN + dt.timedelta(days=30 * months)
    for entry in shipped.entries.values():
        made = render(entry.answer.in_language(language), shipped.facts, language, today)
        late = [name for name in made.facts if (end := shipped.facts[name].valid_until) and end < today]
        assert late == [] and made.text, entry.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withheld_figure_is_told_and_its_value_is_nowhere_in_the_reply(shipped: Snapshot, language: Language) -> None:
    today, seen = WRITTEN + dt.timedelta(days=540), 0
    for entry in shipped.entries.values():
        reply = answered(shipped, entry, language, today, None)
        for name in reply.provenance["withheld"]:
            seen += 1
            value = state(shipped.facts[name], language)
            assert len(value) < 4 or value not in reply.text, (entry.id, name)
        if reply.provenance["withheld"]:
            assert shipped.wordings["figure_withheld"].text.in_language(language)[:20] in reply.text
    assert seen > 20


def test_the_guides_example_passes_every_check_beside_the_shipped_content() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "content-guide.md").read_text(encoding="utf-8")
    [raw] = yaml.safe_load(guide.split("```yaml\n")[1].split("```")[0])
    entry = Entry.model_validate({"topic": "college_bound", **raw})
    content = content_files.read_or_raise()
    place = (entry.kind, entry.key)
    content.documents[place], content.files[place] = entry, "guide"
    faults = [f for f in checking.check(content, WRITTEN) if f.where.startswith("guide:")]
    assert faults == []
