"""How often somebody may try to sign in. Counted in the database: every desk process sees it, a restart forgets nothing.

A try counts before its password is looked at, so many at once get no further than many in a row. Three counts: an
account from one address (a forgotten password), one address (a list of stolen passwords), one account from everywhere.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

from sqlalchemy import Engine, delete, func, select

from desk.conversations.store import Clock
from desk.errors import TooMany
from desk.staff.tables import SignInTryRow
from knowledge.store import Sessions

WINDOW = dt.timedelta(minutes=15)
MOST = {"both": 10, "address": 50, "account": 40}


class SignInTries:
    def __init__(self, engine: Engine, clock: Clock, secret: str) -> None:
        self._writing, self._clock, self._secret = Sessions(engine).writing, clock, secret.encode()

    def count(self, email: str, address: str) -> None:
        """Raises TooMany with the seconds to wait; otherwise this try counts until `forgive`."""
        now = self._clock()
        with self._writing() as session:
            session.execute(delete(SignInTryRow).where(SignInTryRow.at <= now - WINDOW))
            for kind, key in self._keys(email, address).items():
                tries, first = session.execute(select(func.count(), func.min(SignInTryRow.at)).where(SignInTryRow.key == key)).one()
                if tries >= MOST[kind]:
                    wait = max(1, int((first + WINDOW - now).total_seconds()) + 1)
                    raise TooMany(f"Too many tries. Wait {wait // 60 + 1} minutes, then try again.", retry_after=wait)
            session.add_all(SignInTryRow(key=key, at=now) for key in self._keys(email, address).values())

    def forgive(self, email: str, address: str) -> None:
        """The password was right: the account's tries from this address no longer count."""
        keys = self._keys(email, address)
        with self._writing() as session:
            mine = session.scalar(select(func.count()).where(SignInTryRow.key == keys["both"])) or 0
            for kind in ("address", "account"):
                newest = select(SignInTryRow.id).where(SignInTryRow.key == keys[kind]).order_by(SignInTryRow.id.desc()).limit(mine)
                session.execute(delete(SignInTryRow).where(SignInTryRow.id.in_(list(session.scalars(newest)))))
            session.execute(delete(SignInTryRow).where(SignInTryRow.key == keys["both"]))

    def _keys(self, email: str, address: str) -> dict[str, str]:
        email = email.strip().lower()
        parts = {"both": f"{email} {address}", "address": address, "account": email}
        return {kind: hmac.new(self._secret, f"{kind} {of}".encode(), hashlib.sha256).hexdigest() for kind, of in parts.items()}
