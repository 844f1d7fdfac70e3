"""The table and the promised figures, from a result made up here."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.delivery import Step
from benchmarks.figures import Spread
from benchmarks.machine import Machine
from benchmarks.matcher_alone import Matching
from benchmarks.memory import Memory
from benchmarks.result import BotFigures, Result, keep
from benchmarks.table import LIMITS, Limit, rows, table
from benchmarks.training import Training
from benchmarks.turn_cost import Stages, TurnCost
from benchmarks.turns import Throughput


def spread(p50: float, p95: float, count: int = 300) -> Spread:
    return Spread(count, p50, p95, p50, p95)


def bot(p50: float, p95: float, late: float, seconds: float, start_s: float = 10.0) -> BotFigures:
    return BotFigures(start_s, spread(p50, p95), spread(p50, p95), 200, 20.0, late, Throughput(50, 250, 0, seconds), Memory(1.0, 0.9, 1.5))


@pytest.fixture
def result() -> Result:
    return Result(
        made_on="2026-11-23T20:00:00+00:00", quick=False, machine=Machine("lab", 2, "a processor", 8.0, "linux", "3.12"), load_at_start=0.1, load_at_end=1.9,
        ours=bot(24.0, 60.0, 22.0, seconds=5.0), default=bot(48.0, 60.0, 68.0, seconds=12.5, start_s=64.0),
        first_answer_s=1.8, first_start_ever_s=15.0, starts_s=[9.0, 10.0, 11.0], without_rasa=0, training=Training(61.0, 3100), default_training_s=None,
        matcher_400=Matching(400, 9000, spread(5, 9.0), spread(1, 2.0)), matcher_10000=Matching(10_000, 100_000, spread(20, 45.0), spread(15, 30.0)),
        stream_steps=[Step(500, 0, 200, spread(2, 9, 200)), Step(1000, 0, 200, spread(3, 12, 200)), Step(2000, 0, 200, spread(9, 251, 200))],
        turn_cost=TurnCost({"desk": 8.0, "rasa": 7.0, "actions": 4.0}, Stages(0.3, 1.7, 2.0, 2.2, 0.4)),
    )  # fmt: skip


def test_every_promised_figure_is_there_and_has_its_limits(result: Result) -> None:
    promised = """turn_p50_ratio turn_p95_ratio turn_growth throughput_ratio first_answer_s start_ratio rss_gb train_s
        matcher_p95_ms_400 matcher_p95_ms_10000 streams stream_delivery_p95_ms""".split()
    assert set(promised) <= set(result.headline())
    assert set(LIMITS) == set(result.headline())
    assert len(rows(result)) == len(LIMITS)


def test_ratios_are_ours_to_the_default_bots(result: Result) -> None:
    found = result.headline()
    assert (found["turn_p50_ratio"], found["turn_p95_ratio"], found["turn_growth"]) == (0.5, 1.0, 1.1)
    assert found["throughput_ratio"] == 2.5  # 50 a second to 20
    assert found["start_ratio"] == 0.156


def test_streams_count_only_while_all_is_delivered_in_time(result: Result) -> None:
    assert result.headline()["streams"] == 1000
    assert result.headline()["stream_delivery_p95_ms"] == 12
    lost = [replace(s, expected=201) for s in result.stream_steps]
    assert replace(result, stream_steps=lost).headline()["streams"] == 0
    broken = [replace(s, broken=1) for s in result.stream_steps]
    assert replace(result, stream_steps=broken).headline()["streams"] == 0


def test_turns_answered_without_rasa_count_as_errors(result: Result) -> None:
    assert replace(result, without_rasa=3).headline()["throughput_errors"] == 3


@pytest.mark.parametrize(("value", "verdict"), [(30, "aim reached"), (60, "reached"), (60.1, "MISSED")])
def test_a_verdict_where_less_is_better(value: float, verdict: str) -> None:
    assert Limit(60, 30).verdict(value) == verdict


@pytest.mark.parametrize(("value", "verdict"), [(4, "aim reached"), (2, "reached"), (1.99, "MISSED")])
def test_a_verdict_where_more_is_better(value: float, verdict: str) -> None:
    assert Limit(2, 4, more=True).verdict(value) == verdict


def test_the_table_says_what_was_reached_and_what_was_missed(result: Result) -> None:
    lines = {line[:30].strip(): line for line in table(result).splitlines()}
    assert lines["a turn, p50"].split("  ")[-1].strip() == "aim reached"
    assert lines["turn 200 ÷ turn 5"].endswith("reached") and "20 → 22 ms" in lines["turn 200 ÷ turn 5"]
    assert lines["full training"].endswith("MISSED") and "≤ 60 s" in lines["full training"]
    assert "2 cores" in table(result) and "load 0.1 → 1.9" in table(result)


def test_the_columns_stand_below_each_other(result: Result) -> None:
    lines = table(result).splitlines()[2:]
    assert len({line.index(limit) for line, limit in zip(lines, ["must", *(row[4] for row in rows(result))], strict=True)}) == 1


def test_a_result_is_kept_under_date_and_machine_and_as_the_latest(result: Result, tmp_path: Path) -> None:
    path = keep(result, tmp_path / "results", tmp_path / "try.json")
    assert path.name == "2026-11-23-lab.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    assert data == json.loads((tmp_path / "results" / "latest.json").read_text(encoding="utf-8"))
    assert data["turn_p50_ratio"] == 0.5 and data["ours"]["turns"]["p50"] == 24.0 and data["machine"]["cores"] == 2


def test_a_quick_run_replaces_no_result(result: Result, tmp_path: Path) -> None:
    keep(replace(result, quick=True), tmp_path / "results", tmp_path / "try.json")
    assert [p.name for p in tmp_path.iterdir()] == ["try.json"]
    assert "too small" in table(replace(result, quick=True))
