"""The picture of what a turn costs: every stage is in it, to scale, and it is well-formed."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from benchmarks.picture import parts, picture
from benchmarks.turn_cost import Stages, TurnCost

COST = TurnCost({"desk": 8.0, "rasa": 7.0, "actions": 4.0}, Stages(intake=0.3, encoding=1.7, storing=2.0, matching=2.2, composing=0.4))


def test_stages_and_the_rest_make_up_each_program() -> None:
    found = parts(COST)
    assert {name: sum(ms for _, ms in stages) for name, stages in found.items()} == pytest.approx(COST.programs)
    assert found["desk"][-1] == ("HTTP and events", 4.0)


def test_a_stage_measured_slower_alone_than_the_whole_leaves_no_negative_rest() -> None:
    assert parts(TurnCost({"desk": 1.0, "rasa": 1.0, "actions": 1.0}, COST.stages))["desk"][-1][1] == 0


def test_the_picture_is_well_formed_tells_all_and_is_to_scale() -> None:
    drawn = ElementTree.fromstring(picture(COST, "2026-11-27"))
    said = " ".join(text.text or "" for text in drawn.iter("{http://www.w3.org/2000/svg}text"))
    assert "19.0 ms in all" in said and "2026-11-27" in said
    for words in ("encoding 1.7", "storing 2.0", "matching 2.2", "8.0 ms", "rasa"):
        assert words in said
    bars = [r for r in drawn.iter("{http://www.w3.org/2000/svg}rect") if r.get("height") == "34"]
    widths = [float(r.get("width", 0)) for r in bars]
    assert widths[1] / widths[0] == pytest.approx(1.7 / 0.3, rel=0.01)
    assert max(float(r.get("x", 0)) + float(r.get("width", 0)) for r in bars) <= 720
