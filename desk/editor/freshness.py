"""What must be looked at again: past its day, near it, checked long ago, or with a link that answers no more. Pure, given the day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import BaseModel, Field

from desk.editor.naming import title_of
from knowledge.links import Checked
from knowledge.rendering import state
from knowledge.schema import Document, Fact, FactKind
from knowledge.snapshot import Snapshot
from knowledge.store import body_of, digest_of

Need = Literal["expired", "expiring", "dead_link", "checked_long_ago"]
NEEDS: tuple[Need, ...] = get_args(Need)


class Wanted(BaseModel):
    """What the page is to show. `days`: how soon is soon. `old`: after how many days a check is long ago."""

    need: Need | Literal["any", "all"] = "any"
    kind: str = ""
    owner: str = ""
    days: int = Field(60, ge=1, le=730)
    old: int = Field(180, ge=1, le=3650)

    @property
    def narrowed(self) -> bool:
        return self.model_dump(exclude={"need"}) != Wanted().model_dump(exclude={"need"})


@dataclass(frozen=True)
class Line:
    """One document with a day. `digest`: of the text that was looked at. `value`: a fact's, as English writes it."""

    document: Document
    title: str
    value: str
    owner: str
    checked_on: dt.date
    valid_until: dt.date | None
    link: Checked | None
    needs: tuple[Need, ...]

    @property
    def mark(self) -> str:
        """Which text this is about, for a form."""
        return f"{self.document.kind}/{self.document.key}/{digest_of(body_of(self.document))}"


def lines(snapshot: Snapshot, links: Mapping[str, Checked], wanted: Wanted, today: dt.date) -> list[Line]:
    """Every document that says when it was checked; what is most pressing first."""
    dated = (d for documents in snapshot.documents.values() for d in documents.values() if isinstance(getattr(d, "checked_on", None), dt.date))
    found = [_line(d, links, wanted, today) for d in dated]
    return sorted(found, key=lambda line: (min(map(NEEDS.index, line.needs), default=len(NEEDS)), line.valid_until or dt.date.max, line.checked_on))


def chosen(found: Iterable[Line], wanted: Wanted) -> list[Line]:
    return [line for line in _of(found, wanted) if wanted.need == "all" or (line.needs if wanted.need == "any" else wanted.need in line.needs)]


def counts(found: Iterable[Line], wanted: Wanted) -> dict[str, int]:
    """How many of each need, of the kind and owner asked for."""
    mine = _of(found, wanted)
    by_need = Counter(need for line in mine for need in line.needs)
    return {"any": sum(bool(line.needs) for line in mine), **{need: by_need[need] for need in NEEDS}, "all": len(mine)}


def url_of(document: Document) -> str:
    if isinstance(document, Fact):
        return str(document.value) if document.type is FactKind.LINK else ""
    return str(getattr(document, "url", None) or getattr(document, "source_url", None) or "")


def _of(found: Iterable[Line], wanted: Wanted) -> list[Line]:
    return [line for line in found if wanted.kind in ("", line.document.kind) and wanted.owner in ("", line.owner)]


def _line(document: Document, links: Mapping[str, Checked], wanted: Wanted, today: dt.date) -> Line:
    checked_on, until = getattr(document, "checked_on"), getattr(document, "valid_until", None)  # noqa: B009
    link = links.get(url_of(document))
    needs: list[Need] = []
    if until and until < today:
        needs.append("expired")
    elif until and until <= today + dt.timedelta(days=wanted.days):
        needs.append("expiring")
    if link and link.outcome == "dead":
        needs.append("dead_link")
    if checked_on < today - dt.timedelta(days=wanted.old):
        needs.append("checked_long_ago")
    value = state(document, "en") if isinstance(document, Fact) else ""
    title = document.about if isinstance(document, Fact) else title_of(body_of(document)) or document.key
    return Line(document, title, value, getattr(document, "owner", ""), checked_on, until, link, tuple(needs))
