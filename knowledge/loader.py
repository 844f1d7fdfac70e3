"""Content files to the database and back: plan, apply, export.

A load never overwrites what was edited at the desk; where both changed, it reports a conflict and keeps the desk's text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.content_files import Content
from knowledge.schema import Document
from knowledge.store import Store, body_of, digest_of

Place = tuple[str, str]


@dataclass(frozen=True)
class Plan:
    """What a load would do. `conflicts`: documents changed both in the files and at the desk; left as they are."""

    add: list[Document] = field(default_factory=list)
    change: list[Document] = field(default_factory=list)
    remove: list[Place] = field(default_factory=list)
    conflicts: list[Place] = field(default_factory=list)
    unchanged: int = 0

    @property
    def empty(self) -> bool:
        return not (self.add or self.change or self.remove)

    def __str__(self) -> str:
        lines = [f"{len(self.add)} to add, {len(self.change)} to change, {len(self.remove)} to remove, {self.unchanged} unchanged."]
        lines += [
            f"conflict: {kind} {key} was edited at the desk and in the files; the desk's text is kept. `export` writes it to the files."
            for kind, key in self.conflicts
        ]
        return "\n".join(lines)


def plan(content: Content, store: Store) -> Plan:
    """Compare files and database; changes nothing."""
    result, rows, unchanged = Plan(), store.rows(), 0
    for place, document in content.documents.items():
        row, digest = rows.get(place), digest_of(body_of(document))
        if row is None:
            result.add.append(document)
        elif (digest == row.shipped and not row.edited) or digest == row.shipped != row.digest:
            unchanged += 1
        elif digest == row.digest and row.edited:
            result.change.append(document)  # an exported desk edit came home; the files own it again
        elif row.edited:
            result.conflicts.append(place)
        else:
            result.change.append(document)
    for place, row in rows.items():
        if place not in content.documents and row.shipped and not row.edited:
            result.remove.append(place)
    return Plan(result.add, result.change, result.remove, result.conflicts, unchanged)


def load(content: Content, store: Store, author: str = "content files") -> Plan:
    """Plan, then apply in one transaction. Twice changes nothing."""
    made = plan(content, store)
    if not made.empty:
        store.apply(made.add + made.change, made.remove, author)
    return made
