"""How long an e-mail is tried."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.mail.outbox import SENDS_WITHIN_S
from desk.mail.outbox_store import LEASE, PATIENCE, pause


def test_the_pause_doubles_up_to_what_the_kind_bears() -> None:
    assert [pause("reply", n).total_seconds() for n in (1, 2, 3, 4)] == [15, 30, 60, 120]
    assert pause("reply", 10_000) == dt.timedelta(hours=1)
    assert pause("crisis", 10_000) == dt.timedelta(minutes=1)


@pytest.mark.parametrize("kind", PATIENCE)
def test_it_is_given_up_after_about_a_day(kind: str) -> None:
    whole = sum((pause(kind, n) for n in range(1, PATIENCE[kind].tries)), dt.timedelta())
    assert dt.timedelta(hours=20) < whole < dt.timedelta(hours=28)


def test_sending_ends_before_another_desk_may_take_it_up() -> None:
    assert LEASE.total_seconds() > SENDS_WITHIN_S
