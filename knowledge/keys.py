"""The strings that documents are made of: names, lines, texts, and names of other documents. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=60)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([_.-][a-z0-9]+)*$", max_length=120)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"']+$", max_length=500)]


@dataclass(frozen=True)
class Refers:
    """Marks a key that names a document of this kind: the editor offers those, and says who uses a document."""

    kind: str


TopicKey = Annotated[Slug, Refers("topic")]
SourceKey = Annotated[Key, Refers("source")]
FactKey = Annotated[Key, Refers("fact")]
EntryKey = Annotated[Key, Refers("entry")]
