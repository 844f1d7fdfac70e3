"""Students who asked hear of the corrected answer, once, if they are still there."""

from __future__ import annotations

import datetime as dt

import structlog
from anyio import to_thread

from desk.conversations.events import Hub, MessageStored
from desk.conversations.model import Draft, Message
from desk.conversations.states import BOT_SPEAKS
from desk.conversations.store import ConversationStore
from desk.errors import Conflict, NotFound
from desk.learning.decision_store import DecisionStore
from desk.learning.miss_store import MissStore
from desk.learning.model import Miss
from knowledge import composing
from knowledge.assistant import Assistant
from knowledge.schema import Language

log = structlog.get_logger("desk.telling")
REACHABLE = dt.timedelta(days=14)
QUOTED = 160


class Telling:
    """Whoever is with an advisor, or in danger, is told when that is over."""

    def __init__(self, misses: MissStore, decisions: DecisionStore, conversations: ConversationStore, assistant: Assistant, hub: Hub) -> None:
        self.misses, self.decisions, self.conversations, self.assistant, self.hub = misses, decisions, conversations, assistant, hub

    async def tell_all(self) -> int:
        """Everybody who is due; returns how many conversations heard of it."""
        due = await to_thread.run_sync(self.misses.to_tell, self.misses.clock() - REACHABLE)
        told = 0
        for miss, language in due:
            for message in await to_thread.run_sync(self._tell, miss, "es" if language == "es" else "en"):
                self.hub.tell(MessageStored(message.conversation_id, message.seq, message.for_student()))
                told += message.sender == "bot"
        if told:
            log.info("students_told", conversations=told)
        return told

    def _tell(self, miss: Miss, language: Language) -> list[Message]:
        if miss.conversation_id is None or not self.misses.claim_telling(miss):
            return []
        drafts = self._words(miss, language)
        try:
            return self.conversations.add(miss.conversation_id, drafts, only_in=BOT_SPEAKS) if drafts else []
        except Conflict:  # an advisor took it between the two steps
            self.misses.release_telling(miss)
        except NotFound:
            pass  # deleted by the student meanwhile
        return []

    def _words(self, miss: Miss, language: Language) -> list[Draft]:
        """The notice, and the answer as a student gets it today; nothing if the entry is gone again."""
        snapshot = self.assistant.runtime.snapshot()
        entry = snapshot.entries.get(self.decisions.get(miss.decision_id or 0).key)
        if entry is None:
            return []
        question = miss.text if len(miss.text) <= QUOTED else f"{miss.text[:QUOTED]}…"
        notice = self.assistant.say("answer_corrected", language).replace("<question>", question)
        reply = composing.answered(snapshot, entry, language, self.assistant.today(), None)
        answer = reply.answer.model_dump(mode="json") if reply.answer else None
        record = {**reply.provenance, "corrected": miss.decision_id, "question": miss.seq}
        choices = [choice.model_dump() for choice in reply.choices]
        return [Draft("system", notice, language), Draft("bot", reply.text, language, choices=choices, answer=answer, provenance=record)]
