"""Staff accounts and sign-in. Passwords are kept as argon2id hashes, sessions as digests."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Engine, delete, func, select

from desk.conversations.store import Clock
from desk.errors import Conflict, Invalid, NotSignedIn
from desk.tables import SessionRow, UserRow
from knowledge.store import Sessions

Role = Literal["advisor", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
MIN_PASSWORD = 12


@dataclass(frozen=True)
class User:
    id: int
    email: str
    name: str
    role: Role
    active: bool = True

    def may(self, *roles: Role) -> bool:
        """An admin may do everything."""
        return self.role == "admin" or self.role in roles


@dataclass(frozen=True)
class SignedIn:
    """A user with the CSRF token of this browser's session."""

    user: User
    csrf: str


class Accounts:
    def __init__(self, engine: Engine, clock: Clock, session_hours: float) -> None:
        sessions = Sessions(engine)
        self._writing, self._reading = sessions.writing, sessions.reading
        self._clock, self._length = clock, dt.timedelta(hours=session_hours)
        self._hasher = PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """Compared against when the address is unknown, so that a stranger cannot tell by the time taken."""
        return self._hasher.hash(secrets.token_urlsafe(16))

    def create(self, email: str, name: str, role: str, password: str) -> User:
        """Raises Invalid or Conflict with words that say what to change."""
        email = email.strip().lower()
        if "@" not in email or len(email) > 200:
            raise Invalid(f"{email!r} is not an e-mail address.")
        if role not in ROLES:
            raise Invalid(f"{role!r} is not a role; use one of {', '.join(ROLES)}.")
        if len(password) < MIN_PASSWORD:
            raise Invalid(f"The password needs at least {MIN_PASSWORD} characters.")
        with self._writing() as session:
            if session.scalar(select(UserRow).where(UserRow.email == email)):
                raise Conflict(f"There already is an account for {email}.")
            row = UserRow(
                email=email, name=name.strip() or email, role=role, password_hash=self._hasher.hash(password), active=True, created_at=self._clock()
            )
            session.add(row)
            session.flush()
            return _user(row)

    def count(self) -> int:
        with self._reading() as session:
            return session.scalar(select(func.count()).select_from(UserRow)) or 0

    def all(self) -> list[User]:
        with self._reading() as session:
            return [_user(row) for row in session.scalars(select(UserRow).order_by(UserRow.name))]

    def set_active(self, user_id: int, active: bool) -> None:
        """Switching an account off ends its sessions."""
        with self._writing() as session:
            row = session.get(UserRow, user_id)
            if row is None:
                raise Invalid("There is no such account.")
            row.active = active
            if not active:
                session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))

    def sign_in(self, email: str, password: str) -> tuple[str, SignedIn]:
        """Returns the cookie's value (kept nowhere) and who it is. Raises NotSignedIn, always in the same words."""
        with self._reading() as session:
            row = session.scalar(select(UserRow).where(UserRow.email == email.strip().lower()))
        try:
            self._hasher.verify(row.password_hash if row else self._nobody, password)
        except (Argon2Error, InvalidHashError):
            raise NotSignedIn("E-mail or password is wrong.") from None
        if row is None or not row.active:
            raise NotSignedIn("E-mail or password is wrong.")
        cookie, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(24), self._clock()
        with self._writing() as session:
            session.execute(delete(SessionRow).where(SessionRow.expires_at < now))
            session.add(SessionRow(digest=_digest(cookie), user_id=row.id, csrf=csrf, created_at=now, expires_at=now + self._length))
        return cookie, SignedIn(_user(row), csrf)

    def who(self, cookie: str) -> SignedIn | None:
        """The user of a cookie, if it is known, in date and the account is active."""
        with self._reading() as session:
            found = session.execute(
                select(SessionRow, UserRow).join(UserRow, UserRow.id == SessionRow.user_id).where(SessionRow.digest == _digest(cookie))
            ).first()
        if found is None or found[0].expires_at < self._clock() or not found[1].active:
            return None
        return SignedIn(_user(found[1]), found[0].csrf)

    def sign_out(self, cookie: str) -> None:
        with self._writing() as session:
            session.execute(delete(SessionRow).where(SessionRow.digest == _digest(cookie)))


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def _user(row: UserRow) -> User:
    return User(row.id, row.email, row.name, row.role, row.active)  # type: ignore[arg-type]
