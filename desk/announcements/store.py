"""The announcement of now, in SQL and remembered for two seconds: it is asked for at every turn."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

from anyio import to_thread
from sqlalchemy import Engine, Select, select, update
from sqlalchemy.orm import Session

from desk.announcements.tables import AnnouncementRow
from desk.conversations.store import Clock
from desk.errors import Invalid
from desk.tables import ConversationRow
from knowledge.schema import Language
from knowledge.store import Sessions
from language.normalise import clean

FRESH_S = 2.0
LONGEST = dt.timedelta(days=31)
MOST_CHARACTERS = 1000


@dataclass(frozen=True)
class Announcement:
    """`pauses`: the program does not answer questions while it lasts."""

    id: int
    text: dict[Language, str]
    pauses: bool
    by: str
    begun_at: dt.datetime
    ends_at: dt.datetime
    ended_at: dt.datetime | None

    @property
    def mark(self) -> str:
        """The client id of its system messages. No student can make one with a space, so each conversation gets it once."""
        return f"announcement {self.id}"

    @property
    def over_at(self) -> dt.datetime:
        return min(self.ends_at, self.ended_at or self.ends_at)


class Announcements:
    def __init__(self, engine: Engine, clock: Clock) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading, self._clock = sessions.writing, sessions.reading, clock
        self._read: tuple[float, Announcement | None] | None = None

    def now(self) -> Announcement | None:
        """What is announced at this moment; None when nothing is, or its time is over."""
        if not self._is_fresh():
            with self._reading() as session:
                row = session.scalar(_newest())
            self._read = (time.monotonic(), _read(row) if row else None)
        return self.latest()

    async def at_hand(self) -> Announcement | None:
        """The same for the event loop: a thread is taken only when the database must be asked."""
        return self.latest() if self._is_fresh() else await to_thread.run_sync(self.now)

    def _is_fresh(self) -> bool:
        return self._read is not None and time.monotonic() - self._read[0] <= FRESH_S

    def latest(self) -> Announcement | None:
        """The announcement of now as far as this process has heard, without asking the database: for every page's margin."""
        found = self._read[1] if self._read else None
        return found if found and self._clock() < found.over_at else None

    def begin(self, text_en: str, text_es: str, pauses: bool, ends_at: dt.datetime, by: str) -> Announcement:
        """Takes the place of what was announced before. Raises Invalid with words that say what to change."""
        now, text_en, text_es = self._clock(), clean(text_en), clean(text_es)
        if not text_en or not text_es:
            raise Invalid("Write the announcement in English and in Spanish.")
        if max(len(text_en), len(text_es)) > MOST_CHARACTERS:
            raise Invalid(f"An announcement can have at most {MOST_CHARACTERS} characters in each language.")
        if not now < ends_at <= now + LONGEST:
            raise Invalid(f"The end must be in the future, and at most {LONGEST.days} days from now.")
        with self._writing() as session:
            _end(session, now)
            row = AnnouncementRow(text_en=text_en, text_es=text_es, pauses=pauses, by=by, begun_at=now, ends_at=ends_at)
            session.add(row)
            session.flush()
            made = _read(row)
        self._read = None
        return made

    def end(self) -> None:
        with self._writing() as session:
            _end(session, self._clock())
        self._read = None

    def history(self, most: int = 20) -> list[Announcement]:
        """Newest first."""
        with self._reading() as session:
            return [_read(row) for row in session.scalars(_newest(most))]

    def conversations_since(self, since: dt.datetime, most: int = 5000) -> list[str]:
        """Where somebody was active since then and may have the chat open."""
        with self._reading() as session:
            return list(session.scalars(select(ConversationRow.id).where(ConversationRow.updated_at >= since).limit(most)))


def _newest(most: int = 1) -> Select[AnnouncementRow]:
    return select(AnnouncementRow).order_by(AnnouncementRow.id.desc()).limit(most)


def _end(session: Session, now: dt.datetime) -> None:
    session.execute(update(AnnouncementRow).where(AnnouncementRow.ended_at.is_(None), AnnouncementRow.ends_at > now).values(ended_at=now))


def _read(row: AnnouncementRow) -> Announcement:
    text: dict[Language, str] = {"en": row.text_en, "es": row.text_es}
    return Announcement(row.id, text, row.pauses, row.by, row.begun_at, row.ends_at, row.ended_at)
