"""The statements of every turn say the same as the ORM's rows, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine

from desk.conversations import turn_rows
from desk.conversations.model import Draft
from desk.conversations.rows import conversation_of, message_of, row_of
from desk.conversations.states import BOT_SPEAKS
from desk.conversations.store import ConversationStore
from desk.database import migrate
from desk.errors import NotFound
from desk.settings import Settings
from desk.tables import MessageRow
from knowledge.store import make_engine
from tests.integration.conftest import Wire

REPLY = Draft(
    "bot", "Yes.", "es", choices=[{"id": "a", "label": "¿A?"}], answer={"status": "answered", "topic": "t", "score": 0.5}, provenance={"rule": "r"}
)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, wired: Wire, engines: list[Engine]) -> ConversationStore:
    if request.param == "sqlite":
        return wired(None).store
    url = Settings(_env_file=None, database_url=request.getfixturevalue("postgres_url")).database_url  # type: ignore[call-arg]
    engines.append(make_engine(url))
    migrate(engines[-1])
    return ConversationStore(engines[-1], lambda: dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC))


def test_a_turn_stores_what_the_orm_reads(store: ConversationStore) -> None:
    conversation, _, _ = store.open("en", [])
    arrival = store.add_from_student(conversation.id, Draft("student", "¿Y eso?", "es", "m1", pending=True, provenance={"masked": ["ssn"]}))
    assert store.messages(conversation.id) == [arrival.message]
    assert arrival.taken == store.access_for_staff(conversation.id)
    finished = store.finish_turn(conversation.id, 1, [REPLY, Draft("bot", "More.", "es")], {"facts": {"county": "King"}}, BOT_SPEAKS, "en")
    assert finished is not None
    assert [arrival.message, *finished.said] == store.messages(conversation.id)
    with store.reading() as session:
        assert turn_rows.found(session.connection(), conversation.id) is not None
        row, columns = row_of(session, conversation.id), turn_rows.locked(session.connection(), conversation.id)
        assert conversation_of(row) == conversation_of(columns)
        assert (row.last_seq, row.county, row.memory, row.language, row.claimed_by) == (3, "King", {"facts": {"county": "King"}}, "en", None)
        asked = session.get_one(MessageRow, (conversation.id, 1))
        assert (asked.pending, asked.outcome, asked.topic, asked.score) == (False, "answered", "t", 0.5)
        assert message_of(asked) == arrival.message


def test_the_store_tells_what_waits(store: ConversationStore) -> None:
    conversation, _, _ = store.open("en", [])
    first = store.add_from_student(conversation.id, Draft("student", "one", "en", "m1", pending=True))
    again = store.add_from_student(conversation.id, Draft("student", "one", "en", "m1", pending=True))
    second = store.add_from_student(conversation.id, Draft("student", "two", "en", "m2", pending=True))
    assert first.new
    assert first.taken is not None
    assert (again.new, again.taken, again.message) == (False, None, first.message)
    assert second.taken is None, "an earlier one waits"
    ends = [store.finish_turn(conversation.id, seq, [], {}, BOT_SPEAKS, None) for seq in (1, 2)]
    assert [end and end.more for end in ends] == [True, False]
    assert store.finish_turn(conversation.id, 2, [REPLY], {}, BOT_SPEAKS, None) is None, "dealt with already"
    assert len(store.messages(conversation.id)) == 2


def test_a_conversation_that_is_gone_is_not_found(store: ConversationStore) -> None:
    with pytest.raises(NotFound):
        store.add_from_student("gone", Draft("student", "one", "en", "m1", pending=True))
