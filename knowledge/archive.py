"""All published knowledge as a content folder in one zip file: the layout that `content_files` reads. Pure."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from knowledge.pathways_schema import TABLES
from knowledge.regression import FILE, Accepted
from knowledge.schema import Checklist, Document, Entry, Fact, Refusal, Source, Topic, Wording
from knowledge.snapshot import Snapshot
from knowledge.store import body_of

_LISTS: dict[str, type[Document]] = {"sources": Source, "facts": Fact, "wording": Wording, "refusals": Refusal}


def files_of(snapshot: Snapshot, pairs: Iterable[Accepted] = ()) -> dict[str, str]:
    """The text of each file, by its path below the content folder. `pairs`: the accepted questions."""
    files = {f"{folder}/{folder}.yml": _yaml([body_of(d) for d in snapshot.all(kind).values()]) for folder, kind in _LISTS.items()}
    for topic in snapshot.all(Topic).values():
        entries = [body_of(entry) for entry in snapshot.all(Entry).values() if entry.topic == topic.id]
        files[f"topics/{topic.id}.yml"] = _yaml({**body_of(topic), "entries": entries})
    for checklist in snapshot.all(Checklist).values():
        files[f"checklists/{checklist.id}.yml"] = _yaml(body_of(checklist))
    files[FILE.name] = accepted_table(pairs)
    return files | {f"pathways/{stem}.csv": table(kind, snapshot.all(kind).values()) for stem, kind in TABLES.items()}


def pack(snapshot: Snapshot, pairs: Iterable[Accepted] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files_of(snapshot, pairs).items():
            archive.writestr(path, text)
    return out.getvalue()


def table(kind: type[Document], documents: Iterable[Document]) -> str:
    """One row a document, one column a field; several values of a cell stand with ``;`` between."""
    return rows_as_text(list(kind.model_fields), (row_of(body_of(document)) for document in documents))


def accepted_table(pairs: Iterable[Accepted]) -> str:
    """The text of a file that `regression.shipped` reads."""
    columns = ("question", "language", "target")
    return rows_as_text(columns, ({name: getattr(pair, name) for name in columns} for pair in pairs))


def row_of(body: Mapping[str, Any]) -> dict[str, str]:
    return {name: ";".join(map(str, value)) if isinstance(value, list) else str(value) for name, value in body.items()}


def rows_as_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _yaml(value: Any) -> str:
    return str(yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=4096))
