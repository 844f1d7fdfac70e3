"""A table somebody changed in a spreadsheet: what it would change, every fault by row and column, and all of it done or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from desk.editor.checks import Remark, faults_among
from desk.editor.differences import Difference, differences
from desk.editor.editorial import NOT_YET, Editorial
from desk.editor.forms import Flat, flat_of, read, rechecked, redated
from desk.editor.naming import title_of
from desk.editor.spreadsheet import Fault, Sheet, read_sheet
from desk.editor.together import Change, Outcome, Together
from desk.editor.wanted import Table, Wanted
from desk.staff.accounts import User
from knowledge.references import Place
from knowledge.schema import Document
from knowledge.store import Stored, body_of

MOST_CARRIED = 1_000_000
"""Characters of changed rows that a form brings back; a browser's form field may not be much longer."""
_CHANGED = "somebody changed it since you saw what would change → upload the file again"


@dataclass(frozen=True)
class Seen:
    """What the person who now says yes was shown: a document's revision, and its row in the file."""

    revision: int
    row: int

    @classmethod
    def read(cls, opened: str) -> dict[str, Seen]:
        """By key. Lines that say nothing are left out, so that their documents count as not seen."""
        parts = [line.split() for line in opened.splitlines()]
        return {p[0]: cls(int(p[1]), int(p[2])) for p in parts if len(p) == 3 and all(n.isdecimal() and len(n) < 10 for n in p[1:])}


@dataclass(frozen=True)
class Line:
    """One document the file changes or adds."""

    wanted: Wanted
    title: str
    change: Change
    before: Flat
    after: Flat

    @property
    def new(self) -> bool:
        return self.change.stored.body is None

    @property
    def differences(self) -> list[Difference]:
        return differences(type(self.change.document), {} if self.new else self.before, self.after)


@dataclass(frozen=True)
class Plan:
    """`carried`: the changed rows as a table, to be posted back. `absent`: columns that are not in the file, `untouched`:
    how many documents are not. `alone`: another person must publish it."""

    table: Table
    lines: tuple[Line, ...] = ()
    unchanged: int = 0
    untouched: int = 0
    absent: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    alone: bool = False

    @property
    def carried(self) -> str:
        return self.table.text((line.change.document for line in self.lines), {line.wanted.key for line in self.lines if line.wanted.spanish_fits})

    @property
    def opened(self) -> str:
        """At which revision each was seen, and in which row of the file it stood, for the form; `Seen.read` reads it."""
        return "\n".join(f"{line.wanted.key} {line.change.stored.revision} {line.wanted.row}" for line in self.lines)

    @property
    def added(self) -> int:
        return sum(line.new for line in self.lines)


class Importing:
    def __init__(self, editorial: Editorial, together: Together) -> None:
        self._editorial, self._together = editorial, together

    def plan(self, who: User, table: Table, data: bytes, seen: Mapping[str, Seen] | None = None) -> Plan:
        """What this file would do. `seen`: what was shown to the person who now says yes."""
        sheet = read_sheet(data, table.columns)
        if sheet.faults and not sheet.rows:
            return Plan(table, faults=sheet.faults)
        wanted, faults = table.wanted(sheet)
        if seen is not None:
            wanted = [replace(one, row=seen[one.key].row if one.key in seen else one.row) for one in wanted]
        faults += sheet.faults
        stored = self._editorial.store.of_kind(table.model.kind)
        lines, wrong = self._lines(table, wanted, stored, seen)
        faults += wrong
        faults += self._faults(who, lines)
        if len(table.text(line.change.document for line in lines)) > MOST_CARRIED:
            faults.append(Fault(0, "", "changes more rows than fit into one step → upload it in parts"))
        published = {key for key, one in stored.items() if one.body is not None}
        return Plan(
            table, tuple(lines), unchanged=len(wanted) - len(lines), untouched=len(published - {w.key for w in wanted}), absent=_absent(table, sheet),
            faults=tuple(sorted(dict.fromkeys(faults), key=lambda f: (f.row, f.column))), alone=any(self._together.needs_another(who, line.change) for line in lines),
        )  # fmt: skip

    def waiting(self, table: Table) -> bytes:
        """All drafts of this kind that wait for review, as a table: how another person publishes them at once."""
        drafts = [one.draft for one in self._editorial.store.unfinished() if one.kind == table.model.kind and one.submitted_by and one.draft]
        found = (read(table.model, flat_of(table.model, draft))[0] for draft in drafts)
        return table.text(document for document in found if document is not None).encode()

    def apply(self, who: User, plan: Plan, why: str, override: str = "") -> Outcome:
        """Publish all of a plan without faults, or send all of it for review where another person must publish it."""
        changes = [line.change for line in plan.lines]
        return self._together.submit(who, changes, why) if plan.alone else self._together.publish(who, changes, why, override)

    # -- inside --------------------------------------------------------------------------------------------------------

    def _lines(
        self, table: Table, wanted: Iterable[Wanted], stored: Mapping[str, Stored], seen: Mapping[str, Seen] | None
    ) -> tuple[list[Line], list[Fault]]:
        lines, faults, today = list[Line](), list[Fault](), self._editorial.assistant.today()
        for one in wanted:
            had = stored.get(one.key, NOT_YET)
            if had.body is None and table.only_known:
                faults.append(
                    Fault(one.row, table.columns[0], f"there is no {table.model.kind} “{one.key}” → correct its name, or make it in the editor first")
                )
                continue
            before, drafted = flat_of(table.model, had.body or {}), flat_of(table.model, had.draft or had.body or {})
            after = rechecked(before, redated(table.model, drafted, one.over(before), today, one.spanish_fits), today)
            document, wrong = read(table.model, after)
            faults += [Fault(*one.at(name, words), words) for name, words in dict(wrong).items() if one.key or name != "id"]
            if document is None or body_of(document) == had.body:
                continue
            if seen is not None and (one.key not in seen or seen[one.key].revision != had.revision):
                faults.append(Fault(one.row, "", _CHANGED))
            draft_seen = had.draft is not None and had.draft == body_of(document)
            lines.append(Line(one, title_of(body_of(document)) or one.key, Change(document, had, draft_seen), before, after))
        return lines, faults

    def _faults(self, who: User, lines: list[Line]) -> Iterator[Fault]:
        """What speaks against these documents among all that is published, at their rows."""
        by_place = {line.change.place: line.wanted for line in lines}
        assistant = self._editorial.assistant
        documents: list[Document] = [line.change.document for line in lines]
        yield from at_rows(by_place, faults_among(documents, assistant.runtime.snapshot(), assistant.today()))
        mine = who if self._editorial.second_person else None
        for line in lines:
            if words := self._together.busy(line.change, mine):
                yield Fault(line.wanted.row, "", words)


def at_rows(rows: Mapping[Place, Wanted], remarks: Mapping[Place, list[Remark]]) -> Iterator[Fault]:
    """Remarks about documents, where they stand in the file."""
    for place, found in remarks.items():
        for remark in found:
            yield Fault(*rows[place].at(remark.field, remark.words), remark.words)


def _absent(table: Table, sheet: Sheet) -> tuple[str, ...]:
    return tuple(name for name in table.columns if name not in sheet.columns)
