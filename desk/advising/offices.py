"""Offices a conversation can be passed to, such as financial aid or a school's counseling room."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, delete, select, update

from desk.advising.address import read_address
from desk.errors import Conflict, Invalid, NotFound
from desk.office import OfficeHours
from desk.tables import HandOffRow, OfficeRow
from knowledge.store import Sessions

LONGEST_NAME, LONGEST_HOURS = 80, 200


@dataclass(frozen=True)
class Office:
    """`hours` like ``mon-fri 08:00-17:00``; empty for those of the whole desk. `email`: who is told of a crisis then; may be empty."""

    id: int
    name: str
    hours: str
    email: str = ""


class Offices:
    def __init__(self, engine: Engine) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading = sessions.writing, sessions.reading

    def all(self) -> list[Office]:
        with self._reading() as session:
            return [_office(row) for row in session.scalars(select(OfficeRow).order_by(OfficeRow.name))]

    def get(self, office_id: int) -> Office:
        found = next((office for office in self.all() if office.id == office_id), None)
        if found is None:
            raise NotFound("There is no such office any more.")
        return found

    def add(self, name: str, hours: str, email: str = "") -> Office:
        """Raises Invalid or Conflict with words that say what to change."""
        name, hours = " ".join(name.split()), " ".join(hours.split())
        if not name or len(name) > LONGEST_NAME:
            raise Invalid(f"An office needs a name of at most {LONGEST_NAME} characters.")
        if len(hours) > LONGEST_HOURS:
            raise Invalid("These hours are too long.")
        address = read_address(email) if email.strip() else None
        try:
            OfficeHours.parse(hours, "UTC")
        except ValueError as error:
            raise Invalid(f"The hours cannot be read: {str(error).removeprefix('OFFICE_HOURS: ')}.") from None
        with self._writing() as session:
            if session.scalar(select(OfficeRow).where(OfficeRow.name == name)):
                raise Conflict(f"There already is an office called {name}.")
            row = OfficeRow(name=name, hours=hours, email=address)
            session.add(row)
            session.flush()
            return _office(row)

    def remove(self, office_id: int) -> Office:
        """What waited for it waits for anybody."""
        gone = self.get(office_id)
        with self._writing() as session:
            session.execute(update(HandOffRow).where(HandOffRow.office_id == office_id).values(office_id=None))
            session.execute(delete(OfficeRow).where(OfficeRow.id == office_id))
        return gone


def _office(row: OfficeRow) -> Office:
    return Office(row.id, row.name, row.hours, row.email or "")
