"""Desk edits back into the content files. Files without an edited document are not touched, not by a byte."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString, SingleQuotedScalarString

from knowledge import content_files, regression
from knowledge.archive import accepted_table, row_of, rows_as_text
from knowledge.kinds import KINDS
from knowledge.pathways_schema import TABLES
from knowledge.store import Store
from language.whole_files import whole

_FOLDERS = {"source": "sources", "fact": "facts", "wording": "wording", "refusal": "refusals"}
_READER = yaml.resolver.Resolver()
_STRING = "tag:yaml.org,2002:str"


def export(store: Store, folder: Path = content_files.SHIPPED) -> list[Path]:
    """Write every document edited at the desk into its file; returns the files written."""
    content, _ = content_files.read(folder)
    changes: dict[Path, list[tuple[str, dict[str, Any]]]] = {}
    for (kind, key), row in sorted(store.rows().items()):
        if row.edited and row.body is not None:
            known = content.files.get((kind, key))
            path = folder / (known or _home(kind, key, row.body))
            changes.setdefault(path, []).append((kind, row.body))
    texts = {path: _csv(path, documents) if path.suffix == ".csv" else _yaml(path, documents) for path, documents in changes.items()}
    if regression.changed(store):
        texts[folder / regression.FILE.name] = accepted_table(regression.accepted(store))
    return sorted(path for path, text in texts.items() if _written(path, text))


def _written(path: Path, text: str) -> bool:
    """False if the file says so already."""
    if path.exists() and path.read_bytes() == text.encode():
        return False
    with whole(path) as file:
        file.write(text.encode())
    return True


def _home(kind: str, key: str, body: dict[str, Any]) -> str:
    """The file of a document that was made at the desk."""
    if kind == "entry":
        return f"topics/{body['topic']}.yml"
    if kind == "topic":
        return f"topics/{key}.yml"
    if kind == "checklist":
        return f"checklists/{key}.yml"
    for stem, table in TABLES.items():
        if table.kind == kind:
            return f"pathways/{stem}.csv"
    return f"{_FOLDERS[kind]}/desk.yml"


def _yaml(path: Path, documents: list[tuple[str, dict[str, Any]]]) -> str:
    writer = YAML()
    writer.preserve_quotes, writer.width = True, 4096
    writer.indent(mapping=2, sequence=4, offset=2)
    data: Any = writer.load(path.read_text(encoding="utf-8")) if path.exists() else None
    for kind, body in documents:
        body = {name: value for name, value in body.items() if not (kind == "entry" and name == "topic")}
        if kind in ("topic", "checklist"):
            data = _merge(data if data is not None else {}, body)
        else:
            data = data if data is not None else ({"entries": []} if kind == "entry" else [])
            items = data.setdefault("entries", []) if kind == "entry" else data
            found = next((item for item in items if item.get("id") == body["id"]), None)
            if found is None:
                items.append(_merge({}, body))
            else:
                _merge(found, body)
    out = io.StringIO()
    writer.dump(data, out)
    return out.getvalue()


def _merge(old: Any, new: dict[str, Any]) -> Any:
    """Change only what differs, so that comments and layout of the rest stay."""
    for name in [n for n in old if n not in new and n != "entries"]:
        del old[name]
    for name, value in new.items():
        if isinstance(value, dict) and isinstance(old.get(name), dict):
            _merge(old[name], value)
        elif _plain(old.get(name)) != value:
            old[name] = _layout(value)
    return old


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return str(value).strip()
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _tag(value: str) -> str:
    """What YAML 1.1 takes a bare word for."""
    return str(_READER.resolve(yaml.ScalarNode, value, (True, False)))  # type: ignore[no-untyped-call]


def _layout(value: Any) -> Any:
    if isinstance(value, str) and "\n" in value:
        return LiteralScalarString(value if value.endswith("\n") else value + "\n")
    if isinstance(value, str) and _tag(value) != _STRING:
        return SingleQuotedScalarString(value)  # “yes” and “12:30” are words to us, not to YAML 1.1, which the files are read as
    if isinstance(value, (list, tuple)):
        return [_layout(v) for v in value]
    return {k: _layout(v) for k, v in value.items()} if isinstance(value, dict) else value


def _csv(path: Path, documents: list[tuple[str, dict[str, Any]]]) -> str:
    rows: list[dict[str, Any]] = []
    columns: list[str] = []
    if path.exists():
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            rows, columns = list(reader), list(reader.fieldnames or [])
    columns = columns or list(KINDS[documents[0][0]].model_fields)
    for _, body in documents:
        cells = row_of(body)
        found = next((row for row in rows if row["id"] == cells["id"]), None)
        rows = rows if found is not None else [*rows, cells]
        if found is not None:
            found.update({name: cells.get(name, "") for name in columns})
    return rows_as_text(columns, rows)
