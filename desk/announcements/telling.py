"""Puts the announcement into conversations, as a message of the desk: in each once."""

from __future__ import annotations

import datetime as dt

from anyio import to_thread

from desk.announcements.store import Announcement, Announcements
from desk.conversations.events import Hub, MessageStored
from desk.conversations.model import Draft
from desk.conversations.store import ConversationStore
from desk.errors import NotFound
from knowledge.schema import Language

OPEN_NOW = dt.timedelta(hours=2)
"""Who was active within this time may have the chat before them, and sees the announcement at once."""


class Telling:
    def __init__(self, announcements: Announcements, store: ConversationStore, hub: Hub) -> None:
        self._announcements, self._store, self._hub = announcements, store, hub

    def draft(self, language: Language) -> list[Draft]:
        """For a conversation that begins: the announcement of now, if there is one."""
        said = self._announcements.now()
        return [_draft(said, language)] if said else []

    async def here(self, conversation_id: str, language: Language) -> None:
        """For a student who writes: the announcement of now, unless this conversation has it."""
        said = await self._announcements.at_hand()
        if said:
            await self._tell(said, conversation_id, language)

    async def everywhere(self) -> int:
        """A new announcement, in every conversation that may be open; returns how many."""
        said = await to_thread.run_sync(self._announcements.now)
        if said is None:
            return 0
        recent = await to_thread.run_sync(self._announcements.conversations_since, self._store.clock() - OPEN_NOW)
        for conversation_id in recent:
            try:
                language = (await to_thread.run_sync(self._store.access_for_staff, conversation_id)).language
                await self._tell(said, conversation_id, language)
            except NotFound:
                pass  # deleted by the student meanwhile
        return len(recent)

    async def _tell(self, said: Announcement, conversation_id: str, language: Language) -> None:
        for message in await to_thread.run_sync(self._store.add, conversation_id, [_draft(said, language)]):
            self._hub.tell(MessageStored(conversation_id, message.seq, message.for_student()))


def _draft(said: Announcement, language: Language) -> Draft:
    return Draft("system", said.text[language], language, client_id=said.mark)
