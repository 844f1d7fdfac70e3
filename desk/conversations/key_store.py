"""What opens a conversation: the token its device got at the start, and keys of devices that followed a link from an e-mail.

A link's words are signed and name one conversation and a day after which they are worth nothing. They open it, on as many
devices as the student likes, and do nothing else. The signature covers the conversation's own secret, so a link cannot be
made without the database, and it dies with the conversation.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, select
from sqlalchemy.orm import Session

from desk.conversations import turn_rows
from desk.conversations.model import Conversation
from desk.conversations.rows import conversation_of, row_of
from desk.errors import NotFound, NotSignedIn
from desk.tables import ConversationRow, KeyRow
from knowledge.store import Sessions

LINK_LASTS = dt.timedelta(days=7)
"""Long enough for somebody who reads e-mail once a week."""
MOST_KEYS = 10
"""Devices that can follow links into one conversation; the oldest has to follow a link again."""


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def unlocked(connection: Connection, conversation_id: str, token: str) -> Row[Any] | None:
    """The conversation's columns, if the token opens it. Takes as long for a wrong id as for a wrong token."""
    row = turn_rows.found(connection, conversation_id) if conversation_id.isprintable() else None
    known = digest(token)
    if hmac.compare_digest(row.token_digest if row else digest(""), known) and row:
        return row
    opens = connection.execute(select(KeyRow.conversation_id).where(KeyRow.digest == known)).scalar()
    return row if row is not None and opens == row.id else None


class Keys:
    """`secret` signs links."""

    def __init__(self, engine: Engine, clock: Callable[[], dt.datetime], secret: str) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading, self._clock, self._secret = sessions.writing, sessions.reading, clock, secret.encode()

    def link_words(self, conversation_id: str) -> tuple[str, dt.datetime]:
        """What a link carries that opens the conversation, and until when. Raises NotFound."""
        until = self._clock() + LINK_LASTS
        with self._reading() as session:
            row = row_of(session, conversation_id)
            return self._signed(row, int(until.timestamp())), until

    def open(self, words: str) -> tuple[Conversation, str]:
        """The conversation of a link and a new token for it, which is not kept. NotSignedIn, whatever is wrong with the link."""
        refused = NotSignedIn("This link does not open a conversation, or does not any more.")
        conversation_id, _, rest = words.partition(".")
        until, _, _ = rest.partition(".")
        if not (words.isascii() and words.isprintable() and until.isdigit() and len(until) < 12):
            raise refused
        with self._writing() as session:
            try:
                row = row_of(session, conversation_id, lock=True)
            except NotFound:
                raise refused from None
            if not hmac.compare_digest(words.encode(), self._signed(row, int(until)).encode()) or self._clock().timestamp() > int(until):
                raise refused
            return conversation_of(row), self._new_key(session, row.id)

    def _signed(self, row: ConversationRow, until: int) -> str:
        said = f"{row.id}.{until}"
        seal = hmac.new(self._secret, f"link\n{said}\n{row.token_digest}".encode(), hashlib.sha256).digest()
        return f"{said}.{base64.urlsafe_b64encode(seal).decode().rstrip('=')}"

    def _new_key(self, session: Session, conversation_id: str) -> str:
        token = secrets.token_urlsafe(32)
        newest = select(KeyRow.digest).where(KeyRow.conversation_id == conversation_id).order_by(KeyRow.made_at.desc())
        kept = session.scalars(newest.limit(MOST_KEYS - 1)).all()
        session.execute(delete(KeyRow).where(KeyRow.conversation_id == conversation_id, KeyRow.digest.not_in(kept)))
        session.add(KeyRow(digest=digest(token), conversation_id=conversation_id, made_at=self._clock()))
        return token
