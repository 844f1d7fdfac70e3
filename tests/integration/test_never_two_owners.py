"""Any order of moves by students, advisors and the bot: never two owners, never a bot over a person, never a dead end."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import func, select

from desk.conversations.model import Conversation, Draft
from desk.conversations.states import ALLOWED, BOT_SPEAKS, State
from desk.conversations.store import ConversationStore
from desk.errors import Conflict
from desk.tables import Base, ConversationRow, HandOffRow, UserRow
from knowledge.replies import HandOff
from knowledge.store import make_engine
from tests.integration.fakes import MONDAY_MORNING, SetClock

ADVISORS = st.sampled_from([1, 2, 3])
STATES = st.sampled_from(list(State))


class ConversationLife(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.engine = make_engine(f"sqlite:///{Path(self.folder.name) / 'life.db'}")
        Base.metadata.create_all(self.engine)
        self.store = ConversationStore(self.engine, SetClock())
        with self.store.writing() as session:
            for n in (1, 2, 3):
                session.add(
                    UserRow(id=n, email=f"a{n}@example.org", name=f"A{n}", role="advisor", password_hash="x", active=True, created_at=MONDAY_MORNING)
                )
        self.id = self.store.open("en", [])[0].id
        self.sent = self.said = 0

    def teardown(self) -> None:
        self.engine.dispose()
        self.folder.cleanup()

    @property
    def now(self) -> Conversation:
        return self.store.access_for_staff(self.id)

    @rule(new=STATES, seen=STATES, advisor=ADVISORS)
    def somebody_moves_it(self, new: State, seen: State, advisor: int) -> None:
        """`seen` is the state on the page of whoever presses the button; it may be an old page."""
        before = self.now
        try:
            after = self.store.move(self.id, new, expected=seen, owner_id=advisor if new is State.WITH_ADVISOR else None)
        except Conflict:
            assert seen is not before.state or (before.state, new) not in ALLOWED
            assert self.now == before
        else:
            assert before.state is seen and (before.state, new) in ALLOWED and after.state is new

    @rule()
    def the_student_writes(self) -> None:
        before = self.now.state
        self.sent += 1
        _, new, reopened = self.store.add_from_student(self.id, Draft("student", f"m{self.sent}", "en", f"m{self.sent}", pending=True))
        assert new and reopened == (State.WITH_BOT if before is State.CLOSED else None)

    @rule()
    def the_student_sends_the_last_one_again(self) -> None:
        if self.sent:
            before = self.now.last_seq
            assert not self.store.add_from_student(self.id, Draft("student", "again", "en", f"m{self.sent}", pending=True))[1]
            assert self.now.last_seq == before

    @rule()
    def the_bot_answers(self) -> None:
        found = self.store.turns.next_message(self.id)
        if found is None:
            return
        _, message = found
        state = self.now.state
        stored = self.store.finish_turn(self.id, message.seq, [Draft("bot", "answer", "en")], {}, BOT_SPEAKS, None)
        assert bool(stored) == (state in BOT_SPEAKS), "never a word of the bot while a person owns the conversation"
        assert self.store.finish_turn(self.id, message.seq, [Draft("bot", "twice", "en")], {}, BOT_SPEAKS, None) is None

    @rule(advisor=ADVISORS)
    def an_advisor_replies(self, advisor: int) -> None:
        before = self.now
        self.said += 1
        try:
            self.store.add(self.id, [Draft("advisor", "hi", "en", f"a{self.said}", advisor)], owner_id=advisor)
        except Conflict:
            assert not (before.state is State.WITH_ADVISOR and before.owner_id == advisor)
        else:
            assert before.state is State.WITH_ADVISOR and before.owner_id == advisor

    @rule()
    def danger_is_heard(self) -> None:
        self.store.raise_urgency(self.id, HandOff(reason="crisis", urgency="crisis"))

    @invariant()
    def it_has_an_owner_exactly_while_with_an_advisor(self) -> None:
        with self.store.reading() as session:
            owner = session.scalar(select(ConversationRow.owner_id))
        assert (owner is not None) == (self.now.state is State.WITH_ADVISOR)

    @invariant()
    def some_move_is_always_possible(self) -> None:
        assert any(old is self.now.state for old, _ in ALLOWED)

    @invariant()
    def the_queue_shows_it_exactly_while_it_concerns_advisors(self) -> None:
        shown = [item["id"] for item in self.store.queue()]
        assert shown == ([self.id] if self.now.state in (State.WAITING, State.WITH_ADVISOR) else [])

    @invariant()
    def at_most_one_hand_off_is_open(self) -> None:
        with self.store.reading() as session:
            still_open = session.scalar(select(func.count()).select_from(HandOffRow).where(HandOffRow.ended_at.is_(None)))
        assert still_open == (1 if self.now.state in (State.WAITING, State.WITH_ADVISOR) else 0)

    @invariant()
    def numbers_have_no_gaps(self) -> None:
        assert [m.seq for m in self.store.messages(self.id)] == list(range(1, self.now.last_seq + 1))


TestConversationLife = ConversationLife.TestCase
TestConversationLife.settings = settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
