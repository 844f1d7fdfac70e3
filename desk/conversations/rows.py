"""Rows of the database: finding one, and reading it as a value the desk speaks of."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from desk.conversations.model import Conversation, Draft, Message
from desk.conversations.states import State
from desk.errors import Conflict, NotFound
from desk.tables import ConversationRow, MessageRow


def conversation_of(row: ConversationRow | Row[Any]) -> Conversation:
    return Conversation(
        row.id, State(row.state), "es" if row.language == "es" else "en", row.owner_id, row.last_seq, dict(row.memory), row.created_at, row.updated_at
    )


def message_of(row: MessageRow, author: str | None = None) -> Message:
    return Message(
        row.conversation_id, row.seq, row.client_id, row.sender, row.text, "es" if row.language == "es" else "en",  # type: ignore[arg-type]
        row.created_at, row.choice_id, list(row.choices or []), row.answer, row.provenance, author,
    )  # fmt: skip


def offered_by(row: MessageRow) -> list[dict[str, Any]]:
    """Every button of a message: its choices, and those on the steps of a checklist."""
    steps = (row.answer or {}).get("steps") or []
    return [*(row.choices or []), *(step[kind] for step in steps for kind in ("choice", "tick") if step.get(kind))]


def sent_before(session: Session, conversation_id: str, draft: Draft) -> MessageRow | None:
    """The message already stored under the draft's client id, if its sender made it; Conflict if another one did."""
    if draft.client_id is None:
        return None
    known = session.scalar(select(MessageRow).where(MessageRow.conversation_id == conversation_id, MessageRow.client_id == draft.client_id))
    if known is not None and (known.sender, known.author_id) != (draft.sender, draft.author_id):
        raise Conflict("This client_id belongs to another message of the conversation. Make a new one.")
    return known


def row_of(session: Session, conversation_id: str, lock: bool = False) -> ConversationRow:
    row = session.get(ConversationRow, conversation_id, with_for_update=lock or None)
    if row is None:
        raise NotFound("There is no such conversation.")
    return row


def changed_since(row: ConversationRow, state: State | None, owner_id: int | None, updated_at: dt.datetime | None) -> bool:
    """Is anything different from what somebody saw? None: they did not look at that."""
    return (state not in (None, row.state)) or (owner_id not in (None, row.owner_id)) or (updated_at not in (None, row.updated_at))
