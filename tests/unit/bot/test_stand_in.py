from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from bot.stand_in import leave_out_tensorflow


def test_rasa_runs_our_model_without_tensorflow(inside: dict[str, Any]) -> None:
    assert inside["left out"] and not inside["tensorflow is loaded"]


def test_tensorflow_stays_for_a_component_that_needs_it(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text("pipeline:\n  - name: DIETClassifier\n", encoding="utf-8")
    before = set(sys.modules)
    assert not leave_out_tensorflow(tmp_path / "config.yml")
    assert set(sys.modules) == before
