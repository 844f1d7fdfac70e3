"""Everything the desk refuses, and the one shape clients see: ``{"error": {"code", "message"}}``.

DeskError
├── NotFound             404  no such thing, or not yours
├── NotSignedIn          401  no or wrong token
├── Forbidden            403  not for this role, or a missing CSRF token
│   └── MustChangePassword   signed in with a password that somebody else made
├── Invalid              422  the request does not make sense; `message` says what to change
├── Conflict             409  somebody else was first
│   ├── OnHold           409  a legal hold forbids deleting for now
│   └── MoveNotAllowed   409  this conversation cannot go to that state (conversations/states.py)
├── TooLarge             413  the message or body is too long
└── TooMany              429  slow down; `retry_after` seconds
"""

from __future__ import annotations

from typing import Any


class DeskError(Exception):
    status = 400
    code = "error"

    def __init__(self, message: str, **facts: Any) -> None:
        self.message, self.facts = message, facts
        super().__init__(message)


class NotFound(DeskError):
    status, code = 404, "not_found"


class NotSignedIn(DeskError):
    status, code = 401, "not_signed_in"


class Forbidden(DeskError):
    status, code = 403, "forbidden"


class MustChangePassword(Forbidden):
    code = "must_change_password"


class Invalid(DeskError):
    status, code = 422, "invalid"


class Conflict(DeskError):
    status, code = 409, "conflict"


class OnHold(Conflict):
    code = "on_hold"


class TooLarge(DeskError):
    status, code = 413, "too_large"


class TooMany(DeskError):
    status, code = 429, "too_many"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message, retry_after=retry_after)
        self.retry_after = retry_after
