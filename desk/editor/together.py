"""Several documents published at once, all or none: checked again, rolled over, brought in from a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from desk.editor.checks import Remark, faults_among
from desk.editor.editorial import Editorial
from desk.staff.accounts import User
from desk.staff.audit import Audit
from knowledge.errors import RevisionConflict
from knowledge.references import Place
from knowledge.regression_gate import Culprit
from knowledge.schema import Document
from knowledge.store import Stored, body_of

_KEPT_BY_THE_PROGRAM = frozenset({"checked_on"})


@dataclass(frozen=True)
class Change:
    """`stored`: the document as it was when the change was made; its draft counts as seen if `draft_seen`."""

    document: Document
    stored: Stored
    draft_seen: bool = False

    @property
    def place(self) -> Place:
        return self.document.kind, self.document.key

    @property
    def says_the_same(self) -> bool:
        """Does nothing differ but the day it was checked?"""
        before, after = self.stored.body or {}, body_of(self.document)
        return {n: v for n, v in before.items() if n not in _KEPT_BY_THE_PROGRAM} == {n: v for n, v in after.items() if n not in _KEPT_BY_THE_PROGRAM}


@dataclass(frozen=True)
class Outcome:
    """`done`: how many were published. None, and why: `faults` by document, or the questions that would be answered wrongly."""

    done: int = 0
    faults: dict[Place, list[Remark]] = field(default_factory=dict)
    culprits: tuple[Culprit, ...] = ()


class Together:
    def __init__(self, editorial: Editorial, audit: Audit) -> None:
        self._editorial, self._audit = editorial, audit

    def publish(self, who: User, changes: Sequence[Change], why: str, override: str = "") -> Outcome:
        """One revision and one line in the audit log each. `override`: the reason, if accepted questions would be answered differently."""
        if faults := self.faults(who, changes):
            return Outcome(faults=faults)
        culprits = self._editorial.trying.harm(put=tuple(change.document for change in changes)) if changes else []
        if culprits and not override:
            return Outcome(culprits=tuple(culprits))
        return self._write(who, changes, f"{why} ({len(culprits)} accepted questions are answered differently: {override})" if culprits else why)

    def faults(self, who: User, changes: Sequence[Change]) -> dict[Place, list[Remark]]:
        """Everything that speaks against publishing these together, by document."""
        runtime, today = self._editorial.assistant.runtime, self._editorial.assistant.today()
        faults = faults_among([change.document for change in changes], runtime.snapshot(), today)
        for change in changes:
            if words := self.busy(change) or self._alone(who, change):
                faults.setdefault(change.place, []).append(Remark("document", "Not now", words))
        return faults

    def submit(self, who: User, changes: Sequence[Change], why: str) -> Outcome:
        """Send them for review instead, where a second person publishes: one draft each, all or none."""
        faults = {change.place: [Remark("document", "Not now", words)] for change in changes if (words := self.busy(change, who))}
        if faults:
            return Outcome(faults=faults)
        try:
            self._editorial.store.submit_all([(change.document, change.stored.revision) for change in changes], who.email, why)
        except RevisionConflict as met:
            return Outcome(faults=_met(met))
        self._note(who, "submit", changes, why)
        return Outcome(done=len(changes))

    def busy(self, change: Change, mine: User | None = None) -> str:
        """Is there a draft that would be lost? `mine`: whose own drafts may be written over."""
        stored = change.stored
        if stored.draft is None or change.draft_seen or (mine and stored.drafted_by == mine.email):
            return ""
        return f"{stored.drafted_by or 'somebody'} is writing on it → publish or discard that draft first"

    def needs_another(self, who: User, change: Change) -> bool:
        """The rule of two: must somebody else publish it? Only the words of another, and a mere new day of checking, may go."""
        stored = change.stored
        of_another = stored.draft is not None and stored.draft == body_of(change.document) and stored.drafted_by != who.email
        return self._editorial.second_person and not (of_another or change.says_the_same)

    def _write(self, who: User, changes: Sequence[Change], why: str) -> Outcome:
        try:
            self._editorial.store.publish_all([(change.document, change.stored.revision) for change in changes], who.email, why)
        except RevisionConflict as met:
            return Outcome(faults=_met(met))
        self._note(who, "publish", changes, why)
        self._editorial.assistant.runtime.current()  # so that the next student does not wait for the index
        return Outcome(done=len(changes))

    def _alone(self, who: User, change: Change) -> str:
        return "whoever wrote it cannot publish it here → let another editor publish it" if self.needs_another(who, change) else ""

    def _note(self, who: User, action: str, changes: Sequence[Change], why: str) -> None:
        self._audit.note_all(who.email, action, [" ".join(change.place) for change in changes], why=why, together=len(changes))


def _met(conflict: RevisionConflict) -> dict[Place, list[Remark]]:
    return {(conflict.kind, conflict.key): [Remark("document", "Not now", "somebody changed it meanwhile → look at it again")]}
