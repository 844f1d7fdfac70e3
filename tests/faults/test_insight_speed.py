"""The staff pages over a hundred thousand messages: insight, review and inbox stay quick."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import Engine, insert

from desk.database import migrate
from desk.insight.counting import Counting
from desk.insight.model import Span
from desk.insight.report import insight
from desk.learning.miss_store import MissStore
from desk.learning.ranking import ranked_groups, shipped_harms
from desk.office_days import begin_of
from desk.review.model import Wanted
from desk.review.review_store import ReviewStore
from desk.tables import ConversationRow, FeedbackRow, HandOffRow, MessageRow, MissRow
from knowledge.snapshot import Snapshot
from knowledge.store import make_engine

MESSAGES, EACH, MISSES = 100_000, 10, 2_000
LAST = dt.datetime(2026, 11, 23, 18, tzinfo=dt.UTC)
SEATTLE = ZoneInfo("America/Los_Angeles")
YEAR = Span(begin_of(dt.date(2025, 11, 24), SEATTLE), begin_of(dt.date(2026, 11, 24), SEATTLE))
LIMIT_S = 3.0
OUTCOMES = ["answered"] * 14 + ["clarify"] * 3 + ["not_covered", "out_of_scope", "handoff"]


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A year of 10,000 conversations of five questions and five answers."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('busy') / 'desk.db'}")
    migrate(engine)
    draw = random.Random(7)
    topics, counties = [f"topic_{n}" for n in range(58)], [None, None, "king", "pierce", "yakima", "spokane", "clark", "ferry"]
    conversations, messages, feedback, waits = [], [], [], []
    for n in range(MESSAGES // EACH):
        at = LAST - dt.timedelta(minutes=draw.randrange(60 * 24 * 364))
        key, language = f"c{n}", draw.choice(["en", "en", "en", "es"])
        conversations.append({"id": key, "token_digest": key, "state": "with_bot", "language": language, "last_seq": EACH, "memory": {}, "created_at": at, "updated_at": at,
                              "device": draw.choice(["phone", "phone", "desktop"]), "county": draw.choice(counties)})  # fmt: skip
        for seq in range(1, EACH + 1):
            asked = seq % 2 == 1
            told = (
                {"outcome": draw.choice(OUTCOMES), "topic": draw.choice(topics), "score": draw.random()}
                if asked
                else {"outcome": None, "topic": None, "score": None}
            )
            messages.append({"conversation_id": key, "seq": seq, "sender": "student" if asked else "bot", "text": "how much is it" * 3, "language": language,
                             "choices": [], "answer": None if asked else {"status": "answered", "sources": [{"title": "x" * 60}]}, "pending": False, "created_at": at, **told})  # fmt: skip
        if n % 4 == 0:
            feedback.append({"conversation_id": key, "seq": 2, "helpful": draw.random() < 0.8, "comment": "", "at": at})
        if n % 20 == 0:
            waits.append(
                {
                    "conversation_id": key,
                    "reason": "asked",
                    "urgency": "normal",
                    "asked_at": at,
                    "taken_at": at + dt.timedelta(minutes=draw.randrange(60)),
                }
            )
    normal = np.random.default_rng(7).normal(size=(MISSES, 384)).astype(np.float32)
    vectors = (normal / np.linalg.norm(normal, axis=1, keepdims=True)).astype("<f2")
    misses = [{"conversation_id": f"c{n}", "seq": 1, "why": "not_covered", "text": f"question {n}", "language": "en", "at": LAST, "topic": draw.choice(topics),
               "nearest": f"entry_{n % 300}", "vector": vectors[n].tobytes(), "encoder": "x"} for n in range(MISSES)]  # fmt: skip
    with engine.begin() as connection:
        for table, rows in (
            (ConversationRow, conversations),
            (MessageRow, messages),
            (FeedbackRow, feedback),
            (HandOffRow, waits),
            (MissRow, misses),
        ):
            connection.execute(insert(table), rows)
    yield engine
    engine.dispose()


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def test_a_year_of_insight_is_counted_quickly(busy: Engine, tiny_snapshot: Snapshot) -> None:
    counting = Counting(busy, SEATTLE)
    took = {by: seconds(lambda by=by: counting.questions(YEAR, by)) for by in ("all", "language", "topic", "device", "county", "hour", "week")}
    whole = seconds(lambda: insight(counting, YEAR, tiny_snapshot))
    month = seconds(lambda: insight(counting, Span(begin_of(dt.date(2026, 10, 25), SEATTLE), YEAR.until), tiny_snapshot))
    print({by: round(1000 * s) for by, s in took.items()}, f"page: a year {1000 * whole:.0f} ms, 30 days {1000 * month:.0f} ms")
    assert whole < LIMIT_S


@pytest.mark.parametrize(
    "filters",
    [{}, {"loops": True}, {"low": True}, {"topic": "topic_3"}, {"unhelpful": True}, {"reason": "asked"}, {"sample": 20, "day": "2026-11-23"}],
)
def test_conversations_are_found_quickly(busy: Engine, filters: dict[str, object]) -> None:
    store = ReviewStore(busy, lambda: LAST)
    took = seconds(lambda: store.find(Wanted(YEAR.since, YEAR.until, **filters)))  # type: ignore[arg-type]
    print(filters, f"{1000 * took:.0f} ms")
    assert took < LIMIT_S


def test_two_thousand_open_misses_are_grouped_quickly(busy: Engine, tiny_snapshot: Snapshot) -> None:
    store = MissStore(busy, lambda: LAST)
    took = seconds(lambda: ranked_groups(store.open(), tiny_snapshot, shipped_harms()))
    print(f"{1000 * took:.0f} ms")
    assert took < LIMIT_S
