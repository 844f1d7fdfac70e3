"""Passwords: what makes a good one, hashing, and comparing without telling a stranger anything."""

from __future__ import annotations

import secrets
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from desk.errors import Invalid

MIN_PASSWORD, MAX_PASSWORD = 12, 200


def check_password(password: str, email: str) -> None:
    """Raises Invalid with words that say what to change. Length counts; rules about kinds of characters only annoy."""
    if len(password) < MIN_PASSWORD:
        raise Invalid(f"The password needs at least {MIN_PASSWORD} characters.")
    if len(password) > MAX_PASSWORD:
        raise Invalid(f"The password can have at most {MAX_PASSWORD} characters.")
    if len(set(password.lower())) < 5:
        raise Invalid("The password repeats too few characters. A few words that do not belong together are good.")
    if email.split("@")[0] and email.split("@")[0].lower() in password.lower() and len(email.split("@")[0]) >= 4:
        raise Invalid("The password holds your e-mail name. Choose one without it.")


def temporary_password() -> str:
    return secrets.token_urlsafe(12)


class Passwords:
    """argon2id."""

    def __init__(self) -> None:
        self.hasher = PasswordHasher()

    @cached_property
    def nobody(self) -> str:
        """Compared against when the address is unknown, so that a stranger cannot tell by the time taken."""
        return self.hasher.hash(secrets.token_urlsafe(16))

    def hash(self, password: str) -> str:
        return self.hasher.hash(password)

    def fits(self, known: str | None, password: str) -> bool:
        """Takes the same time for an account that does not exist."""
        try:
            return self.hasher.verify(known or self.nobody, password[: MAX_PASSWORD + 1])
        except (Argon2Error, InvalidHashError):
            return False
