from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from evaluation import tuning
from evaluation.__main__ import main
from knowledge import content_files, loader
from knowledge.content_files import Content
from knowledge.matcher import FEATURES
from knowledge.store import Store
from tests.unit.evaluation.examples import question


def some_sample(best: int) -> tuning.Sample:
    """Three targets; the first feature points at `best`, the second is noise that points elsewhere."""
    table = np.zeros((3, len(FEATURES)), np.float32)
    table[best, 0], table[(best + 1) % 3, 1] = 1, 1
    right = np.arange(3) == best
    return tuning.Sample(question(), table, right, right)


def test_fitting_leans_on_the_signal_that_tells() -> None:
    weights = tuning.fit([some_sample(n % 3) for n in range(12)], np.zeros(len(FEATURES)))
    assert weights[0] > 1
    assert weights[1] < 0


def test_a_wrong_answer_costs_more_than_a_question_back() -> None:
    verdict = tuning.Verdict(some_sample(0), top=0.6, outside=0.0, right=False, full=False, offered=True, nearness=0.9)
    answered = tuning.cost([verdict], answer=0.5, refuse=0.5, cover=0.1, near=0.5)
    asked_back = tuning.cost([verdict], answer=0.7, refuse=0.5, cover=0.1, near=0.5)
    assert answered > asked_back > 0


@pytest.mark.parametrize(
    ("top", "outside", "nearness", "done"),
    [(0.9, 0.0, 0.9, "answer"), (0.4, 0.1, 0.9, "ask"), (0.2, 0.7, 0.9, "refuse"), (0.9, 0.0, 0.45, "ask"), (0.9, 0.0, 0.1, "refuse")],
)
def test_the_rule_of_answering_on_numbers(top: float, outside: float, nearness: float, done: str) -> None:
    verdict = tuning.Verdict(some_sample(0), top, outside, True, True, True, nearness)
    assert tuning.decide(verdict, answer=0.5, refuse=0.5, cover=0.2, near=0.5) == done


@pytest.fixture
def surroundings(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings that point at the test's own database."""
    for name, value in {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'knowledge.db'}", "ENCODER": "hashing", "INDEX_FOLDER": str(tmp_path / "index"),
        "GAZETTEER_FILE": str(tmp_path / "gazetteer.json"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return tmp_path


def test_tuning_by_command_tells_cross_validated_figures_and_changes_nothing(
    surroundings: Path, store: Store, tiny_content: Content, capsys: pytest.CaptureFixture[str]
) -> None:
    loader.load(tiny_content, store)
    entries = list(tiny_content.of(content_files.Entry).values())[:6]
    asked = "".join(f'{n},"{e.question.en}",{e.topic},{e.facet.value},financial_aid\n' for n, e in enumerate(entries))
    (surroundings / "q.csv").write_text(f"id,question,topic,facet,domain\n{asked}", encoding="utf-8")
    before = tuning.PATH.read_text(encoding="utf-8")
    assert main(["tune", "--questions", str(surroundings / "q.csv")]) == 0
    said = capsys.readouterr().out
    assert "cross-validated" in said
    assert f"of {len(entries)}" in said
    assert tuning.PATH.read_text(encoding="utf-8") == before
    assert set(json.loads(before)["weights"]) == set(FEATURES)


def test_tuning_without_knowledge_says_what_to_do(surroundings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (surroundings / "q.csv").write_text("id,question\n1,hello\n", encoding="utf-8")
    assert main(["tune", "--questions", str(surroundings / "q.csv")]) == 1
    assert "make content" in capsys.readouterr().err
