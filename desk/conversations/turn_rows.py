"""The few statements of every turn, made once and without the ORM, which takes three times as long for the same rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, bindparam, func, insert, select, update

from desk.conversations.model import Draft, Message
from desk.errors import NotFound
from desk.tables import ConversationRow, MessageRow

_CONVERSATIONS, _MESSAGES = cast(Table, ConversationRow.__table__), cast(Table, MessageRow.__table__)
_C, _M = _CONVERSATIONS.c, _MESSAGES.c
_FOUND = select(_CONVERSATIONS).where(_C.id == bindparam("conversation"))
_LOCKED = _FOUND.with_for_update()
_OLDEST = select(func.min(_M.seq)).where(_M.conversation_id == bindparam("conversation"), _M.pending.is_(True))
_INSERTED = insert(_MESSAGES)
_CHANGED = update(_CONVERSATIONS).where(_C.id == bindparam("conversation"))
_DONE = update(_MESSAGES).where(_M.conversation_id == bindparam("conversation"), _M.seq == bindparam("number"), _M.pending.is_(True))


def found(connection: Connection, conversation_id: str) -> Row[Any] | None:
    """A conversation's columns, by their names."""
    return connection.execute(_FOUND, {"conversation": conversation_id}).one_or_none()


def locked(connection: Connection, conversation_id: str) -> Row[Any]:
    """The same; nobody else changes it until the transaction ends. Raises NotFound."""
    row = connection.execute(_LOCKED, {"conversation": conversation_id}).one_or_none()
    if row is None:
        raise NotFound("There is no such conversation.")
    return row


def oldest_pending(connection: Connection, conversation_id: str) -> int | None:
    """The number of the first student message that nobody has dealt with."""
    number: int | None = connection.execute(_OLDEST, {"conversation": conversation_id}).scalar()
    return number


def store(connection: Connection, conversation_id: str, seq: int, draft: Draft, now: dt.datetime) -> Message:
    row = {
        "conversation_id": conversation_id, "seq": seq, "client_id": draft.client_id, "sender": draft.sender, "author_id": draft.author_id,
        "text": draft.text, "language": draft.language, "choice_id": draft.choice_id, "choices": draft.choices, "answer": draft.answer,
        "provenance": draft.provenance, "pending": draft.pending, "created_at": now,
    }  # fmt: skip
    connection.execute(_INSERTED, row)
    return Message(
        conversation_id, seq, draft.client_id, draft.sender, draft.text, draft.language, now, draft.choice_id, draft.choices, draft.answer,
        draft.provenance,
    )  # fmt: skip


def change(connection: Connection, conversation_id: str, values: dict[str, Any]) -> None:
    """Give the conversation's row these values."""
    connection.execute(_CHANGED, {"conversation": conversation_id, **values})


def done(connection: Connection, conversation_id: str, seq: int, outcome: Mapping[str, Any]) -> bool:
    """Clear the pending mark of a message and note what became of it; False if it is clear already."""
    return bool(connection.execute(_DONE, {"conversation": conversation_id, "number": seq, "pending": False, **outcome}).rowcount)
