"""What a week's e-mail tells one person. Pure, given the day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from desk.editor.freshness import NEEDS, Line, Need
from desk.staff.accounts import User
from language.normalise import fold

SAID: dict[Need, str] = {"expired": "expired", "expiring": "expires soon", "dead_link": "has a dead link", "checked_long_ago": "was checked long ago"}


@dataclass(frozen=True)
class Waiting:
    """What waits for editors, in numbers only: nothing a student wrote goes by e-mail."""

    groups: int = 0
    students: int = 0
    grave: int = 0
    drafts: int = 0


@dataclass(frozen=True)
class Digest:
    """`own`: lines whose owner is this person; `others`: the rest, for editors. Both the most pressing first."""

    own: tuple[Line, ...]
    others: tuple[Line, ...]
    waiting: Waiting

    @property
    def empty(self) -> bool:
        return not (self.own or self.others or self.waiting.groups or self.waiting.drafts)

    @property
    def counts(self) -> dict[str, int]:
        """How many documents have each need, in words, those without any left out."""
        needs = [need for line in (*self.own, *self.others) for need in line.needs]
        return {SAID[need]: needs.count(need) for need in NEEDS if need in needs}


def readers(users: Iterable[User]) -> list[User]:
    """Who gets it: everybody active, but admins only where there is no editor."""
    active = [user for user in users if user.active]
    return [user for user in active if user.role != "admin" or not any(u.role == "editor" for u in active)]


def digest_for(user: User, lines: Iterable[Line], waiting: Waiting) -> Digest:
    """Editors hear of everything; an advisor of the documents whose owner they are."""
    found = list(lines)
    own = tuple(line for line in found if line.owner in owner_names(user))
    if not user.may("editor"):
        return Digest(own, (), Waiting())
    return Digest(own, tuple(line for line in found if line not in own), waiting)


def owner_names(user: User) -> frozenset[str]:
    """How documents name this person as their owner: by the name or by what stands before the @, in small letters with _ between."""
    return frozenset({"_".join(re.findall(r"[a-z0-9]+", fold(text))) for text in (user.name, user.email.partition("@")[0])})


def last_due(now: dt.datetime, weekday: int, hour: int) -> dt.datetime:
    """The last moment, in the zone of `now`, that fell on this weekday (Monday: 0) at this full hour."""
    day = now.date() - dt.timedelta(days=(now.weekday() - weekday) % 7)
    due = dt.datetime.combine(day, dt.time(hour), now.tzinfo)
    return due if due <= now else dt.datetime.combine(day - dt.timedelta(days=7), dt.time(hour), now.tzinfo)
