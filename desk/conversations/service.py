"""Everything that can be done to a conversation. Stores first, tells afterwards; decides who speaks.

The service is the only caller of the store that also tells the hub, so whoever listens hears of everything.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from anyio import to_thread

from desk.advising.address import meant, shown
from desk.advising.waiting_room import WaitingRoom
from desk.announcements.telling import Telling
from desk.conversations.events import Event, Hub, MessageStored, StateChanged
from desk.conversations.hand_off_store import Ending
from desk.conversations.intake import take_in
from desk.conversations.model import Arrival, Conversation, Draft, Message
from desk.conversations.states import State
from desk.conversations.store import ConversationStore
from desk.conversations.turns import TurnRunner
from desk.errors import Invalid, OnHold
from knowledge.assistant import Assistant
from knowledge.replies import HandOff
from knowledge.schema import Language
from knowledge.stages import stage
from language.normalise import clean

ASKED_FOR_PERSON = frozenset({State.WAITING, State.WITH_ADVISOR})
LANGUAGE_CHOICES: dict[str, Language] = {"language:en": "en", "language:es": "es"}


class ConversationService:
    """`assistant` gives the program's own wordings; `turns` lets the bot answer; `room` knows about waiting."""

    def __init__(
        self, store: ConversationStore, hub: Hub, turns: TurnRunner, assistant: Assistant, room: WaitingRoom, message_limit: int, telling: Telling
    ) -> None:
        self.store, self.hub, self.turns, self.assistant, self.room, self.limit = store, hub, turns, assistant, room, message_limit
        self.telling = telling

    # -- the student ---------------------------------------------------------------------------------------------------

    async def open(self, language: Language, device: str | None = None) -> tuple[Conversation, str, list[Message]]:
        def work() -> tuple[Conversation, str, list[Message]]:
            return self.store.open(
                language, [Draft("bot", self.assistant.say("greeting", language), language), *self.telling.draft(language)], device
            )

        return await to_thread.run_sync(work)

    async def receive(self, conversation: Conversation, client_id: str, text: str | None = None, choice_id: str | None = None) -> Message:
        """A student's words, or a button: stored, announced, and queued for whoever speaks."""

        def work() -> Arrival:
            read = (
                self._of_button(conversation, client_id, choice_id) if choice_id is not None else self._of_words(conversation, client_id, text or "")
            )
            with stage("store_message"):
                return self.store.add_from_student(conversation.id, read)

        arrival = await to_thread.run_sync(work)
        message = arrival.message
        if arrival.new:
            if arrival.reopened:
                self.hub.tell(StateChanged(conversation.id, arrival.reopened))
            self._announce([message])
            await self.telling.here(conversation.id, message.language)
            self.turns.start(conversation.id, (arrival.taken, message) if arrival.taken else None)
        return message

    def _of_words(self, conversation: Conversation, client_id: str, raw: str) -> Draft:
        """Masked, and read for danger."""
        with stage("intake"):
            intake = take_in(raw, conversation.language, self.limit)
        notes: dict[str, Any] = {"masked": list(intake.masked)} if intake.masked else {}
        if intake.danger:
            notes |= {"danger": intake.danger.category, "urgency": intake.danger.urgency}
        if intake.address and conversation.state in ASKED_FOR_PERSON and self._keep_contact(conversation, intake.address):
            notes["contact"] = shown(intake.address)
            notes |= {"contact_meant": shown(right)} if (right := meant(intake.address)) else {}
        return Draft("student", intake.text, intake.language, client_id, pending=True, provenance=notes or None)

    def _of_button(self, conversation: Conversation, client_id: str, choice_id: str) -> Draft:
        """Only choices this conversation was offered count, and the language switch at any time."""
        if choice_id in LANGUAGE_CHOICES:
            language = LANGUAGE_CHOICES[choice_id]
            label: str | None = {"en": "English", "es": "Español"}[language]
        else:
            language, label = conversation.language, self.store.label_of(conversation.id, choice_id)
        if label is None:
            raise Invalid("This choice was not offered in this conversation. Please use one of the buttons or write it in words.")
        return Draft("student", label, language, client_id, choice_id=choice_id, pending=True)

    async def ask_for_person(self, conversation: Conversation, reason: str = "asked") -> tuple[State, dict[str, Any]]:
        """Put the conversation into the advisors' queue; asking twice is the same as once."""
        if conversation.state in (State.WAITING, State.WITH_ADVISOR):
            return conversation.state, await self.wait_of(conversation.id)
        if conversation.state is State.CLOSED:
            await self._move(conversation, State.WITH_BOT, expected=State.CLOSED)
        await self.turns.hand_off(conversation.id, HandOff(reason="asked"), conversation.language)
        now = await to_thread.run_sync(self.store.access_for_staff, conversation.id)
        return now.state, await self.wait_of(conversation.id)

    async def cancel_wait(self, conversation: Conversation) -> None:
        """Stop waiting. A conversation queued for a crisis stays there: a person still looks in, whatever was pressed."""
        asked = await to_thread.run_sync(self.room.line.request, conversation.id)
        if asked and asked.urgency == "crisis":
            self.hub.tell(StateChanged(conversation.id, conversation.state))
            return
        await self._move(conversation, State.WITH_BOT, expected=State.WAITING)

    async def keep_contact(self, conversation: Conversation, address: str | None) -> bool:
        """Keep where a reply can be sent by e-mail while somebody asked for a person; None forgets it. False if no e-mail can be sent."""
        return await to_thread.run_sync(self._keep_contact, conversation, address)

    def _keep_contact(self, conversation: Conversation, address: str | None) -> bool:
        if address and not self.room.by_email:
            return False
        self.room.line.keep_contact(conversation.id, address)
        return True

    async def standing(self, conversation: Conversation) -> dict[str, Any]:
        """Where a conversation stands: ``{state, advisor, wait}``; `wait` only while it waits."""
        advisor = None if conversation.owner_id is None else await to_thread.run_sync(self.store.owner_name, conversation)
        wait = await self.wait_of(conversation.id) if conversation.state is State.WAITING else None
        return {"state": conversation.state, "advisor": advisor, "wait": wait}

    async def wait_of(self, conversation_id: str) -> dict[str, Any]:
        """The student's place in line and what is known of the wait (desk/advising/waiting_room.py)."""
        return asdict(await to_thread.run_sync(self.room.standing, conversation_id))

    async def delete(self, conversation: Conversation) -> None:
        """Raises OnHold, in the student's language, when a duty forbids it for now; then it happens when the hold ends."""
        if not await to_thread.run_sync(self.store.delete, conversation.id):
            raise OnHold(self.assistant.say("delete_on_hold", conversation.language))
        await self.turns.forget(conversation.id)
        self.hub.tell(StateChanged(conversation.id, "deleted"))

    # -- the advisor -----------------------------------------------------------------------------------------------------

    async def take(self, conversation_id: str, advisor_id: int, advisor: str, only_waiting: bool = False) -> Conversation:
        """Become the owner, of a closed conversation too unless `only_waiting`. Conflict, naming the owner, if somebody else has it."""
        conversation = await to_thread.run_sync(self.store.access_for_staff, conversation_id)
        expected = State.WAITING if only_waiting or conversation.state is State.WITH_ADVISOR else conversation.state
        how: dict[str, Any] = {"expected": expected, "owner_id": advisor_id}
        return await self._move(conversation, State.WITH_ADVISOR, "advisor_joined", advisor=advisor, **how)

    async def reply_as_advisor(self, conversation_id: str, advisor_id: int, text: str, language: Language, client_id: str | None = None) -> Message:
        text = clean(text)
        if not text:
            raise Invalid("The reply is empty.")
        draft = Draft("advisor", text, language, client_id, advisor_id)
        stored = await to_thread.run_sync(lambda: self.store.add(conversation_id, [draft], owner_id=advisor_id))
        self._announce(stored)
        return stored[0]

    async def return_to_bot(self, conversation_id: str, held_by: int | None = None) -> None:
        """The program goes on, first with what the advisor left without an answer."""
        conversation = await self._seen(conversation_id)
        await self._move(conversation, State.WITH_BOT, "advisor_left", expected=State.WITH_ADVISOR, held_by=held_by)
        self.turns.start(conversation_id)

    async def close(self, conversation_id: str, held_by: int | None = None, outcome: str = "") -> None:
        conversation = await self._seen(conversation_id)
        await self._move(conversation, State.CLOSED, "chat_closed", held_by=held_by, ending=Ending(outcome))

    async def pass_to_advisor(self, conversation_id: str, held_by: int, advisor_id: int, advisor: str) -> None:
        """A colleague has it from now on. Conflict if `held_by` does not own it any more."""
        conversation = await self._seen(conversation_id)
        how: dict[str, Any] = {"expected": State.WITH_ADVISOR, "held_by": held_by, "owner_id": advisor_id}
        await self._move(conversation, State.WITH_ADVISOR, "advisor_joined", advisor=advisor, **how)

    async def pass_to_office(self, conversation_id: str, held_by: int, office_id: int, office: str) -> None:
        """Back in line, for an office."""
        conversation = await self._seen(conversation_id)
        how: dict[str, Any] = {"expected": State.WITH_ADVISOR, "held_by": held_by, "ending": Ending(office_id=office_id)}
        await self._move(conversation, State.WAITING, "passed_to_office", office=office, **how)

    # -- nobody --------------------------------------------------------------------------------------------------------------

    async def end_quiet(self, conversation_id: str, seen: State, new: State, wording: str, since: dt.datetime) -> None:
        """Close, or put back in line, what has been silent since then, with a word. Conflict if somebody wrote or moved it meanwhile."""
        conversation = await self._seen(conversation_id)
        how: dict[str, Any] = {"expected": seen, "quiet_since": since, "ending": Ending("stale")}
        await self._move(conversation, new, wording, by_mail=True, **how)

    # -- shared ------------------------------------------------------------------------------------------------------------

    async def _seen(self, conversation_id: str) -> Conversation:
        return await to_thread.run_sync(self.store.access_for_staff, conversation_id)

    async def _move(
        self,
        conversation: Conversation,
        new: State,
        wording: str = "",
        *,
        advisor: str | None = None,
        office: str = "",
        by_mail: bool = False,
        **how: Any,
    ) -> Conversation:
        """The move and the word about it are stored in one step; then everybody hears of both."""

        def work() -> tuple[Conversation, list[Message]]:
            language = conversation.language
            text = self.assistant.say(wording, language).replace("<office>", office) if wording else ""
            drafts = [Draft("system", text, language, provenance={"by_mail": True} if by_mail else None)] if text else []
            return self.store.move_saying(conversation.id, new, drafts, **how)

        moved, said = await to_thread.run_sync(work)
        self.hub.tell(StateChanged(conversation.id, new, advisor))
        self._announce(said)
        return moved

    def _announce(self, messages: list[Message]) -> None:
        for message in messages:
            event: Event = MessageStored(message.conversation_id, message.seq, message.for_student())
            self.hub.tell(event)
