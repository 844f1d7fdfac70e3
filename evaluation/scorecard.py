"""The published scorecard: accepted figures with date, method and range, as a file that the desk shows at /scorecard."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import yaml

from evaluation.scoring import Share

WORDS = Path(__file__).parent / "scorecard.yml"
PATH = Path(__file__).parent / "results" / "scorecard.json"


def card(marks: dict[str, Share], day: dt.date, words: Path = WORDS) -> dict[str, Any]:
    """``{date, method: {en, es}, marks: [{name, en, es, less, hits, of, value, low, high}]}``; only marks that were measured."""
    said = yaml.safe_load(words.read_text(encoding="utf-8"))
    rows = [_row(mark, marks[mark["name"]]) for mark in said["marks"] if mark["name"] in marks and marks[mark["name"]].of]
    return {"date": day.isoformat(), "method": {language: text.strip() for language, text in said["method"].items()}, "marks": rows}


def publish(marks: dict[str, Share], day: dt.date, path: Path = PATH) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(card(marks, day), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _row(mark: dict[str, Any], share: Share) -> dict[str, Any]:
    low, high = share.interval()
    figures = {"hits": share.hits, "of": share.of, "value": round(share.value, 4), "low": round(low, 4), "high": round(high, 4)}
    return {"name": mark["name"], "en": mark["en"], "es": mark["es"], "less": bool(mark.get("less")), **figures}
