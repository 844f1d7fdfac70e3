"""From counts to what the page says: sentences' numbers, tables, charts. Everything that leaves here has its small cells hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from desk.insight.charts import Point, bars, line
from desk.insight.counting import By, Counting, Helpful
from desk.insight.equity import Compared, compared
from desk.insight.model import KINDS, Cell, Counted, Misses, Span, Table, Wait
from desk.insight.shares import median
from desk.insight.small_cells import Shown, few, hide
from knowledge.pathways_places import counties
from knowledge.snapshot import Snapshot

UNKNOWN, NO_TOPIC = "Not known", "No topic of ours"
MOST_DAYS = 45
LANGUAGES = {"en": "English", "es": "Spanish"}
COLUMNS = ("questions", "students", *KINDS, "answered %")
Name = Callable[[str | None], str]


@dataclass(frozen=True)
class Summary:
    """The page's first sentences; None where too few students stand behind a number."""

    total: Shown
    helpful: float | None
    rated: int | None
    wait: float | None
    waited: int | None
    came: float | None


@dataclass(frozen=True)
class Insight:
    summary: Summary
    trend: Table
    asked_chart: str
    answered_chart: str
    hours: Table
    hours_chart: str
    topics: Table
    rising: Table
    groups: tuple[Table, ...]
    languages: Compared
    regions: Compared

    def tables(self) -> dict[str, Table]:
        every = (self.trend, self.hours, self.topics, self.rising, *self.groups, self.languages.table, self.regions.table)
        return {table.name: table for table in every}


def insight(counting: Counting, span: Span, snapshot: Snapshot) -> Insight:
    by: By = "day" if (span.until - span.since).days <= MOST_DAYS else "week"
    helpful, waits = counting.helpful(span), counting.waits(span)
    languages, places = counting.questions(span, "language"), counting.questions(span, "county")
    (total,) = counting.questions(span) or [Counted("all", 0, 0, (0,) * len(KINDS))]
    trend, hours = hide(_every(counting.questions(span, by), counting.keys(span, by))), hide(counting.questions(span, "hour"))
    named_county = _county_names(snapshot)
    network = _networks(snapshot)
    topic = lambda key: snapshot.topics[key].name.en if key in snapshot.topics else NO_TOPIC  # noqa: E731
    return Insight(
        _summary(total, helpful, waits),
        _table("trend", f"By {by}", trend, lambda key: key or UNKNOWN, f"A {by} with fewer than 5 students is hidden."),
        bars([Point(s.key or "", s.questions) for s in trend], f"Questions by {by}"),
        line([Point(s.key or "", s.share(0)) for s in trend], f"Share of questions answered by {by}"),
        _table("hours", "By hour of the day", hours, _hour),
        bars([Point(_hour(str(n)), next((s.questions for s in hours if s.key == str(n)), 0)) for n in range(24)], "Questions by hour of the day"),
        _table("topics", "By topic", sorted(hide(counting.questions(span, "topic")), key=lambda s: -(s.questions or 0)), topic),
        _rising(counting.rising(span.until), topic),
        (
            _table("devices", "By device", hide(counting.questions(span, "device")), lambda key: (key or UNKNOWN).capitalize()),
            _table("counties", "By county a student named", sorted(hide(places), key=lambda s: -(s.questions or 0)), named_county),
        ),
        compared("languages", "By language", languages, helpful, waits, lambda key: LANGUAGES.get(key or "", UNKNOWN), total, lambda part: part.language),
        compared("regions", "By region (STEM network)", _joined(places, network), helpful, waits, lambda key: key or UNKNOWN, total, lambda part: network(part.county)),
    )  # fmt: skip


def _summary(total: Counted, helpful: Sequence[Helpful], waits: Sequence[Wait]) -> Summary:
    (shown,) = hide([total])
    yes, said, raters = (sum(getattr(h, name) for h in helpful) for name in ("yes", "said", "students"))
    ended = [w.minutes for w in waits if w.minutes is not None]
    waiters = len({w.conversation_id for w in waits})
    clear = not few(raters) and not few(yes) and not few(said - yes) and said > 0
    enough = waiters > 0 and not few(waiters)
    return Summary(
        shown, yes / said if clear else None, said if clear else None, median(ended) if enough and not few(len(ended)) else None, waiters if enough else None,
        len(ended) / len(waits) if enough and not few(len(waits) - len(ended)) else None,
    )  # fmt: skip


def _every(rows: Sequence[Counted], keys: Sequence[str]) -> list[Counted]:
    """One row a key, with noughts where nobody asked."""
    known = {row.key: row for row in rows}
    return [known.get(key, Counted(key, 0, 0, (0,) * len(KINDS))) for key in keys]


def _table(name: str, title: str, rows: Sequence[Shown], label: Name, note: str = "") -> Table:
    return Table(name, title, COLUMNS, tuple((label(s.key), cells_of(s)) for s in rows), note)


def cells_of(shown: Shown) -> tuple[Cell, ...]:
    share = shown.share(0)
    return (shown.questions, shown.students, *shown.parts, None if share is None else round(share * 100, 1))


def _rising(found: Iterable[Misses], label: Name) -> Table:
    """Topics whose missed questions grew, the steepest first."""
    grew = sorted((m for m in found if m.now > m.before and not few(m.now)), key=lambda m: (m.before - m.now, str(m.topic)))
    rows = tuple((label(m.topic), (None if few(m.before) else m.before, m.now)) for m in grew)
    return Table("rising", "Missed more than the week before", ("students, week before", "students, this week"), rows)


def _joined(rows: Sequence[Counted], key: Callable[[str | None], str | None]) -> list[Counted]:
    """Rows of the same key added up; a conversation names one county, so students add up, too."""
    sums: dict[str | None, Counted] = {}
    for row in rows:
        name, old = key(row.key), sums.get(key(row.key))
        parts = tuple(a + b for a, b in zip(row.parts, old.parts)) if old else row.parts
        sums[name] = Counted(name, row.questions + (old.questions if old else 0), row.students + (old.students if old else 0), parts)
    return [sums[name] for name in sorted(sums, key=str)]


def _county_names(snapshot: Snapshot) -> Name:
    known = counties(snapshot)
    return lambda key: f"{known[key].name} County" if key in known else UNKNOWN


def _networks(snapshot: Snapshot) -> Callable[[str | None], str | None]:
    known = counties(snapshot)
    return lambda key: known[key].stem_network if key in known else None


def _hour(key: str | None) -> str:
    hour = int(key or 0)
    return f"{(hour + 11) % 12 + 1} {'AM' if hour < 12 else 'PM'}"
