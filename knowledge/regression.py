"""The questions that must go on being answered as they are: pairs of a question and the target it was accepted to lead to.

A base of pairs ships in content/regression.csv; staff add to it (a miss that became an answer) or take pairs back. A target
is an entry's id, ``refusal:ID`` or ``checklist:ID``. knowledge/regression_gate.py asks them before a change is published.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import select

from knowledge.checking import normal
from knowledge.content_files import SHIPPED
from knowledge.schema import LANGUAGES, Language
from knowledge.store import Store
from knowledge.tables import RegressionRow

FILE = SHIPPED / "regression.csv"


@dataclass(frozen=True)
class Accepted:
    """`author` is empty for a pair that shipped."""

    question: str
    language: Language
    target: str
    author: str = ""

    @property
    def digest(self) -> str:
        """The same for two spellings that differ in case and marks only."""
        return hashlib.blake2s(f"{self.language}\t{normal(self.question)}".encode(), digest_size=16).hexdigest()


@cache
def shipped(path: Path = FILE) -> tuple[Accepted, ...]:
    """The base set, columns question, language, target."""
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(_pair(row["question"], row["language"], row["target"]) for row in csv.DictReader(lines))


def add(store: Store, question: str, language: str, entry_id: str, author: str) -> None:
    """From now on this question must lead to `entry_id`; a second word on the same question replaces the first.

    Raises ValueError on an empty question or a language that is not spoken here.
    """
    if not entry_id:
        raise ValueError("Name the entry this question must lead to.")
    _keep(store, _pair(question, language, entry_id, author))


def take_back(store: Store, question: str, language: str, author: str) -> None:
    """The question is no longer held to any answer, not even if it shipped."""
    _keep(store, _pair(question, language, "", author))


def accepted(store: Store) -> list[Accepted]:
    """Every pair in force: the shipped ones, changed by what staff added and took back."""
    with store.session() as session:
        rows = [Accepted(r.question, _language(r.language), r.target, r.author) for r in session.scalars(select(RegressionRow))]
    return sorted(_in_force({pair.digest: pair for pair in shipped()} | {pair.digest: pair for pair in rows}), key=lambda p: (p.target, p.question))


def changed(store: Store) -> bool:
    """Did staff add or take back any?"""
    with store.session() as session:
        return session.scalars(select(RegressionRow).limit(1)).first() is not None


def bring(store: Store, path: Path, author: str) -> int:
    """Hold the pairs of a file that are not held yet, as `python -m knowledge load` does with a folder taken from a desk; how many."""
    held = {(pair.digest, pair.target) for pair in accepted(store)}
    fresh = [pair for pair in shipped(path) if (pair.digest, pair.target) not in held] if path.exists() else []
    for pair in fresh:
        add(store, pair.question, pair.language, pair.target, author)
    return len(fresh)


def _in_force(pairs: dict[str, Accepted]) -> Iterator[Accepted]:
    return (pair for pair in pairs.values() if pair.target)


def _keep(store: Store, pair: Accepted) -> None:
    with store.session(writes=True) as session:
        row = session.get(RegressionRow, pair.digest)
        if row is None:
            row = RegressionRow(digest=pair.digest, question=pair.question, language=pair.language)
            session.add(row)
        row.target, row.author = pair.target, pair.author


def _pair(question: str, language: str, target: str, author: str = "") -> Accepted:
    question = " ".join(question.split())
    if not normal(question):
        raise ValueError("The question is empty.")
    return Accepted(question, _language(language), target, author)


def _language(name: str) -> Language:
    if name not in LANGUAGES:
        raise ValueError(f"{name!r} is not a language here; use {' or '.join(LANGUAGES)}.")
    return name
