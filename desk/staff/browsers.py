"""Signed-in browsers. A session ends after its hours, and sooner when nobody has touched it; only digests are kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from sqlalchemy import Engine, delete, or_, select, update
from sqlalchemy.orm import Session

from desk.conversations.store import Clock
from desk.tables import SessionRow, UserRow
from knowledge.store import Sessions

TOUCH = dt.timedelta(minutes=1)
"""A session's last act is written at most this often."""


class Browsers:
    """`length`: a session's longest life. `idle`: how long it lives without an act of a person."""

    def __init__(self, engine: Engine, clock: Clock, length: dt.timedelta, idle: dt.timedelta) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading = sessions.writing, sessions.reading
        self._clock, self._length, self._idle = clock, length, idle

    def begin(self, user_id: int) -> tuple[str, str]:
        """The cookie's value, which is kept nowhere, and the CSRF token."""
        cookie, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(24), self._clock()
        with self._writing() as session:
            session.execute(delete(SessionRow).where(or_(SessionRow.expires_at < now, SessionRow.acted_at < now - self._idle)))
            session.add(SessionRow(digest=_digest(cookie), user_id=user_id, csrf=csrf, created_at=now, acted_at=now, expires_at=now + self._length))
        return cookie, csrf

    def known(self, cookie: str, acts: bool) -> tuple[UserRow, str] | None:
        """Whose browser this is, and its CSRF token."""
        now = self._clock()
        with self._reading() as session:
            found = session.execute(
                select(SessionRow, UserRow).join(UserRow, UserRow.id == SessionRow.user_id).where(SessionRow.digest == _digest(cookie))
            ).first()
        if found is None or not found[1].active:
            return None
        acted = found[0].acted_at or found[0].created_at
        if found[0].expires_at < now or acted < now - self._idle:
            return None
        if acts and acted < now - TOUCH:
            with self._writing() as session:
                session.execute(update(SessionRow).where(SessionRow.digest == _digest(cookie)).values(acted_at=now))
        return found[1], found[0].csrf

    def end(self, cookie: str) -> None:
        with self._writing() as session:
            session.execute(delete(SessionRow).where(SessionRow.digest == _digest(cookie)))

    def forget(self, session: Session, user_id: int) -> None:
        """Every browser of an account, in the caller's transaction."""
        session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
