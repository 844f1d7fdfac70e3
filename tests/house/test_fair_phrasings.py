"""No question that answers are measured with was copied into what the program learns from.

The question files live beside the project, not in it; where there are none, there is nothing to compare.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest
import yaml

from knowledge import content_files
from knowledge.checking import normal
from knowledge.schema import LANGUAGES, Checklist, Entry, Refusal
from tests.house.sources import ROOT

QUESTION_FILES = sorted((ROOT.parent / "shared" / "questions").glob("dev.csv"))


@cache
def learnt_from() -> frozenset[str]:
    """Every phrasing, title and NLU example, in the form in which two that are the same agree."""
    content, _ = content_files.read()
    lines = [
        line
        for kind in (Entry, Checklist, Refusal)
        for document in content.of(kind).values()
        for language in LANGUAGES
        for line in document.phrasings.in_language(language)
    ]
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        for part in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines += [line.strip("- ") for line in part.get("examples", "").splitlines()]
    return frozenset(normal(line) for line in lines if len(normal(line).split()) >= 5)


def test_there_is_something_to_compare_with() -> None:
    assert len(learnt_from()) > 1000


if QUESTION_FILES:

    @pytest.mark.parametrize("path", QUESTION_FILES, ids=lambda p: p.name)
    def test_no_measured_question_is_a_phrasing(path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as lines:
            asked = {normal(row["question"]): row["id"] for row in csv.DictReader(lines)}
        assert {number for question, number in asked.items() if question in learnt_from()} == set()
