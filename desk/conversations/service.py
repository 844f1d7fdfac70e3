"""Everything that can be done to a conversation. Stores first, tells afterwards; decides who speaks.

The service is the only caller of the store that also tells the hub, so whoever listens hears of everything.
"""

from __future__ import annotations

from typing import Any

from anyio import to_thread

from desk.conversations.events import Event, Hub, MessageStored, StateChanged
from desk.conversations.intake import take_in
from desk.conversations.model import Conversation, Draft, Message, Sender
from desk.conversations.states import BOT_SPEAKS, State
from desk.conversations.store import ConversationStore
from desk.conversations.turns import TurnRunner
from desk.errors import Invalid
from desk.office import OfficeHours
from knowledge.assistant import Assistant
from knowledge.replies import HandOff
from knowledge.schema import Language
from language.normalise import clean

LANGUAGE_CHOICES: dict[str, Language] = {"language:en": "en", "language:es": "es"}


class ConversationService:
    """`assistant` gives the program's own wordings; `turns` lets the bot answer."""

    def __init__(self, store: ConversationStore, hub: Hub, turns: TurnRunner, assistant: Assistant, hours: OfficeHours, message_limit: int) -> None:
        self.store, self.hub, self.turns, self.assistant, self.hours, self.limit = store, hub, turns, assistant, hours, message_limit

    # -- the student ---------------------------------------------------------------------------------------------------

    async def open(self, language: Language, device: str | None = None) -> tuple[Conversation, str, list[Message]]:
        def work() -> tuple[Conversation, str, list[Message]]:
            return self.store.open(language, [Draft("bot", self.assistant.say("greeting", language), language)], device)

        return await to_thread.run_sync(work)

    async def receive_text(self, conversation: Conversation, client_id: str, raw: str) -> Message:
        """A student's message: masked, stored, announced, and queued for whoever speaks."""
        intake = take_in(raw, conversation.language, self.limit)
        notes: dict[str, Any] = {"masked": list(intake.masked)} if intake.masked else {}
        if intake.danger:
            notes |= {"danger": intake.danger.category, "urgency": intake.danger.urgency}
        draft = Draft("student", intake.text, intake.language, client_id, pending=True, provenance=notes or None)
        return await self._receive(conversation, draft)

    async def receive_choice(self, conversation: Conversation, client_id: str, choice_id: str) -> Message:
        """A button. Only choices this conversation was offered count, and the language switch at any time."""
        if choice_id in LANGUAGE_CHOICES:
            language = LANGUAGE_CHOICES[choice_id]
            label = {"en": "English", "es": "Español"}[language]
        else:
            language = conversation.language
            label = await to_thread.run_sync(self._label_of, conversation.id, choice_id)
        return await self._receive(conversation, Draft("student", label, language, client_id, choice_id=choice_id, pending=True))

    def _label_of(self, conversation_id: str, choice_id: str) -> str:
        label = self.store.label_of(conversation_id, choice_id)
        if label is not None:
            return label
        raise Invalid("This choice was not offered in this conversation. Please use one of the buttons or write it in words.")

    async def _receive(self, conversation: Conversation, draft: Draft) -> Message:
        message, new, reopened = await to_thread.run_sync(self.store.add_from_student, conversation.id, draft)
        if new:
            if reopened:
                self.hub.tell(StateChanged(conversation.id, reopened))
            self._announce([message])
            self.turns.start(conversation.id)
        return message

    async def ask_for_person(self, conversation: Conversation, reason: str = "asked") -> tuple[State, dict[str, Any]]:
        """Put the conversation into the advisors' queue; asking twice is the same as once."""
        if conversation.state in (State.WAITING, State.WITH_ADVISOR):
            return conversation.state, await self.wait_of(conversation.id)
        if conversation.state is State.CLOSED:
            await self._move(conversation.id, State.WITH_BOT, expected=State.CLOSED)
        await self.turns.hand_off(conversation.id, HandOff(reason="asked"), conversation.language)
        now = await to_thread.run_sync(self.store.access_for_staff, conversation.id)
        return now.state, await self.wait_of(conversation.id)

    async def cancel_wait(self, conversation: Conversation) -> None:
        """Stop waiting. A conversation queued for a crisis stays there: a person still looks in, whatever was pressed."""
        if await to_thread.run_sync(self.store.urgency_of, conversation.id) == "crisis":
            self.hub.tell(StateChanged(conversation.id, conversation.state))
            return
        await self._move(conversation.id, State.WITH_BOT, expected=State.WAITING)

    async def standing(self, conversation: Conversation) -> dict[str, Any]:
        """Where a conversation stands: ``{state, advisor, wait}``; `wait` only while it waits."""
        advisor = await to_thread.run_sync(self.store.owner_name, conversation)
        wait = await self.wait_of(conversation.id) if conversation.state is State.WAITING else None
        return {"state": conversation.state, "advisor": advisor, "wait": wait}

    async def wait_of(self, conversation_id: str) -> dict[str, Any]:
        """Place in the queue and whether anybody is there: ``{position, open, opens_at}``."""
        queue = await to_thread.run_sync(self.store.queue)
        waiting = [item["id"] for item in queue if item["state"] == State.WAITING]
        now = self.store.clock()
        opens = self.hours.next_opening(now)
        return {
            "position": waiting.index(conversation_id) + 1 if conversation_id in waiting else None,
            "open": self.hours.open_at(now),
            "opens_at": opens.isoformat() if opens else None,
        }

    async def delete(self, conversation: Conversation) -> None:
        await to_thread.run_sync(self.store.delete, conversation.id)
        await self.turns.forget(conversation.id)
        self.hub.tell(StateChanged(conversation.id, "deleted"))

    # -- the advisor -----------------------------------------------------------------------------------------------------

    async def take(self, conversation_id: str, advisor_id: int, advisor: str) -> Conversation:
        """Become the owner. Conflict, naming the owner, if somebody else has it."""
        conversation = await to_thread.run_sync(self.store.access_for_staff, conversation_id)
        expected = conversation.state if conversation.state in BOT_SPEAKS else State.WAITING
        taken = await self._move(conversation_id, State.WITH_ADVISOR, expected=expected, owner_id=advisor_id, advisor=advisor)
        await self._say(taken, "advisor_joined")
        return taken

    async def reply_as_advisor(self, conversation_id: str, advisor_id: int, text: str, language: Language, client_id: str | None = None) -> Message:
        text = clean(text)
        if not text:
            raise Invalid("The reply is empty.")
        draft = Draft("advisor", text, language, client_id, advisor_id)
        stored = await to_thread.run_sync(lambda: self.store.add(conversation_id, [draft], owner_id=advisor_id))
        self._announce(stored)
        return stored[0]

    async def return_to_bot(self, conversation_id: str) -> None:
        await self._say(await self._move(conversation_id, State.WITH_BOT, expected=State.WITH_ADVISOR), "advisor_left")

    async def close(self, conversation_id: str) -> None:
        await self._say(await self._move(conversation_id, State.CLOSED), "chat_closed")

    # -- shared ------------------------------------------------------------------------------------------------------------

    async def _say(self, conversation: Conversation, wording: str) -> None:
        text = self.assistant.say(wording, conversation.language)
        sender: Sender = "system"
        drafts = [Draft(sender, text, conversation.language)]
        self._announce(await to_thread.run_sync(lambda: self.store.add(conversation.id, drafts)))

    async def _move(
        self, conversation_id: str, new: State, *, expected: State | None = None, owner_id: int | None = None, advisor: str | None = None
    ) -> Conversation:
        moved = await to_thread.run_sync(lambda: self.store.move(conversation_id, new, expected=expected, owner_id=owner_id))
        self.hub.tell(StateChanged(conversation_id, new, advisor))
        return moved

    def _announce(self, messages: list[Message]) -> None:
        for message in messages:
            event: Event = MessageStored(message.conversation_id, message.seq, message.for_student())
            self.hub.tell(event)
