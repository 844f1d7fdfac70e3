"""Replies that go by e-mail to students who left an address and are away."""

from __future__ import annotations

from typing import Literal
from zoneinfo import ZoneInfo

from anyio import to_thread

from desk.advising.letter_store import Letter, LetterStore, Span
from desk.advising.waiting_room import day
from desk.conversations.key_store import Keys
from desk.errors import NotFound
from desk.mail.outbox import Mail, Outbox
from desk.mail.outbox_store import Item
from knowledge.assistant import Assistant


class Letters:
    """`address`: where students open the chat, for the link back; `keys` make it open the conversation on any device."""

    kind: Literal["reply"] = "reply"

    def __init__(self, store: LetterStore, outbox: Outbox, assistant: Assistant, address: str, keys: Keys, zone: ZoneInfo) -> None:
        self._store, self._outbox, self._assistant, self._address, self._keys, self._zone = store, outbox, assistant, address, keys, zone

    async def deliver(self) -> int:
        """Send what is due, once; then forget addresses that are no longer needed. Returns how many got away."""
        if self._outbox.works:
            await to_thread.run_sync(self._store.put_what_is_due)
        sent = await self._outbox.deliver(self)
        await to_thread.run_sync(self._store.forget_addresses)
        return sent

    def write(self, item: Item) -> Mail | None:
        letter = self._store.letter(Span.named(item.key))
        try:
            return Mail(letter.to, self.subject(letter), self.text(letter)) if letter else None
        except NotFound:
            return None  # deleted by the student in this moment

    def subject(self, letter: Letter) -> str:
        answered = any(author for author, _ in letter.words)
        return self._assistant.say("letter_subject" if answered else "letter_subject_closed", letter.language)

    def text(self, letter: Letter) -> str:
        """Opening, each reply under its author's name, the way back."""
        parts = [self._assistant.say("letter_opening", letter.language)]
        for author, words in letter.words:
            by = self._assistant.say("letter_from", letter.language).replace("<name>", author) if author else ""
            parts.append(f"{by}\n{words}".strip())
        parts.append(self._way_back(letter))
        return "\n\n".join(parts)

    def _way_back(self, letter: Letter) -> str:
        """The secret stands behind the #, so that no server, proxy or referrer ever sees it."""
        words, until = self._keys.link_words(letter.conversation_id)
        link = f"{self._address}/?language={letter.language}#open={words}"
        said = self._assistant.say("letter_ending", letter.language).replace("<link>", link)
        return said.replace("<day>", day(until.astimezone(self._zone), letter.language))
