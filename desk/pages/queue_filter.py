"""Which conversations of the queue an advisor wants to see. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Query

from desk.conversations.states import State
from desk.pages.wording import LANGUAGES, REASONS

URGENCIES = {"crisis": "Crisis", "high": "Urgent", "normal": "Normal"}
WHOSE = {"waiting": "Waiting", "mine": "With me", "others": "With others"}


@dataclass(frozen=True)
class QueueFilter:
    """Empty: all. `office`: its number, or 0 for those that wait for no office."""

    language: str = ""
    reason: str = ""
    urgency: str = ""
    whose: str = ""
    office: int | None = None

    @property
    def chosen(self) -> int:
        """How many filters are set."""
        return sum([bool(self.language), bool(self.reason), bool(self.urgency), bool(self.whose), self.office is not None])

    def fits(self, item: Mapping[str, Any], user_id: int) -> bool:
        whose = "waiting" if item["state"] == State.WAITING else "mine" if item["owner_id"] == user_id else "others"
        wanted = ((self.language, item["language"]), (self.reason, item["reason"]), (self.urgency, item["urgency"]), (self.whose, whose))
        return all(want in ("", has) for want, has in wanted) and self.office in (None, item["office_id"] or 0)


def asked_for(
    language: Literal["", "en", "es"] = "",
    reason: Literal["", "asked", "misses", "crisis", "frustration", "topic"] = "",
    urgency: Literal["", "crisis", "high", "normal"] = "",
    whose: Literal["", "waiting", "mine", "others"] = "",
    office: Annotated[str, Query(pattern=r"^\d{0,9}$")] = "",
) -> QueueFilter:
    """From the page's address."""
    return QueueFilter(language, reason, urgency, whose, int(office) if office else None)


def choices(offices: Mapping[int, str]) -> dict[str, tuple[str, dict[str, str]]]:
    """The filters as the page shows them: name → (label, values with their words)."""
    found = {
        "whose": ("Whose", WHOSE),
        "urgency": ("Urgency", URGENCIES),
        "reason": ("Reason", REASONS),
        "language": ("Language", LANGUAGES),
    }
    if offices:
        found["office"] = ("Office", {**{str(number): name for number, name in offices.items()}, "0": "No office"})
    return found
