"""Staff accounts. Passwords are kept as argon2id hashes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from desk.conversations.store import Clock
from desk.errors import Conflict, Invalid, NotFound, NotSignedIn
from desk.staff.browsers import Browsers
from desk.staff.passwords import Passwords, check_password, temporary_password
from desk.tables import UserRow
from knowledge.store import Sessions

Role = Literal["advisor", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
TEMPORARY = dt.timedelta(days=7)
"""How long a password made for somebody else opens the door; it must be changed at the first sign-in."""


@dataclass(frozen=True)
class User:
    """`must_change`: signed in with a password that somebody else knows; nothing opens before it is changed."""

    id: int
    email: str
    name: str
    role: Role
    active: bool = True
    must_change: bool = False

    def may(self, *roles: Role) -> bool:
        """An admin may do everything."""
        return self.role == "admin" or self.role in roles


@dataclass(frozen=True)
class SignedIn:
    """A user with the CSRF token of this browser's session."""

    user: User
    csrf: str


class Accounts:
    """`session_hours` is how long a sign-in lasts at most, `idle_minutes` how long without a page or form of the person."""

    def __init__(self, engine: Engine, clock: Clock, session_hours: float, idle_minutes: float = 120.0) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading = sessions.writing, sessions.reading
        self._clock, self._passwords = clock, Passwords()
        self.browsers = Browsers(engine, clock, dt.timedelta(hours=session_hours), dt.timedelta(minutes=idle_minutes))

    def create(self, email: str, name: str, role: str, password: str, *, temporary: bool = False) -> User:
        """Raises Invalid or Conflict with words that say what to change."""
        email = email.strip().lower()
        if "@" not in email or len(email) > 200:
            raise Invalid(f"{email!r} is not an e-mail address.")
        if len(name) > 120:
            raise Invalid("The name can have at most 120 characters.")
        _check_role(role)
        check_password(password, email)
        now = self._clock()
        with self._writing() as session:
            if session.scalar(select(UserRow).where(UserRow.email == email)):
                raise Conflict(f"There already is an account for {email}.")
            row = UserRow(
                email=email, name=name.strip() or email, role=role, password_hash=self._passwords.hash(password), active=True, created_at=now,
                temporary_until=now + TEMPORARY if temporary else None,
            )  # fmt: skip
            session.add(row)
            session.flush()
            return _user(row)

    def count(self) -> int:
        with self._reading() as session:
            return session.scalar(select(func.count()).select_from(UserRow)) or 0

    def all(self) -> list[User]:
        with self._reading() as session:
            return [_user(row) for row in session.scalars(select(UserRow).order_by(UserRow.name))]

    def of_email(self, email: str) -> User | None:
        with self._reading() as session:
            row = session.scalar(select(UserRow).where(UserRow.email == email.strip().lower()))
            return _user(row) if row else None

    def set_active(self, user_id: int, active: bool) -> User:
        """Switching an account off ends its sessions."""
        with self._writing() as session:
            row = _row(session, user_id)
            row.active = active
            if not active:
                self.browsers.forget(session, user_id)
            return _user(row)

    def set_role(self, user_id: int, role: str) -> User:
        """The new role holds from the next page on."""
        _check_role(role)
        with self._writing() as session:
            row = _row(session, user_id)
            row.role = role
            return _user(row)

    def reset_password(self, user_id: int) -> tuple[User, str]:
        """A temporary password, returned once and kept nowhere; every session of the account ends."""
        password = temporary_password()
        with self._writing() as session:
            row = _row(session, user_id)
            row.password_hash, row.temporary_until = self._passwords.hash(password), self._clock() + TEMPORARY
            self.browsers.forget(session, user_id)
            return _user(row), password

    def change_password(self, user_id: int, old: str, new: str) -> None:
        """By the person. Raises Invalid if the old one is wrong or the new one no good; every session of the account ends."""
        with self._reading() as session:
            row = _row(session, user_id)
        if not self._passwords.fits(row.password_hash, old):
            raise Invalid("The present password is wrong.")
        check_password(new, row.email)
        if new == old:
            raise Invalid("The new password is the present one. Choose another.")
        hashed = self._passwords.hash(new)
        with self._writing() as session:
            row = _row(session, user_id)
            row.password_hash, row.temporary_until = hashed, None
            self.browsers.forget(session, user_id)

    def vouched_for(self, user_id: int, unknown: str) -> User:
        """Somebody else has proved who this is: a temporary password is no longer needed, and no longer good."""
        hashed = self._passwords.hash(unknown)
        with self._writing() as session:
            row = _row(session, user_id)
            row.password_hash, row.temporary_until = hashed, None
            return _user(row)

    def sign_in(self, email: str, password: str) -> tuple[str, SignedIn]:
        """Returns the cookie's value (kept nowhere) and who it is. Raises NotSignedIn, always in the same words."""
        with self._reading() as session:
            row = session.scalar(select(UserRow).where(UserRow.email == email.strip().lower()))
        fits = self._passwords.fits(row.password_hash if row else None, password)
        if not fits or row is None or not row.active or (row.temporary_until and row.temporary_until < self._clock()):
            raise NotSignedIn("E-mail or password is wrong.")
        return self.begin(_user(row))

    def begin(self, user: User) -> tuple[str, SignedIn]:
        """A new session for somebody who has proved who they are."""
        cookie, csrf = self.browsers.begin(user.id)
        return cookie, SignedIn(user, csrf)

    def who(self, cookie: str, acts: bool = False) -> SignedIn | None:
        """The user of a cookie, if it is known, in date and the account is active. `acts`: a person opened a page or sent a form."""
        known = self.browsers.known(cookie, acts)
        return SignedIn(_user(known[0]), known[1]) if known else None

    def sign_out(self, cookie: str) -> None:
        self.browsers.end(cookie)


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise Invalid(f"{role!r} is not a role; use one of {', '.join(ROLES)}.")


def _row(session: Session, user_id: int) -> UserRow:
    row = session.get(UserRow, user_id) if abs(user_id) < 2**31 else None
    if row is None:
        raise NotFound("There is no such account.")
    return row


def _user(row: UserRow) -> User:
    return User(row.id, row.email, row.name, row.role, row.active, row.temporary_until is not None)  # type: ignore[arg-type]
