"""Shares, middles, charts, clock changes and export, each by itself."""

from __future__ import annotations

import csv
import datetime as dt
import io
import xml.etree.ElementTree as ElementTree
from zoneinfo import ZoneInfo

import pytest

from desk.insight.charts import Point, bars, interval, line
from desk.insight.model import Table
from desk.insight.shares import median, range_of
from desk.insight.zones import shifts
from desk.office_days import begin_of, span

SEATTLE = ZoneInfo("America/Los_Angeles")
TODAY = dt.date(2026, 11, 23)


def test_a_share_has_the_range_wilson_gives_it() -> None:
    found = range_of(8, 10)
    assert found is not None and (round(found.low, 3), found.value, round(found.high, 3)) == (0.49, 0.8, 0.943)
    assert range_of(0, 0) is None


@pytest.mark.parametrize(("values", "middle"), [([], None), ([3], 3), ([9, 1, 5], 5), ([1, 2, 4, 9], 3)])
def test_the_middle_of_waits(values: list[float], middle: float | None) -> None:
    assert median(values) == middle


def test_charts_are_svg_with_a_name_and_leave_gaps_for_what_is_hidden() -> None:
    drawn = ElementTree.fromstring(bars([Point("Nov <1>", 10), Point("Nov 2", None), Point("Nov 3", 5)], "Questions & answers"))
    assert drawn.get("role") == "img" and "Questions & answers" in (drawn.get("aria-label") or "")
    assert len(drawn.findall("rect")) == 2
    heights = [float(bar.get("height") or 0) for bar in drawn.findall("rect")]
    assert heights[0] == pytest.approx(2 * heights[1])
    broken = ElementTree.fromstring(line([Point("a", 0.5), Point("b", 0.6), Point("c", None), Point("d", 1), Point("e", 0)], "x"))
    assert len(broken.findall("polyline")) == 2 and len(broken.findall("circle")) == 4
    assert ElementTree.fromstring(bars([], "none")).findall("rect") == []
    assert ElementTree.fromstring(interval(0.2, 0.5, 0.9)).tag == "svg"


def test_nothing_in_a_chart_needs_an_inline_style() -> None:
    """The desk's security policy lets no style stand in a page."""
    for made in (bars([Point("a", 1)], "x"), line([Point("a", 1), Point("b", 0)], "x"), interval(0, 0.5, 1)):
        assert "style" not in made


def test_an_export_is_csv_hides_what_the_page_hides_and_no_spreadsheet_calculates_it() -> None:
    table = Table("x", "By topic", ("questions", "answered %"), (("=1+1", (12, None)), ("A, “b”", (7, 50.0))))
    assert list(csv.reader(io.StringIO(table.csv()))) == [["By topic", "questions", "answered %"], ["'=1+1", "12", "hidden"], ["A, “b”", "7", "50.0"]]


def test_the_clocks_changes_are_found_to_the_minute() -> None:
    found = shifts(SEATTLE, begin_of(dt.date(2026, 10, 1), SEATTLE), begin_of(dt.date(2027, 4, 1), SEATTLE))
    assert [minutes for _, minutes in found] == [-420, -480, -420]
    assert [moment for moment, _ in found[:2]] == [dt.datetime(2026, 11, 1, 9, 0, tzinfo=dt.UTC), dt.datetime(2027, 3, 14, 10, 0, tzinfo=dt.UTC)]
    assert shifts(SEATTLE, begin_of(TODAY, SEATTLE), begin_of(TODAY, SEATTLE)) == [(begin_of(TODAY, SEATTLE), -480)]


@pytest.mark.parametrize(
    ("since", "until", "first", "last"),
    [
        ("", "", dt.date(2026, 10, 25), TODAY),
        ("2026-11-20", "2026-11-10", dt.date(2026, 11, 10), dt.date(2026, 11, 10)),
        ("yesterday", "2030-01-01", dt.date(2026, 10, 25), TODAY),
        ("0001-01-01", "", TODAY - dt.timedelta(days=1098), TODAY),
    ],
)
def test_days_that_make_no_sense_are_mended(since: str, until: str, first: dt.date, last: dt.date) -> None:
    assert span(since, until, TODAY, 30) == (first, last)
