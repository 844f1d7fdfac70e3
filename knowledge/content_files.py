"""Content files to documents. Reports every fault at once; reads nothing but the files.

Layout of a content folder:

* ``sources/*.yml``, ``facts/*.yml``, ``wording/*.yml``, ``refusals/*.yml``: a list of documents each
* ``topics/<slug>.yml``: one topic with its entries
* ``checklists/<slug>.yml``: one checklist each
* ``pathways/*.csv``: occupations, programs, counties, organizations
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from knowledge.errors import ContentError, Fault
from knowledge.pathways_schema import TABLES
from knowledge.schema import Checklist, Document, Entry, Fact, Refusal, Source, Topic, Wording

SHIPPED = Path(__file__).parent / "content"

D = TypeVar("D", bound=Document)
_LISTS: dict[str, type[Document]] = {"sources": Source, "facts": Fact, "wording": Wording, "refusals": Refusal}


@dataclass
class Content:
    """All documents of a folder, by kind and key, with the file each came from."""

    documents: dict[tuple[str, str], Document] = field(default_factory=dict)
    files: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, kind: type[D]) -> dict[str, D]:
        return {key: d for (name, key), d in self.documents.items() if name == kind.kind and isinstance(d, kind)}


def read(folder: Path = SHIPPED) -> tuple[Content, list[Fault]]:
    """Read every file below `folder`; returns what is valid and every fault found."""
    content = Content()
    faults: list[Fault] = []
    if not folder.is_dir():
        return content, [Fault(str(folder), "there is no such folder", "name the folder that holds topics/ and facts/")]
    for where, kind, raw in _raw_documents(folder, faults):
        _add(content, faults, where, kind, raw)
    return content, faults


@cache
def shipped_sentences() -> Content:
    """The program's own sentences as shipped, and the facts they name: what is said when the database holds none."""
    content, faults = Content(), list[Fault]()
    for name in ("wording", "facts"):
        for where, kind, raw in _lists(SHIPPED, name, faults):
            _add(content, faults, where, kind, raw)
    return content


def read_or_raise(folder: Path = SHIPPED) -> Content:
    content, faults = read(folder)
    if faults:
        raise ContentError(faults)
    return content


def _raw_documents(folder: Path, faults: list[Fault]) -> Iterator[tuple[str, type[Document], dict[str, Any]]]:
    """Each document as plain data, with ``file`` as its place."""
    for name in _LISTS:
        yield from _lists(folder, name, faults)
    for path in sorted((folder / "topics").glob("*.yml")):
        data = _map(path, folder, faults)
        if data is None:
            continue
        entries = data.pop("entries", None) or []
        yield _place(path, folder), Topic, data
        for raw in _list_of_maps(path, entries, folder, faults):
            yield _place(path, folder), Entry, {"topic": data.get("id"), **raw}
    for path in sorted((folder / "checklists").glob("*.yml")):
        data = _map(path, folder, faults)
        if data is not None:
            yield _place(path, folder), Checklist, data
    for name, kind in TABLES.items():
        path = folder / "pathways" / f"{name}.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as lines:
                for row in csv.DictReader(lines):
                    yield _place(path, folder), kind, {k: v for k, v in row.items() if k and v not in ("", None)}


def _lists(folder: Path, name: str, faults: list[Fault]) -> Iterator[tuple[str, type[Document], dict[str, Any]]]:
    for path in sorted((folder / name).glob("*.yml")):
        for raw in _list_of_maps(path, _load(path, folder, faults), folder, faults):
            yield _place(path, folder), _LISTS[name], raw


def _place(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _load(path: Path, folder: Path, faults: list[Fault]) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or error
        faults.append(Fault(_place(path, folder), f"not readable as YAML{line}: {problem}", "check indentation, colons and quotes"))
        return None


def _map(path: Path, folder: Path, faults: list[Fault]) -> dict[str, Any] | None:
    """The one document of a file; None, and a fault told, if it holds anything else."""
    before = len(faults)
    data = _load(path, folder, faults)
    if not isinstance(data, dict):
        if len(faults) == before:
            faults.append(Fault(_place(path, folder), "is not one document", "begin the file with 'id: …' at the left margin"))
        return None
    return data


def _list_of_maps(path: Path, data: Any, folder: Path, faults: list[Fault]) -> Iterator[dict[str, Any]]:
    if data is None:
        return
    if not isinstance(data, list):
        faults.append(Fault(_place(path, folder), "is not a list", "begin each document with '- id: …'"))
        return
    for number, raw in enumerate(data, 1):
        if isinstance(raw, dict):
            yield raw
        else:
            faults.append(Fault(f"{_place(path, folder)}:#{number}", "is not a document", "write fields as 'name: value'"))


def _add(content: Content, faults: list[Fault], file: str, kind: type[Document], raw: dict[str, Any]) -> None:
    name = str(raw.get("id", "?"))
    try:
        document = kind.model_validate(raw)
    except ValidationError as error:
        for e in error.errors():
            steps = ".".join(str(part) for part in e["loc"]) or "document"
            faults.append(Fault(f"{file}:{name}:{steps}", e["msg"], f"mend this field (given: {_shorten(e.get('input'))})"))
        return
    place = (kind.kind, document.key)
    if place in content.documents:
        faults.append(Fault(f"{file}:{name}:id", f"this {kind.kind} already exists in {content.files[place]}", "give it another id or remove one"))
        return
    content.documents[place], content.files[place] = document, file


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
