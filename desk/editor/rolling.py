"""A new academic year: every fact whose last day lies in the year that ends gets its new figure, all published together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from desk.editor.checks import Remark, remark
from desk.editor.editorial import Editorial, Opened
from desk.editor.forms import STATED, Flat, read, rechecked
from desk.editor.together import Change, Outcome, Together
from desk.staff.accounts import User
from knowledge.references import Place
from knowledge.schema import Fact
from knowledge.snapshot import Snapshot

_LAST_DAY = (6, 30)  # of an academic year
_NEW_YEAR_IS_NEAR = 10  # until this month, the year that has just ended is the one to be rolled over


@dataclass(frozen=True)
class Row:
    """One fact. `flat`: as it was typed, or its draft, or what is published. `revision`: at which it was opened."""

    opened: Opened
    flat: Flat
    revision: int

    @property
    def key(self) -> str:
        return self.opened.stored.key

    @property
    def place(self) -> Place:
        return Fact.kind, self.key

    @property
    def changed(self) -> bool:
        return self.flat != self.opened.published

    @property
    def unsaved(self) -> bool:
        return self.flat != self.opened.flat

    @property
    def words(self) -> bool:
        """Is its value told in the words of each language?"""
        return bool(self.flat.get("value.en") or self.flat.get("value.es"))


def year_to_roll(today: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the academic year whose figures are to be replaced."""
    last = dt.date(today.year + (today.month >= _NEW_YEAR_IS_NEAR), *_LAST_DAY)
    return last.replace(year=last.year - 1) + dt.timedelta(days=1), last


def ending(snapshot: Snapshot, first: dt.date, last: dt.date) -> list[Fact]:
    """The facts whose last day lies between these, those of one source together."""
    found = [fact for fact in snapshot.facts.values() if fact.valid_until and first <= fact.valid_until <= last]
    return sorted(found, key=lambda fact: (fact.source, fact.id))


class Rolling:
    def __init__(self, editorial: Editorial, together: Together) -> None:
        self._editorial, self._together = editorial, together

    def rows(self, keys: Sequence[str], form: Mapping[str, list[str]]) -> list[Row]:
        """Each fact with what was typed for it, if anything was."""
        return [self._row(self._editorial.open(Fact.kind, key), form) for key in keys]

    def keep(self, who: User, rows: Sequence[Row]) -> Outcome:
        """Keep what was typed as drafts, whole or not; what somebody else changed meanwhile is told and not touched."""
        faults, kept = dict(self._met_others(rows)), 0
        for row in rows:
            if row.unsaved and row.place not in faults:
                kept += bool(self._editorial.draft(who, row.opened, row.flat, row.revision).done)
        return Outcome(kept, faults)

    def publish(self, who: User, rows: Sequence[Row], why: str) -> Outcome:
        """Every row that was changed, in one transaction; or none, and every fault of every row."""
        faults, changes = dict(self._met_others(rows)), []
        for row in (row for row in rows if row.changed and row.place not in faults):
            document, wrong = read(Fact, row.flat)
            if not isinstance(document, Fact):
                faults[row.place] = [remark(Fact, name, words) for name, words in wrong]
            elif late := _still_ends(document, row):
                faults[row.place] = [late]
            else:
                changes.append(Change(document, row.opened.stored, draft_seen=True))
        faults = {**self._together.faults(who, changes), **faults}
        return Outcome(faults=faults) if faults else self._together.publish(who, changes, why)

    def _row(self, opened: Opened, form: Mapping[str, list[str]]) -> Row:
        given = {name: form[f"{opened.stored.key}:{name}"][-1].strip() for name in STATED if form.get(f"{opened.stored.key}:{name}")}
        flat = rechecked(opened.flat, {**opened.flat, **given}, self._editorial.assistant.today())
        began = form.get(f"{opened.stored.key}:opened", [""])[-1]
        return Row(opened, flat, int(began) if began.isdigit() and len(began) < 10 else opened.stored.revision)

    def _met_others(self, rows: Sequence[Row]) -> Iterator[tuple[Place, list[Remark]]]:
        for row in rows:
            if row.revision != row.opened.stored.revision:
                yield row.place, [Remark("document", "Not now", "somebody changed it meanwhile → look at its own page, then type it here again")]


def _still_ends(fact: Fact, row: Row) -> Remark | None:
    before = (row.opened.published or {}).get("valid_until", "")
    if fact.valid_until and fact.valid_until.isoformat() <= before:
        return remark(Fact, "valid_until", f"is still {fact.valid_until} → write the last day of the new figure")
    return None
