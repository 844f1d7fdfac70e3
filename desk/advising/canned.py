"""Replies kept ready: written once by staff in both languages, put into a reply and changed at will."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, delete, select

from desk.advising.tables import CannedRow
from desk.errors import Conflict, Invalid, NotFound
from knowledge.store import Sessions

LONGEST_TITLE, LONGEST_TEXT = 80, 2000


@dataclass(frozen=True)
class Canned:
    id: int
    title: str
    text_en: str
    text_es: str


class CannedReplies:
    def __init__(self, engine: Engine) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading = sessions.writing, sessions.reading

    def all(self) -> list[Canned]:
        with self._reading() as session:
            return [_canned(row) for row in session.scalars(select(CannedRow).order_by(CannedRow.title))]

    def keep(self, title: str, text_en: str, text_es: str, canned_id: int | None = None) -> Canned:
        """A new one, or with `canned_id` the changed one. Raises Invalid, NotFound or Conflict with words that say what to change."""
        title, texts = " ".join(title.split()), (text_en.strip(), text_es.strip())
        if not title or len(title) > LONGEST_TITLE:
            raise Invalid(f"A canned reply needs a title of at most {LONGEST_TITLE} characters.")
        if not all(texts) or max(map(len, texts)) > LONGEST_TEXT:
            raise Invalid(f"A canned reply needs a text in English and one in Spanish, each of at most {LONGEST_TEXT} characters.")
        with self._writing() as session:
            same = session.scalar(select(CannedRow).where(CannedRow.title == title))
            if same is not None and same.id != canned_id:
                raise Conflict(f"There already is a canned reply called {title}.")
            row = session.get(CannedRow, canned_id) if canned_id is not None else CannedRow()
            if row is None:
                raise NotFound("There is no such canned reply any more.")
            row.title, row.text_en, row.text_es = title, *texts
            session.add(row)
            session.flush()
            return _canned(row)

    def remove(self, canned_id: int) -> None:
        with self._writing() as session:
            session.execute(delete(CannedRow).where(CannedRow.id == canned_id))


def _canned(row: CannedRow) -> Canned:
    return Canned(row.id, row.title, row.text_en, row.text_es)
