"""Question files: CSV with id, question, language, domain, topic, facet, voice, origin, also_topics, also_facets."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

OUT_OF_SCOPE = "out_of_scope"
HANDOFF = "handoff"
_NEEDED = ("id", "question")


class QuestionFileError(ValueError):
    """The file cannot be used; the message says which column or row and how to mend it."""


@dataclass(frozen=True)
class Question:
    """`topics` and `facets`: every answer that counts as right."""

    id: str
    text: str
    language: str
    domain: str
    topic: str
    facet: str
    voice: str
    origin: str
    topics: frozenset[str]
    facets: frozenset[str]


def read(path: Path) -> list[Question]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [name for name in _NEEDED if name not in (reader.fieldnames or [])]
        if missing:
            raise QuestionFileError(f"{path}: the column {', '.join(missing)} is missing → the first line must name the columns")
        return [_question(row, path, number) for number, row in enumerate(reader, 2)]


def _question(row: dict[str, str], path: Path, line: int) -> Question:
    if not row["id"] or not row["question"]:
        raise QuestionFileError(f"{path}:{line}: id or question is empty → fill both")
    topic, facet = row.get("topic", ""), row.get("facet", "")
    return Question(
        row["id"], row["question"], row.get("language") or "en", row.get("domain", ""), topic, facet, row.get("voice", ""), row.get("origin", ""),
        frozenset(filter(None, (topic, *(row.get("also_topics") or "").split(";")))), frozenset(filter(None, (facet, *(row.get("also_facets") or "").split(";")))),
    )  # fmt: skip
