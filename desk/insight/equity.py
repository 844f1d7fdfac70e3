"""Do students get answers and people alike, whatever their language and region? Shares with their range, beside everybody's. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desk.insight.charts import interval
from desk.insight.counting import Helpful
from desk.insight.model import KINDS, Cell, Counted, Table, Wait
from desk.insight.shares import Range, median, range_of
from desk.insight.small_cells import few, hide

ANSWERED, NO_ANSWER, TO_A_PERSON = (tuple(KINDS).index(kind) for kind in ("answered", "no answer", "to a person"))
COLUMNS = (
    "students",
    "questions",
    "answered %",
    "from %",
    "to %",
    "no answer %",
    "to a person %",
    "helpful %",
    "minutes until a person came",
    "waits",
)


NOTHING = "–"


@dataclass(frozen=True)
class Group:
    """`differs`: everybody's share of answers lies outside this group's range. `picture`: the range, drawn."""

    label: str
    answered: Range | None
    differs: str
    picture: str


@dataclass(frozen=True)
class Compared:
    """`table` for reading and export, `groups` for the page in the same order, `gap`: points between best and worst answered."""

    table: Table
    groups: tuple[Group, ...]
    gap: float | None


def compared(
    name: str,
    title: str,
    rows: Sequence[Counted],
    helpful: Sequence[Helpful],
    waits: Sequence[Wait],
    label: Callable[[str | None], str],
    total: Counted,
    key_of: Callable[[Helpful | Wait], str | None],
) -> Compared:
    rated: dict[str | None, list[Helpful]] = defaultdict(list)
    waited: dict[str | None, list[Wait]] = defaultdict(list)
    for rating in helpful:
        rated[key_of(rating)].append(rating)
    for wait in waits:
        waited[key_of(wait)].append(wait)
    everybody = total.parts[ANSWERED] / total.questions if total.questions else None
    groups, lines = [], []
    for shown in hide(rows):
        answered = shown.parts[ANSWERED]
        spread = None if answered is None else range_of(answered, shown.questions or 0)
        groups.append(Group(label(shown.key), spread, _differs(spread, everybody), interval(spread.low, spread.value, spread.high) if spread else ""))
        shares = tuple(_percent(shown.share(part)) for part in (NO_ANSWER, TO_A_PERSON))
        ends = (_percent(spread.value), _percent(spread.low), _percent(spread.high)) if spread else (None, None, None)
        lines.append((label(shown.key), (shown.students, shown.questions, *ends, *shares, _helpful(rated[shown.key]), *_wait(waited[shown.key]))))
    values = [g.answered.value for g in groups if g.answered]
    note = "The range is what chance allows for so many questions (95 %). Groups differ for sure only where it leaves out everybody's share."
    return Compared(
        Table(f"equity-{name}", title, COLUMNS, tuple(lines), note), tuple(groups), (max(values) - min(values)) * 100 if len(values) > 1 else None
    )


def _differs(spread: Range | None, everybody: float | None) -> str:
    if spread is None or everybody is None or spread.low <= everybody <= spread.high:
        return ""
    return "fewer answered" if spread.high < everybody else "more answered"


def _percent(share: float | None) -> Cell:
    return None if share is None else round(share * 100, 1)


def _helpful(ratings: Sequence[Helpful]) -> Cell:
    yes, said, students = (sum(getattr(r, name) for r in ratings) for name in ("yes", "said", "students"))
    if not said:
        return NOTHING
    return None if few(students) or few(yes) or few(said - yes) else round(100 * yes / said, 1)


def _wait(waits: Sequence[Wait]) -> tuple[Cell, Cell]:
    """Minutes in the middle, and how often somebody waited."""
    students = len({w.conversation_id for w in waits})
    if not students:
        return NOTHING, 0
    if few(students):
        return None, None
    ended = [w.minutes for w in waits if w.minutes is not None]
    middle = median(ended) if len(ended) and not few(len(ended)) else None
    return (None if middle is None else round(middle, 1)), len(waits)
