from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from evaluation import accepted
from evaluation.__main__ import main
from evaluation.scoring import Share, save

GOOD, BAD = "in scope: right topic answered or offered", "confidently wrong topic"


def failed(before: Share, now: Share, name: str = GOOD) -> bool:
    return accepted.compare({name: before}, {name: now})[0].failed


def test_the_same_scores_hold() -> None:
    assert not failed(Share(95, 100), Share(95, 100))


def test_a_great_drop_fails() -> None:
    assert failed(Share(190, 200), Share(170, 200))


def test_a_drop_that_chance_explains_is_told_but_does_not_fail() -> None:
    change = accepted.compare({GOOD: Share(95, 100)}, {GOOD: Share(93, 100)})[0]
    assert not change.failed
    assert str(change).startswith("fell")


def test_a_rise_never_fails() -> None:
    assert not failed(Share(90, 200), Share(200, 200))


def test_where_less_is_better_a_rise_fails_and_a_fall_does_not() -> None:
    assert failed(Share(4, 200), Share(30, 200), BAD)
    assert not failed(Share(30, 200), Share(0, 200), BAD)


def test_more_questions_see_smaller_drops() -> None:
    assert not failed(Share(95, 100), Share(92, 100))
    assert failed(Share(9500, 10_000), Share(9200, 10_000))


def test_other_questions_than_the_accepted_are_held_to_a_wider_bar() -> None:
    same = accepted.compare({GOOD: Share(95, 100)}, {GOOD: Share(95, 100)})[0]
    other = accepted.compare({GOOD: Share(95, 100)}, {GOOD: Share(190, 200)})[0]
    assert other.bar < same.bar


def test_a_mark_not_measured_now_is_told() -> None:
    change = accepted.compare({GOOD: Share(95, 100)}, {})[0]
    assert change.missing
    assert "not measured" in str(change)


def test_accepting_keeps_marks_of_other_runs_and_holds_only_figures(tmp_path: Path) -> None:
    path = tmp_path / "accepted.json"
    accepted.accept({GOOD: Share(9, 10)}, dt.date(2026, 11, 1), path)
    accepted.accept({BAD: Share(0, 10), "nothing asked": Share(0, 0)}, dt.date(2026, 11, 23), path)
    assert accepted.load(path) == {GOOD: Share(9, 10), BAD: Share(0, 10)}
    assert json.loads(path.read_text(encoding="utf-8"))["accepted_on"] == "2026-11-23"


def test_the_command_fails_on_a_drop_and_passes_without_anything_accepted(tmp_path: Path) -> None:
    scores, bar = tmp_path / "scores.json", tmp_path / "accepted.json"
    save({GOOD: Share(190, 200)}, scores)
    compare = ["compare", str(scores), "--accepted", str(bar)]
    assert main(compare) == 0
    assert main(["accept", str(scores), "--accepted", str(bar), "--scorecard", str(tmp_path / "scorecard.json")]) == 0
    assert main(compare) == 0
    save({GOOD: Share(150, 200)}, scores)
    assert main(compare) == 1
