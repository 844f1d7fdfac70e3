"""Published intent data sets, read from files given by path; none is part of this project.

CLINC150 (Larson et al. 2019): ``data_full.json``, one object of lists ``[[text, label], …]`` named train, val, test, oos_train,
oos_val, oos_test. HINT3 (Arora et al. 2020): a folder with ``train/NAME_train.csv`` and ``test/NAME_test.csv``, columns sentence
and label; NO_NODES_DETECTED marks what no label covers.
"""

from __future__ import annotations

import csv
import json
import random
from dataclasses import dataclass
from pathlib import Path

from evaluation.questions import QuestionFileError
from knowledge.index import OUT_OF_SCOPE

_HINT3_OUTSIDE = "NO_NODES_DETECTED"
_PARTS = ("train", "val", "test", "oos_train", "oos_val", "oos_test")
HELD_ROWS, HELD_LABELS = 0.2, 0.2

Rows = list[tuple[str, str]]
"""(text, label); what is outside every label has OUT_OF_SCOPE."""


@dataclass(frozen=True)
class DataSet:
    """`learn` is for calibrating on `validation`; `train` for the final run on `test`. No text of one is in the other by us."""

    name: str
    train: Rows
    learn: Rows
    validation: Rows
    test: Rows


def clinc(path: Path, outside_in_training: bool = True) -> DataSet:
    """`outside_in_training`: are the hundred out-of-scope training questions learned too, as the paper's “oos-train” does?"""
    data = json.loads(path.read_text(encoding="utf-8"))
    if missing := [part for part in _PARTS if part not in data]:
        raise QuestionFileError(f"{path}: {', '.join(missing)} is missing → give CLINC150's data_full.json")
    rows = {part: [(str(text), OUT_OF_SCOPE if part.startswith("oos") else str(label)) for text, label in data[part]] for part in _PARTS}
    train = rows["train"] + (rows["oos_train"] if outside_in_training else [])
    return DataSet("CLINC150", train, train, rows["val"] + rows["oos_val"], rows["test"] + rows["oos_test"])


def hint3(folder: Path) -> list[DataSet]:
    """One data set a bot."""
    found = sorted((folder / "train").glob("*_train.csv"))
    if not found:
        raise QuestionFileError(f"{folder}: no train/*_train.csv → give the folder of HINT3 that holds train and test")
    return [_bot(folder, path.name.removesuffix("_train.csv")) for path in found]


def _bot(folder: Path, name: str) -> DataSet:
    train = _rows(folder / "train" / f"{name}_train.csv")
    # The subset variation of a bot is tried on the test questions of the whole.
    test = _rows(folder / "test" / f"{name.removesuffix('_subset')}_test.csv")
    learn, validation = set_aside(train)
    return DataSet(f"HINT3 {name}", train, learn, validation, test)


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if not {"sentence", "label"} <= set(reader.fieldnames or []):
            raise QuestionFileError(f"{path}: columns sentence and label are needed")
        return [(row["sentence"], OUT_OF_SCOPE if row["label"] == _HINT3_OUTSIDE else row["label"]) for row in reader]


def set_aside(train: Rows, seed: int = 7) -> tuple[Rows, Rows]:
    """Calibrating without a validation file: a fifth of the questions, and all of a fifth of the labels, to play “out of scope”."""
    chance = random.Random(seed)
    labels = sorted({label for _, label in train if label != OUT_OF_SCOPE})
    strange = set(chance.sample(labels, max(1, int(len(labels) * HELD_LABELS)))) if len(labels) > 2 else set()
    learn: Rows = []
    validation: Rows = [(text, OUT_OF_SCOPE) for text, label in train if label in strange]
    taught: set[str] = set()
    for text, label in train:
        if label in strange:
            continue
        if label in taught and chance.random() < HELD_ROWS:
            validation.append((text, label))
        else:
            learn.append((text, label))
            taught.add(label)
    return learn, validation
