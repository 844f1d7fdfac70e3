"""Any order of what students, advisors, the bot and time do to a conversation, over the real service and store.

Never two owners, never a word of the bot while a person owns the conversation, never a dead end: whatever the state, a
student's message is answered or is with a person, and whoever a person leaves is told so. A crisis nobody sees rings once,
and a conversation deleted in the middle of anything is gone.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import shutil
import tempfile
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from desk.advising import wiring as advising
from desk.bot_client import BotTurn, Turn
from desk.conversations.model import Conversation, Message
from desk.conversations.states import ALLOWED, State
from desk.errors import Conflict, NotFound, NotSignedIn
from desk.pages import teamwork_pages
from desk.settings import Settings
from desk.tables import Base, ConversationRow, HandOffRow, UserRow
from desk.wiring import wire
from knowledge.replies import HandOff
from knowledge.store import make_engine
from tests.integration.conftest import Prepared
from tests.integration.fakes import MONDAY_MORNING, KeptPost, ScriptedBot, SetClock, says

DEAN = "dean@example.org"
ADVISORS = st.sampled_from([11, 12, 13])
TEXTS = st.sampled_from(["what is the sunrise grant", "i want to kill myself", "write me at maya@example.org", "a person please"])


def answer(turn: Turn) -> BotTurn:
    """A bot that calls a person when it is asked for one."""
    reply = says(turn, "an answer")
    if turn.text == "a person please":
        reply = reply.model_copy(update={"handoff": HandOff(reason="asked")})
    return BotTurn([reply], turn.memory)


class SlowBot(ScriptedBot):
    """`thinking`: a turn is held back until the test lets it go on."""

    thinking = False

    async def reply(self, turn: Turn) -> BotTurn:
        self.thinking = self.opens is not None
        try:
            return await super().reply(turn)
        finally:
            self.thinking = False


class ConversationLife(RuleBasedStateMachine):
    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(shutil.copy(prepared.file, Path(self.folder.name) / "life.db"))
        self.engine, self.bot, self.clock = make_engine(f"sqlite:///{path}"), SlowBot(answer), SetClock()
        here = Settings(
            _env_file=None, encoder="hashing", gazetteer_file=path.parent / "names.json", index_folder=path.parent / "index", crisis_emails=DEAN
        )  # type: ignore[call-arg]
        self.post = KeptPost()
        self.desk = wire(here, bot=self.bot, clock=self.clock, engine=self.engine, post=self.post)
        self.desk.assistant.runtime._current = prepared.warm
        self.tending = advising.tending(here, self.desk.people.line, self.desk.service)
        with self.desk.store.writing() as session:
            for n in (11, 12, 13):
                made = {"role": "advisor", "password_hash": "x", "active": True, "created_at": MONDAY_MORNING}
                session.add(UserRow(id=n, email=f"a{n}@example.org", name=f"A{n}", **made))
        self.office = self.desk.people.offices.add("Financial aid", "").id
        self.begins()
        self.numbers = itertools.count(1)
        self.seen_at: dict[int, dt.datetime] = {}
        """When each advisor last had a page of the desk open."""

    def begins(self) -> None:
        conversation, self.token, _ = self.does(self.desk.service.open("en"))
        self.id, self.with_person, self.rung = conversation.id, set[int](), set[int]()
        """`with_person`: messages of the student that a person has, or had, on the desk. `rung`: hand-offs the dean was told of."""

    def teardown(self) -> None:
        try:
            self.lets_the_bot_go_on()
            self.loop.run_until_complete(self.desk.turns.drain())
        finally:
            self.loop.close()
            self.engine.dispose()
            self.folder.cleanup()

    def does(self, act: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(act)

    def settle(self) -> None:
        """Everything that can go on has gone on: at most the bot is thinking."""

        async def until_quiet() -> None:
            while self.desk.turns._running and not self.bot.thinking:
                await asyncio.sleep(0.001)

        self.does(until_quiet())

    @property
    def now(self) -> Conversation:
        return self.desk.store.access_for_staff(self.id)

    # -- the student -----------------------------------------------------------------------------------------------------

    @rule(text=TEXTS, slow=st.booleans())
    def the_student_writes(self, text: str, slow: bool) -> None:
        """`slow`: the bot thinks about it, and all that comes, until `lets_the_bot_go_on`."""
        before = self.now
        self.bot.opens = self.bot.opens or (asyncio.Event() if slow else None)
        message = self.does(self.desk.service.receive(before, f"m{next(self.numbers)}", text))
        if before.state is State.WITH_ADVISOR:
            self.with_person.add(message.seq)
        self.settle()
        assert "maya@example.org" not in "".join(m.text for m in self.desk.store.messages(self.id)), "an address is not kept in the chat"

    @rule(text=TEXTS)
    def the_students_last_message_comes_twice(self, text: str) -> None:
        number = f"m{next(self.numbers)}"
        before = self.now
        sent = [self.does(self.desk.service.receive(before, number, text)).seq for _ in range(2)]
        if before.state is State.WITH_ADVISOR:
            self.with_person.add(sent[0])
        self.settle()
        assert sent[0] == sent[1], "a message that came twice was stored twice"

    @rule()
    def the_student_asks_for_a_person(self) -> None:
        state, wait = self.does(self.desk.service.ask_for_person(self.now))
        assert state in (State.WAITING, State.WITH_ADVISOR)
        assert wait["position"] == (1 if state is State.WAITING else None)

    @rule()
    def the_student_stops_waiting(self) -> None:
        before, urgent = self.now, self.urgency()
        try:
            self.does(self.desk.service.cancel_wait(before))
        except Conflict:
            assert before.state is not State.WAITING
        else:
            assert self.now.state is (before.state if urgent == "crisis" else State.WITH_BOT)

    @rule()
    def the_student_leaves_an_address(self) -> None:
        """In the form under the chat: kept while a person was asked for, and only then."""
        asked = self.open_hand_off()
        try:
            assert self.does(self.desk.service.keep_contact(self.now, "maya@example.org"))
        except Conflict:
            assert asked is None
        else:
            assert asked is not None

    # -- the bot -----------------------------------------------------------------------------------------------------------

    @rule()
    def lets_the_bot_go_on(self) -> None:
        """Whoever owned the conversation when it began to speak still does: no move happens in this step but the bot's own."""
        before = self.now
        self.lets_go(self.bot)
        self.does(self.desk.turns.drain())
        spoken = [m for m in self.desk.store.messages(self.id, before.last_seq) if m.sender == "bot"]
        assert not (before.state is State.WITH_ADVISOR and spoken), "the bot spoke over a person"

    def lets_go(self, bot: ScriptedBot) -> None:
        if bot.opens is not None:
            held, bot.opens = bot.opens, None
            held.set()

    # -- advisors ----------------------------------------------------------------------------------------------------------

    def press(self, act: Coroutine[Any, Any, Any], allowed: bool) -> bool:
        """A button of the desk: it works exactly when it may, and changes nothing when it may not."""
        before = self.now
        try:
            self.does(act)
        except Conflict:
            assert not allowed, "a button that may work was refused"
            assert self.now == before
            return False
        assert allowed, "a button worked for somebody who does not have the conversation"
        return True

    @rule(advisor=ADVISORS)
    def an_advisor_takes_it(self, advisor: int) -> None:
        before = self.now
        if self.press(self.desk.service.take(self.id, advisor, f"A{advisor}"), before.state is not State.WITH_ADVISOR):
            assert self.now.owner_id == advisor
            assert self.now.state is State.WITH_ADVISOR
            self.told()
            self.with_person |= self.unanswered()

    @rule(advisor=ADVISORS, by_owner=st.booleans(), colleague=ADVISORS, what=st.sampled_from(["reply", "return", "close", "colleague", "office"]))
    def an_advisor_presses_a_button(self, advisor: int, by_owner: bool, colleague: int, what: str) -> None:
        """Of a page that may be old: it works for the owner alone."""
        who = (self.now.owner_id or advisor) if by_owner else advisor
        service = self.desk.service
        acts: dict[str, Callable[[], Coroutine[Any, Any, Any]]] = {
            "reply": lambda: service.reply_as_advisor(self.id, who, "hello", "en", f"a{next(self.numbers)}"),
            "return": lambda: service.return_to_bot(self.id, who),
            "close": lambda: service.close(self.id, who, "answered"),
            "colleague": lambda: service.pass_to_advisor(self.id, who, colleague, f"A{colleague}"),
            "office": lambda: service.pass_to_office(self.id, who, self.office, "Financial aid"),
        }
        becomes = {
            "reply": State.WITH_ADVISOR,
            "return": State.WITH_BOT,
            "close": State.CLOSED,
            "colleague": State.WITH_ADVISOR,
            "office": State.WAITING,
        }
        if self.press(acts[what](), self.now.state is State.WITH_ADVISOR and self.now.owner_id == who):
            assert self.now.state is becomes[what]
            assert self.now.owner_id == {"reply": who, "colleague": colleague}.get(what)
            if what != "reply":
                self.told()
            if what == "return":
                self.with_person -= self.left_to_the_bot()
                self.settle()

    @rule(advisor=ADVISORS, available=st.booleans())
    def an_advisor_opens_a_page_of_the_desk(self, advisor: int, available: bool) -> None:
        self.desk.people.presence.set_available(advisor, available)
        self.seen_at[advisor] = self.clock.now
        assert (advisor in self.on_duty()) == available

    @rule(colleague=ADVISORS)
    def the_owner_passes_it_to_a_colleague_on_the_page(self, colleague: int) -> None:
        """Only to somebody whose page is still open: the student must not wait for one who went home."""
        before = self.now
        if before.owner_id is None:
            return
        there = colleague in self.on_duty()
        if self.press(teamwork_pages._to_colleague(self.desk, self.id, before.owner_id, colleague), there):
            assert self.now.owner_id == colleague
            self.told()

    @rule()
    def the_desk_looks_whether_somebody_is_in_danger_alone(self) -> None:
        before, asked, owner = len(self.post.sent), self.open_hand_off(), self.now.owner_id
        attended = self.here(owner) if owner else bool(self.on_duty())
        self.does(self.desk.people.alarms.look())
        rings = asked is not None and asked.urgency == "crisis" and not attended and asked.id not in self.rung
        assert len(self.post.sent) - before == rings, "a crisis nobody sees rings, and once"
        if rings and asked:
            self.rung.add(asked.id)
            to, _, text = self.post.sent[-1]
            assert to == DEAN and self.id in text and not any(m.text in text for m in self.students_words())

    # -- the end of it -------------------------------------------------------------------------------------------------------

    @rule()
    def the_student_deletes_it_and_begins_anew(self) -> None:
        """Whatever is under way, a thinking bot too: nothing of it is there afterwards, and every door to it is shut."""
        gone, advisor = self.now, self.now.owner_id or 11
        self.does(self.desk.service.delete(gone))
        self.lets_go(self.bot)
        self.does(self.desk.turns.drain())
        self.rows_left(gone.id)
        service = self.desk.service
        for late in (
            lambda: service.take(gone.id, advisor, "late"),
            lambda: service.reply_as_advisor(gone.id, advisor, "late", "en"),
            lambda: service.return_to_bot(gone.id, advisor),
            lambda: service.close(gone.id, advisor),
            lambda: service.pass_to_office(gone.id, advisor, self.office, "late"),
            lambda: service.receive(gone, "late", "late"),
        ):
            try:
                self.does(late())
            except NotFound:
                continue
            raise AssertionError("something could still be done to a deleted conversation")
        self.rows_left(gone.id)
        try:
            self.desk.store.access_for_student(gone.id, self.token)
            raise AssertionError("the student's token still opens it")
        except NotSignedIn:
            self.begins()

    def rows_left(self, conversation_id: str) -> None:
        with self.desk.store.reading() as session:
            left = [
                table.name
                for table in Base.metadata.sorted_tables
                for column in table.columns
                if column.name == "conversation_id" and table.name != "desk_forgetting"
                if session.scalar(select(func.count()).select_from(table).where(column == conversation_id))
            ]
        assert left == [], "something of a deleted conversation is left"

    @rule(hours=st.sampled_from([0.01, 0.5, 2, 100]))
    def time_goes_by(self, hours: float) -> None:
        before, urgent = self.now, self.urgency()
        self.clock.goes_on(hours=hours)
        self.does(self.desk.people.letters.deliver())
        self.no_address_outlives_its_hand_off_by_more_than_a_day()
        moved = self.does(self.tending.go_round())
        if urgent == "crisis":
            assert moved == 0 and self.now.state is before.state, "only a person ends a crisis"
        if moved:
            self.told()

    # -- what always holds ---------------------------------------------------------------------------------------------------

    def here(self, advisor: int) -> bool:
        return advisor in self.seen_at and self.clock.now - self.seen_at[advisor] < dt.timedelta(seconds=45)

    def on_duty(self) -> set[int]:
        """By what the advisors did, and by what the desk says: the same."""
        found = {one.user_id for one in self.desk.people.presence.on_duty()}
        assert found == {n for n in self.seen_at if self.here(n) and self.desk.people.presence.is_available(n)}
        return found

    def open_hand_off(self) -> HandOffRow | None:
        with self.desk.store.reading() as session:
            return session.scalar(select(HandOffRow).where(HandOffRow.conversation_id == self.id, HandOffRow.ended_at.is_(None)))

    def students_words(self) -> list[Message]:
        return [m for m in self.desk.store.messages(self.id) if m.sender == "student"]

    def urgency(self) -> str | None:
        request = self.desk.people.line.request(self.id)
        return request.urgency if request else None

    def told(self) -> None:
        assert self.desk.store.messages(self.id)[-1].sender == "system", "whoever a person leaves is told so"

    def unanswered(self) -> set[int]:
        messages = self.desk.store.messages(self.id)
        spoken = max((m.seq for m in messages if m.sender in ("bot", "advisor")), default=0)
        return {m.seq for m in messages if m.sender == "student" and m.seq > spoken}

    def left_to_the_bot(self) -> set[int]:
        """What the advisor did not answer either, but for what the desk itself spoke to."""
        return {m.seq for m in self.students_words() if m.seq in self.unanswered() and not {"danger", "contact"} & set(m.provenance or {})}

    @invariant()
    def it_has_one_owner_exactly_while_with_an_advisor(self) -> None:
        with self.desk.store.reading() as session:
            owner = session.scalar(select(ConversationRow.owner_id).where(ConversationRow.id == self.id))
        assert (owner is not None) == (self.now.state is State.WITH_ADVISOR)

    @invariant()
    def a_message_is_answered_or_with_a_person(self) -> None:
        if self.bot.opens is None:
            assert self.desk.store.turns.next_message(self.id) is None
            assert self.unanswered() <= self.with_person, "a message was left without an answer"

    @invariant()
    def some_move_is_always_possible_and_a_person_never_far(self) -> None:
        reachable, state = {self.now.state}, None
        while reachable != state:
            state, reachable = reachable, reachable | {new for old, new in ALLOWED if old in reachable}
        assert State.WITH_ADVISOR in reachable and State.WITH_BOT in reachable

    @invariant()
    def the_queue_shows_it_exactly_while_it_concerns_advisors(self) -> None:
        shown = [item["id"] for item in self.desk.store.queue()]
        assert shown == ([self.id] if self.now.state in (State.WAITING, State.WITH_ADVISOR) else []), "the queue shows it"

    @invariant()
    def at_most_one_hand_off_is_open(self) -> None:
        with self.desk.store.reading() as session:
            still_open = session.scalar(select(func.count()).select_from(HandOffRow).where(HandOffRow.ended_at.is_(None)))
        assert still_open == (1 if self.now.state in (State.WAITING, State.WITH_ADVISOR) else 0)

    def no_address_outlives_its_hand_off_by_more_than_a_day(self) -> None:
        with self.desk.store.reading() as session:
            kept = session.scalars(select(HandOffRow.ended_at).where(HandOffRow.contact.is_not(None), HandOffRow.ended_at.is_not(None))).all()
        assert all(ended and ended > self.clock.now - dt.timedelta(hours=25) for ended in kept), "an address outlived its hand-off"

    @invariant()
    def numbers_have_no_gaps(self) -> None:
        assert [m.seq for m in self.desk.store.messages(self.id)] == list(range(1, self.now.last_seq + 1))


def live(
    prepared: Prepared, examples: int, phases: Iterable[Phase] = tuple(Phase), life: type[ConversationLife] = ConversationLife, **how: Any
) -> None:
    thorough = settings(max_examples=examples, stateful_step_count=25, deadline=None, phases=phases, suppress_health_check=list(HealthCheck), **how)
    run_state_machine_as_test(lambda: life(prepared), settings=thorough)


def test_a_conversation_lives_through_anything(prepared: Prepared) -> None:
    """A few lives, each time others; tests/faults has many, and looks for the shortest one that fails."""
    live(prepared, 12, [Phase.generate])
