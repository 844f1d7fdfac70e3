"""Replies that go by e-mail to students who left an address and are away."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import structlog
from anyio import to_thread

from desk.advising.letter_store import Letter, LetterStore
from desk.advising.post import NotSent, Post
from desk.advising.waiting_room import day
from desk.conversations.key_store import Keys
from desk.errors import NotFound
from knowledge.assistant import Assistant

log = structlog.get_logger("desk.letters")


class Letters:
    """`address`: where students open the chat, for the link back; `keys` make it open the conversation on any device."""

    def __init__(self, store: LetterStore, post: Post, assistant: Assistant, address: str, keys: Keys, zone: ZoneInfo) -> None:
        self._store, self._post, self._assistant, self._address, self._keys, self._zone = store, post, assistant, address, keys, zone

    async def deliver(self) -> int:
        """Send what is due, once; then forget addresses that are no longer needed. Returns how many got away."""
        sent = 0
        for letter in await to_thread.run_sync(self._store.due):
            if await to_thread.run_sync(self._store.claim, letter):
                sent += await self._send(letter)
        await to_thread.run_sync(self._store.forget_addresses)
        return sent

    async def _send(self, letter: Letter) -> bool:
        try:
            await self._post.send(letter.to, self.subject(letter), await to_thread.run_sync(self.text, letter))
        except NotFound:
            return False  # deleted by the student meanwhile
        except NotSent as error:
            log.warning("letter_not_sent", hand_off=letter.hand_off_id, cause=str(error))
            await to_thread.run_sync(self._store.give_back, letter)
            return False
        return True

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
