"""The comparison with published figures, on data made here: three invented subjects with words of their own."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest

from evaluation import published, published_files
from evaluation.__main__ import main
from evaluation.published_files import Rows
from evaluation.questions import QuestionFileError
from knowledge.index import OUT_OF_SCOPE
from language.encoder import HashingEncoder

SUBJECTS = {
    "kettle": "kettle spout boil steam pour teapot".split(),
    "violin": "violin bow string fiddle rosin tune".split(),
    "glacier": "glacier moraine crevasse icefall firn melt".split(),
    "orchard": "orchard apple graft prune blossom cider".split(),
}
STRANGE = "ledger quasar zeppelin mortgage isotope xylophone".split()
OPENINGS = "how do i|where can i find|tell me about the|what about a|is there any|when should one".split("|")


def lines(words: list[str], count: int, chance: random.Random) -> list[str]:
    return [f"{chance.choice(OPENINGS)} {' '.join(chance.sample(words, 2))}" for _ in range(count)]


def rows(count: int, seed: int) -> list[list[str]]:
    chance = random.Random(seed)
    return [[text, label] for label, words in SUBJECTS.items() for text in lines(words, count, chance)]


def strange(count: int, seed: int) -> list[list[str]]:
    return [[text, "oos"] for text in lines(STRANGE, count, random.Random(seed))]


@pytest.fixture
def clinc_file(tmp_path: Path) -> Path:
    parts = {
        "train": rows(12, 1),
        "val": rows(6, 2),
        "test": rows(8, 3),
        "oos_train": strange(6, 4),
        "oos_val": strange(6, 5),
        "oos_test": strange(12, 6),
    }
    path = tmp_path / "data_full.json"
    path.write_text(json.dumps(parts), encoding="utf-8")
    return path


@pytest.fixture
def hint3_folder(tmp_path: Path) -> Path:
    for part, found in (("train", rows(12, 1)), ("test", rows(6, 3) + [[text, "NO_NODES_DETECTED"] for text, _ in strange(8, 6)])):
        (tmp_path / part).mkdir()
        with (tmp_path / part / f"shop_{part}.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([["sentence", "label"], *found])
    return tmp_path


def test_clear_subjects_are_told_apart_and_strange_words_refused(clinc_file: Path) -> None:
    told: list[str] = []
    found = published.compare(published_files.clinc(clinc_file), HashingEncoder(), told.append, fitted=False)
    assert set(found) == {"most right", "least cost"}
    assert found["most right"].in_scope_accuracy.value > 0.9
    assert found["most right"].outside_recall.value > 0.9
    assert (found["most right"].in_scope_accuracy.of, found["most right"].outside_recall.of) == (32, 12)
    assert len(told) == 3


def test_without_learned_refusals_the_threshold_alone_refuses(clinc_file: Path) -> None:
    data = published_files.clinc(clinc_file, outside_in_training=False)
    assert OUT_OF_SCOPE not in {label for _, label in data.train}
    found = published.compare(data, HashingEncoder(), lambda _: None, fitted=False)
    assert found["least cost"].outside_recall.value > 0.5


def test_a_bot_of_hint3_is_tried_whole(hint3_folder: Path) -> None:
    (data,) = published_files.hint3(hint3_folder)
    assert data.name == "HINT3 shop"
    found = published.compare(data, HashingEncoder(), lambda _: None, fitted=False)
    assert found["least cost"].in_scope_accuracy.value > 0.8
    assert found["least cost"].outside_recall.of == 8


def test_what_is_set_aside_is_not_learned() -> None:
    found: Rows = [(f"{label} {n}", label) for label in "abcdefghij" for n in range(10)]
    learn, validation = published_files.set_aside(found)
    assert not set(learn) & set(validation)
    strangers = {text[0] for text, label in validation if label == OUT_OF_SCOPE}
    assert len(strangers) == 2
    assert not strangers & {label for _, label in learn}
    assert len(learn) + len(validation) == len(found)


def test_a_label_with_one_question_keeps_it_for_learning() -> None:
    learn, _ = published_files.set_aside([("only one", "rare"), ("other", "rare2")])
    assert {label for _, label in learn} == {"rare", "rare2"}


def test_a_higher_threshold_refuses_more(clinc_file: Path) -> None:
    data = published_files.clinc(clinc_file, outside_in_training=False)
    matcher = published.Matcher(published.index_of(data.train, HashingEncoder()), HashingEncoder())
    tried = [
        published.tuning.verdict(matcher, published.tuning.sample(matcher, published._question(row)), matcher.calibration.weights)
        for row in data.test
    ]
    recalls = [published.figures(tried, threshold).outside_recall.hits for threshold in (0.0, 0.5, 1.01)]
    assert recalls == sorted(recalls)
    assert recalls[0] == 0
    assert recalls[-1] == 12


def test_a_file_that_is_not_clinc_is_named(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text('{"train": []}', encoding="utf-8")
    with pytest.raises(QuestionFileError, match="oos_train"):
        published_files.clinc(path)


def test_a_folder_without_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match=r"_train\.csv"):
        published_files.hint3(tmp_path)


def test_the_command_prints_a_line_a_threshold(clinc_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["published", "--clinc", str(clinc_file), "--encoder", "hashing"]) == 0
    said = capsys.readouterr().out
    assert said.count("in-scope accuracy") == 2
    assert "out-of-scope recall" in said


def test_the_command_without_data_says_what_it_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["published"]) == 2
    assert "--clinc" in capsys.readouterr().err
