"""Many lives of a conversation, in any order of what can happen; see tests/integration/test_never_two_owners.py.

And desks broken on purpose, one rule each: the same lives must end on each of them, or they would prove nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase
from sqlalchemy import delete

from desk.conversations.model import Conversation, Draft, Message
from desk.conversations.states import State
from desk.mail.tables import OutboxRow
from tests.integration.conftest import Prepared, prepared
from tests.integration.test_never_two_owners import ConversationLife, live

__all__ = ["prepared"]

Break = Callable[[ConversationLife], None]
ENOUGH_LIVES = 300


@pytest.mark.timeout(900)
def test_many_conversations_live_through_anything(prepared: Prepared) -> None:
    live(prepared, 100)


# -- desks broken on purpose -----------------------------------------------------------------------------------------------


def instead(owner: object, name: str, make: Callable[[Any], Callable[..., Any]]) -> None:
    """Puts what `make` builds around a method in the place of that method, on this one object."""
    setattr(owner, name, make(getattr(owner, name)))


def anybody_moves_it(life: ConversationLife) -> None:
    """Two owners: whoever presses is taken for whoever has the conversation."""

    def around(real: Callable[..., Any]) -> Callable[..., Any]:
        def careless(conversation_id: str, new: State, drafts: Sequence[Draft], **how: Any) -> tuple[Conversation, list[Message]]:
            held = life.desk.store.access_for_staff(conversation_id).owner_id
            moved: tuple[Conversation, list[Message]] = real(conversation_id, new, drafts, **{**how, "expected": None, "held_by": held})
            return moved

        return careless

    instead(life.desk.store, "move_saying", around)


def the_bot_speaks_over_a_person(life: ConversationLife) -> None:
    instead(life.desk.store, "finish_turn", lambda real: lambda *given: real(*given[:4], frozenset(State), *given[5:]))


def a_message_stays_where_it_lies(life: ConversationLife) -> None:
    """A dead end: it is stored and nobody is to answer it."""
    instead(life.desk.store, "add_from_student", lambda real: lambda id, draft: real(id, replace(draft, pending=False)))


def a_message_sent_again_is_another(life: ConversationLife) -> None:
    instead(life.desk.store, "add_from_student", lambda real: lambda id, draft: real(id, replace(draft, client_id=None)))


def nobody_is_told_of_a_move(life: ConversationLife) -> None:
    instead(life.desk.store, "move_saying", lambda real: lambda id, new, drafts, **how: real(id, new, [], **how))


def the_queue_forgets_who_waits(life: ConversationLife) -> None:
    instead(life.desk.store, "queue", lambda real: lambda: [item for item in real() if item["state"] != State.WAITING])


def silence_ends_a_crisis(life: ConversationLife) -> None:
    instead(life.desk.people.line, "quiet", lambda real: lambda: [replace(one, urgency="normal") for one in real()])


def an_alarm_rings_at_every_look(life: ConversationLife) -> None:
    def as_new(kind: str, key: str, **to: Any) -> bool:
        with life.engine.begin() as connection:
            connection.execute(delete(OutboxRow).where(OutboxRow.kind == kind, OutboxRow.key == key))
        return real_put(kind, key, **to)

    real_put = life.desk.outbox.store.put
    instead(life.desk.outbox.store, "known", lambda real: lambda kind, key: set())
    instead(life.desk.outbox.store, "put", lambda real: as_new)


def addresses_are_kept(life: ConversationLife) -> None:
    instead(life.desk.people.letters._store, "forget_addresses", lambda real: lambda: None)


def deleting_deletes_nothing(life: ConversationLife) -> None:
    instead(life.desk.store, "delete", lambda real: lambda id: True)


BROKEN: dict[Break, str] = {
    anybody_moves_it: "a button worked for somebody who does not have the conversation",
    the_bot_speaks_over_a_person: "the bot spoke over a person",
    a_message_stays_where_it_lies: "a message was left without an answer",
    a_message_sent_again_is_another: "a message that came twice was stored twice",
    nobody_is_told_of_a_move: "whoever a person leaves is told so",
    the_queue_forgets_who_waits: "the queue shows it",
    silence_ends_a_crisis: "only a person ends a crisis",
    an_alarm_rings_at_every_look: "a crisis nobody sees rings, and once",
    addresses_are_kept: "an address outlived its hand-off",
    deleting_deletes_nothing: "something of a deleted conversation is left",
}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
def test_a_broken_rule_does_not_live_long(prepared: Prepared, broken: Break) -> None:
    class Broken(ConversationLife):
        def __init__(self, prepared: Prepared) -> None:
            super().__init__(prepared)
            broken(self)

    with pytest.raises(AssertionError, match=BROKEN[broken]):
        live(prepared, ENOUGH_LIVES, [Phase.generate], Broken, derandomize=True, database=None, report_multiple_bugs=False)
