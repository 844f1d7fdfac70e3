"""Everything that can go wrong in knowledge.

KnowledgeError
├── ContentError        faults in content files; nothing was loaded
├── StoreUnavailable    the database cannot be reached or is not migrated
├── RevisionConflict    the document changed since the editor opened it
└── UnknownDocument     no document of that kind and id
"""

from __future__ import annotations

from dataclasses import dataclass


class KnowledgeError(Exception):
    """Base of this tree."""


@dataclass(frozen=True)
class Fault:
    """One fault in one content file, precise enough to mend without reading code.

    `where` is ``file:entry:field``; `what` says what is wrong; `mend` says what to do about it.
    """

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} → {self.mend}"


class ContentError(KnowledgeError):
    """Content files hold faults. All of them are in `faults`."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join([f"{len(faults)} fault(s) in the content; nothing was loaded.", *map(str, faults)]))


class StoreUnavailable(KnowledgeError):
    """The database cannot be used; the message names the address (without password) and the mend."""


class RevisionConflict(KnowledgeError):
    """Somebody else saved the document first."""

    def __init__(self, kind: str, key: str, opened: int, current: int) -> None:
        self.kind, self.key, self.opened, self.current = kind, key, opened, current
        super().__init__(f"{kind} {key} was opened at revision {opened} but is now at {current}.")


class UnknownDocument(KnowledgeError):
    """No such document."""

    def __init__(self, kind: str, key: str) -> None:
        self.kind, self.key = kind, key
        super().__init__(f"There is no {kind} named {key!r}.")
