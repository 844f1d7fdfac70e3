"""Who owns a conversation, and every allowed change of that. Pure."""

from __future__ import annotations

from enum import StrEnum

from desk.errors import Conflict


class State(StrEnum):
    WITH_BOT = "with_bot"
    WAITING = "waiting"
    WITH_ADVISOR = "with_advisor"
    CLOSED = "closed"


ALLOWED: frozenset[tuple[State, State]] = frozenset(
    {
        (State.WITH_BOT, State.WAITING),  # a student, or the bot for the student, asks for a person
        (State.WITH_BOT, State.WITH_ADVISOR),  # an advisor steps in
        (State.WITH_BOT, State.CLOSED),
        (State.WAITING, State.WITH_ADVISOR),  # an advisor takes it
        (State.WAITING, State.WITH_BOT),  # the student cancels
        (State.WAITING, State.CLOSED),
        (State.WITH_ADVISOR, State.WITH_BOT),  # the advisor gives it back
        (State.WITH_ADVISOR, State.WAITING),  # the advisor passes it to an office, or was silent for too long
        (State.WITH_ADVISOR, State.WITH_ADVISOR),  # the advisor passes it to a colleague
        (State.WITH_ADVISOR, State.CLOSED),
        (State.CLOSED, State.WITH_BOT),  # the student writes again
        (State.CLOSED, State.WITH_ADVISOR),  # an advisor opens it again
    }
)

BOT_SPEAKS: frozenset[State] = frozenset({State.WITH_BOT, State.WAITING})
"""A waiting student may keep asking; while a person owns the conversation the bot is silent."""


class MoveNotAllowed(Conflict):
    """This conversation cannot go from `old` to `new`."""

    def __init__(self, old: State, new: State) -> None:
        self.old, self.new = old, new
        super().__init__(f"A conversation cannot go from {old} to {new}.", state=old)


def check_move(old: State, new: State) -> None:
    if (old, new) not in ALLOWED:
        raise MoveNotAllowed(old, new)
