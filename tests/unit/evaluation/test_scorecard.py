"""What of an evaluation is published."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import yaml

from desk.pages.scorecard_pages import read
from evaluation import accepted, scorecard, scoring, set_scoring
from evaluation.scoring import Share

DAY = dt.date(2026, 11, 23)


def test_a_card_tells_date_method_figures_and_ranges_of_what_was_measured() -> None:
    made = scorecard.card({"confidently wrong topic": Share(3, 100), "domain pathways: topic offered": Share(1, 2)}, DAY)
    assert made["date"] == "2026-11-23" and made["method"]["en"] and made["method"]["es"]
    (mark,) = made["marks"]
    assert (mark["name"], mark["hits"], mark["of"], mark["value"], mark["less"]) == ("confidently wrong topic", 3, 100, 0.03, True)
    assert mark["low"] < 0.03 < mark["high"]


def test_every_mark_in_the_words_is_one_that_is_measured() -> None:
    of_sets = Path(set_scoring.__file__).read_text(encoding="utf-8")
    names = {mark["name"] for mark in yaml.safe_load(scorecard.WORDS.read_text(encoding="utf-8"))["marks"]}
    assert {name for name in names - set(scoring.table([])) if f'"{name}"' not in of_sets} == set()


def test_the_desk_reads_what_is_published(tmp_path: Path) -> None:
    path = tmp_path / "results" / "scorecard.json"
    assert read(path) is None
    scorecard.publish({"safety: recognised": Share(40, 40)}, DAY, path)
    card = read(path)
    assert card is not None and card.date == DAY and [m.of for m in card.marks] == [40]
    path.write_text(json.dumps({"date": "soon"}), encoding="utf-8")
    assert read(path) is None


def test_the_card_that_ships_tells_what_was_accepted_and_nothing_else() -> None:
    shipped = json.loads(scorecard.PATH.read_text(encoding="utf-8"))
    made = scorecard.card(accepted.load(accepted.PATH), dt.date.fromisoformat(shipped["date"]))
    assert shipped == made and len(made["marks"]) > 10
