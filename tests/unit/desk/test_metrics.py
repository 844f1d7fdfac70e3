from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from desk import metrics
from knowledge.stages import SECONDS, stage

ROOT = Path(__file__).parents[3]
COUNT = (
    "from knowledge.stages import stage\nfrom desk import metrics\nwith stage('bot'): pass\nmetrics.STREAMS.inc()\nmetrics.BOT_UNAVAILABLE.inc()\n"
)


def counted(name: str) -> float:
    return float(SECONDS.labels(name)._sum.get())


def test_a_stage_is_timed_also_when_it_fails() -> None:
    before = counted("encode")
    try:
        with stage("encode"):
            raise ValueError
    except ValueError:
        pass
    assert counted("encode") > before
    assert b'waymark_stage_seconds_count{stage="encode"}' in metrics.exposition("")


def test_processes_of_one_machine_count_together_and_a_dead_ones_streams_are_closed(tmp_path: Path) -> None:
    given = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    for _ in range(2):
        subprocess.run([sys.executable, "-c", COUNT], env=given, check=True, timeout=60)
    told = metrics.exposition(str(tmp_path)).decode()
    assert 'waymark_stage_seconds_count{stage="bot"} 2.0' in told
    assert "waymark_bot_unavailable_total 2.0" in told and "waymark_streams 2.0" in told
    metrics.forget_the_dead(str(tmp_path))
    told = metrics.exposition(str(tmp_path)).decode()
    assert "waymark_streams 2.0" not in told and "waymark_bot_unavailable_total 2.0" in told
    metrics.forget_the_dead("")
