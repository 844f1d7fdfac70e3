"""The list of known weaknesses is true to the lock files, and the command that asks about them cannot be mistaken for a clean bill."""

from __future__ import annotations

import pytest

from deploy import dependency_audit
from deploy.dependency_audit import LOCKS, Finding, answers, locked, read_report, rounds, without_answer
from tests.house.sources import ROOT

REPORT = {
    "dependencies": [
        {"name": "aiohttp", "version": "3.9.5", "vulns": [{"id": "GHSA-x", "aliases": ["CVE-2024-52304"]}, {"id": "GHSA-new", "aliases": []}]},
        {"name": "rasa", "skip_reason": "could not be asked"},
    ]
}


@pytest.mark.parametrize("entry", answers(), ids=lambda e: f"{e['environment']} {e['package']}")
def test_each_answer_is_about_a_package_as_it_is_locked_and_says_why(entry: dict[str, object]) -> None:
    assert (entry["package"], entry["version"]) in locked(LOCKS[str(entry["environment"])]), "the lock has moved on: look at the finding anew"
    assert entry["ids"] and isinstance(entry["confirmed"], bool)
    assert len(str(entry["what"])) > 20 and len(str(entry["answer"])) > 40


def test_what_faces_people_has_no_known_weakness_that_is_only_explained_away() -> None:
    assert [e for e in answers() if e["environment"] == "desk"] == []


def test_a_finding_without_an_answer_is_found_and_one_with_another_number_of_it_is_known() -> None:
    found, skipped = read_report(REPORT, "rasa")
    assert skipped == ["rasa"]
    assert list(without_answer(found, answers())) == [Finding("rasa", "aiohttp", "3.9.5", ("GHSA-new",))]


def test_a_package_locked_twice_is_asked_about_twice() -> None:
    assert rounds({("a", "1"), ("a", "2"), ("b", "1")}) == [{"a": "1", "b": "1"}, {"a": "2"}]


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (None, 3),
        ({"dependencies": [{"name": "a", "skip_reason": "x"}]}, 3),
        ({"dependencies": []}, 0),
        ({"dependencies": REPORT["dependencies"][:1]}, 1),
    ],
)
def test_nothing_learnt_is_not_the_same_as_nothing_found(monkeypatch: pytest.MonkeyPatch, report: dict[str, object] | None, code: int) -> None:
    monkeypatch.setattr(dependency_audit, "ask", lambda environment, packages: report)
    assert dependency_audit.main() == code


def test_the_check_runs_it() -> None:
    assert "deploy/dependency_audit.py" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
