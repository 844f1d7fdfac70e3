"""A student's message becomes the bot's replies: once, in order, and always something.

Each conversation is served one message at a time, by one process (claims.py). A message is dealt with when its replies are stored in the same
transaction that clears its `pending` mark; a message still pending after a crash is taken up again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import structlog
from anyio import CapacityLimiter, to_thread

from desk import metrics
from desk.advising.waiting_room import WaitingRoom
from desk.bot_client import Bot, BotTurn, BotUnavailable, Turn
from desk.conversations.events import Hub, MessageStored, StateChanged, TypingStarted
from desk.conversations.hand_off_store import URGENCY
from desk.conversations.model import Conversation, Draft, Finished, Message
from desk.conversations.notices import Notices, danger_named
from desk.conversations.states import BOT_SPEAKS, State
from desk.conversations.store import ConversationStore
from desk.errors import Conflict, NotFound
from desk.learning import noticing
from desk.learning.learner import Learner
from knowledge.assistant import Assistant
from knowledge.replies import AnswerStatus, HandOff, Reply
from knowledge.schema import Language
from knowledge.stages import stage
from language.safety import Finding
from language.safety_reader import NEVER_SILENCED, SafetyReader

log = structlog.get_logger("desk.turns")

WORTH_ADDING = frozenset({AnswerStatus.ANSWERED, AnswerStatus.PATHWAY, AnswerStatus.CHECKLIST, AnswerStatus.HANDOFF})
"""After a safety or privacy notice only a real answer follows; “I don't know that” would be unkind there."""

ENCODED_AT_ONCE = 1
"""Sentences. One fills a core, which Rasa and the actions need too; many at once took a tenth more of it and none was done sooner."""

SURELY_ASKED = 0.9
"""An answer this sure, or a person brought, stands before “are you safe?” where only the second reading heard danger, and in
place of it where danger was heard faintly (but for self-harm and threats). Help for what a pattern named is first."""


class TurnRunner:
    """`bot` is Rasa; `fallback` answers from knowledge in this process when Rasa cannot; `learner` keeps what was missed;
    `reader` hears danger that no pattern names."""

    def __init__(
        self, store: ConversationStore, hub: Hub, bot: Bot, fallback: Bot, assistant: Assistant, room: WaitingRoom, learner: Learner,
        reader: SafetyReader | None = None,
    ) -> None:  # fmt: skip
        self.store, self.hub, self.bot, self.fallback, self.assistant, self.room = store, hub, bot, fallback, assistant, room
        self.learner, self.reader, self._notices = learner, reader, Notices(assistant)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._encoding = CapacityLimiter(ENCODED_AT_ONCE)
        self._wanted: set[str] = set()

    def start(self, conversation_id: str, first: tuple[Conversation, Message] | None = None) -> None:
        """Serve this conversation's pending messages, `first` before all others if it was claimed when it was stored.

        If that is under way already, it looks once more before it ends.
        """
        self._wanted.add(conversation_id)
        task = self._running.get(conversation_id)
        if task is None or task.done():
            self._running[conversation_id] = asyncio.create_task(self._serve(conversation_id, first))

    @property
    def busy(self) -> bool:
        """Does a student wait for a reply of this process?"""
        return bool(self._running)

    async def recover(self) -> int:
        """Keep what is under way here, take up what a crash left pending; returns how many conversations that were."""
        under_way = [c for c, task in self._running.items() if not task.done()]
        if under_way:
            await to_thread.run_sync(self.store.turns.renew, under_way)
        found = await to_thread.run_sync(self.store.turns.left_behind)
        for conversation_id in found:
            self.start(conversation_id)
        return len(found)

    async def drain(self) -> None:
        """Wait for turns under way (at shutdown and in tests)."""
        while running := [t for t in self._running.values() if not t.done()]:
            await asyncio.wait(running, timeout=10)

    async def forget(self, conversation_id: str) -> None:
        """At once if the bot is there; the keeper asks again until it has confirmed (retention/keeper.py)."""
        try:
            await self.bot.forget(conversation_id)
        except BotUnavailable as error:
            log.warning("bot_forgets_later", conversation=conversation_id, cause=str(error)[:200])

    async def _serve(self, conversation_id: str, found: tuple[Conversation, Message] | None) -> None:
        try:
            while conversation_id in self._wanted:
                self._wanted.discard(conversation_id)
                more = True
                while more and (found := found or await to_thread.run_sync(self.store.turns.next_message, conversation_id)):
                    more, found = await self._turn(*found), None
        except NotFound:
            pass  # deleted by the student meanwhile
        except Exception:
            log.exception("turn_failed", conversation=conversation_id)
        finally:
            self._wanted.discard(conversation_id)
            self._running.pop(conversation_id, None)

    async def _turn(self, conversation: Conversation, message: Message) -> bool:
        """False: the conversation has no other message to deal with."""
        begun = time.perf_counter()
        if conversation.state not in BOT_SPEAKS:
            return await self._stay_silent(conversation, message)
        self.hub.tell(TypingStarted(conversation.id, "bot"))
        try:
            turn = await self._replies(conversation, message)
        except Exception:
            log.exception("reply_failed", conversation=conversation.id, seq=message.seq)
            turn = BotTurn([self.assistant.own_reply("failed", message.language, AnswerStatus.NOT_COVERED)], conversation.memory)
        drafts = [_draft(reply) for reply in turn.replies]
        language = next((r.switch_language for r in turn.replies if r.switch_language), None)
        asked = _most_urgent([r.handoff for r in turn.replies if r.handoff])
        told = await to_thread.run_sync(self._about_wait, language or message.language, asked) if asked else []
        with stage("store_replies"):
            stored = await to_thread.run_sync(
                lambda: self.store.finish_turn(conversation.id, message.seq, drafts, turn.memory, BOT_SPEAKS, language, asked, told)
            )
        self._tell(stored)
        if stored and stored.said:
            await self._after(conversation, message, turn)
        status = next((r.answer.status.value for r in turn.replies if r.answer), "none")
        metrics.TURN_SECONDS.observe(time.perf_counter() - begun)
        metrics.REPLIES.labels(status=status, language=message.language).inc()
        log.info("turn", conversation=conversation.id, seq=message.seq, status=status, ms=round((time.perf_counter() - begun) * 1000, 1))
        return stored is None or stored.more

    def _tell(self, stored: Finished | None) -> None:
        for reply in stored.said if stored else ():
            self.hub.tell(MessageStored(reply.conversation_id, reply.seq, reply.for_student()))

    async def _stay_silent(self, conversation: Conversation, message: Message) -> bool:
        """A person has the conversation. Only danger is answered, by the desk itself: that person may be away just now."""
        notice = self._notices.danger(message, danger_named(message))
        drafts = [_draft(notice, "system")] if notice else []
        drafts += [_draft(noted, "system") for noted in self._notices.contact(message)]
        stored = await to_thread.run_sync(
            lambda: self.store.finish_turn(conversation.id, message.seq, drafts, conversation.memory, frozenset(State), None)
        )
        self._tell(stored)
        if stored and stored.said and notice and notice.handoff:
            await to_thread.run_sync(self.room.line.raise_urgency, conversation.id, notice.handoff)
        return stored is None or stored.more

    async def _replies(self, conversation: Conversation, message: Message) -> BotTurn:
        """Notices about danger and secrets come first, by the desk itself; then the bot's replies."""
        danger, vectors = await self._heard(message)
        if danger is not None and danger.urgency == "now":
            return BotTurn(self._notices.of(message, danger), conversation.memory)
        turn = await self._ask_bot(conversation, message, vectors)
        if danger is not None and danger.faint and danger.category not in NEVER_SILENCED and _surely_asked(turn.replies):
            danger = None
        notices = self._notices.of(message, danger)
        if notices:
            unsure = danger is not None and danger.unsure
            extra = [r for r in turn.replies if unsure or (r.answer and r.answer.status in WORTH_ADDING)]
            return BotTurn(extra + notices if unsure and _surely_asked(extra) else notices + extra, turn.memory)
        return turn

    async def _heard(self, message: Message) -> tuple[Finding | None, Mapping[str, np.ndarray]]:
        """The danger both readings hear together, and the vectors of what the message is read as (none of a pressed button)."""
        named = danger_named(message)
        if message.choice_id is not None:
            return named, {}
        try:
            with stage("encode"):
                return await to_thread.run_sync(self._read, message.text, named, limiter=self._encoding)
        except Exception as error:
            if named is None:
                raise
            log.error("encoding_failed", cause=type(error).__name__)
            return named, {}  # help does not wait for a second reading

    def _read(self, text: str, named: Finding | None) -> tuple[Finding | None, Mapping[str, np.ndarray]]:
        vectors = self.assistant.runtime.vectors_of(text)
        return (self.reader.read(text, vectors, named) if self.reader else named), vectors

    async def _ask_bot(self, conversation: Conversation, message: Message, vectors: Mapping[str, np.ndarray]) -> BotTurn:
        turn = Turn(conversation.id, message.text, message.language, message.choice_id, conversation.memory, vectors)
        try:
            with stage("bot"):
                return await self.bot.reply(turn)
        except BotUnavailable as error:
            metrics.BOT_UNAVAILABLE.inc()
            log.warning("bot_unavailable", conversation=conversation.id, cause=str(error)[:200])
            return await self.fallback.reply(turn)

    async def _after(self, conversation: Conversation, message: Message, turn: BotTurn) -> None:
        """What a reply sets in motion: the queue hears of a hand-off, the editors of a miss."""
        if any(reply.handoff for reply in turn.replies):
            self.hub.tell(StateChanged(conversation.id, State.WAITING))
        # A miss, or a choice made after all: seldom, and only then a thread is needed.
        if message.choice_id or noticing.notice(conversation.memory, turn.memory, turn.replies):
            await to_thread.run_sync(self.learner.after_turn, conversation, message, turn.replies, turn.memory)

    async def hand_off(self, conversation_id: str, asked: HandOff, language: Language) -> None:
        """Move to the queue outside of a turn (the student pressed the button) and say honestly how that stands."""

        def work() -> list[Message]:
            drafts = [_draft(self.assistant.own_reply("handoff_asked", language, AnswerStatus.HANDOFF)), *self._about_wait(language, asked)]
            return self.store.move_saying(conversation_id, State.WAITING, drafts, expected=State.WITH_BOT, hand_off=asked)[1]

        try:
            said = await to_thread.run_sync(work)
        except Conflict:
            return  # waiting already, or with an advisor
        self.hub.tell(StateChanged(conversation_id, State.WAITING))
        for message in said:
            self.hub.tell(MessageStored(conversation_id, message.seq, message.for_student()))

    def _about_wait(self, language: Language, asked: HandOff) -> list[Draft]:
        """Is anybody there, and about how long will it take?"""
        text = self.room.words(language, asked.urgency)
        notice = self.assistant.own_reply("handoff_asked", language, AnswerStatus.HANDOFF).model_copy(update={"text": text})
        return [_draft(notice, "system")] if text else []


def _surely_asked(replies: list[Reply]) -> bool:
    first = replies[0].answer if replies else None
    if first is None or first.status not in WORTH_ADDING:
        return False
    return first.status is AnswerStatus.HANDOFF or (first.score or 0) >= SURELY_ASKED


def _most_urgent(asked: list[HandOff]) -> HandOff | None:
    return min(asked, key=lambda h: URGENCY[h.urgency], default=None)


def _draft(reply: Reply, sender: Any = "bot") -> Draft:
    answer = reply.answer.model_dump(mode="json") if reply.answer else None
    return Draft(
        sender, reply.text, reply.language, choices=[c.model_dump() for c in reply.choices], answer=answer, provenance=reply.provenance or None
    )
