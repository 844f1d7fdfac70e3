from __future__ import annotations

from pathlib import Path

import yaml

from benchmarks.processes import ROOT
from benchmarks.training import enlarged, examples


def test_a_training_is_measured_with_as_many_examples_as_were_asked_for(tmp_path: Path) -> None:
    have = examples()
    data = enlarged(tmp_path / "data", have + 50)
    assert examples(data / "nlu") == have + 50
    assert (data / "rules").is_dir()
    assert yaml.safe_load((data / "nlu" / "more.yml").read_text("utf-8"))["nlu"][0]["intent"] == "ask"


def test_enough_examples_are_left_as_they_are(tmp_path: Path) -> None:
    data = enlarged(tmp_path / "data", 1)
    assert {p.name for p in (data / "nlu").iterdir()} == {p.name for p in (ROOT / "data" / "nlu").iterdir()}
