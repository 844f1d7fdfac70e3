"""The bot of degraded mode: answers from knowledge in this process while Rasa starts or is down."""

from __future__ import annotations

from anyio import to_thread

from desk.bot_client import BotTurn, Turn
from knowledge.assistant import Assistant, Outcome
from knowledge.memory import Memory
from knowledge.stages import stage


class KnowledgeBot:
    """Questions, buttons and hand-off work; forms and small talk wait for Rasa."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    async def reply(self, turn: Turn) -> BotTurn:
        outcome = await to_thread.run_sync(self._reply, turn)
        return BotTurn(outcome.replies, outcome.memory.dump())

    def _reply(self, turn: Turn) -> Outcome:
        memory = Memory.read(turn.memory)
        with stage("knowledge"):
            if turn.choice_id is not None:
                return self._assistant.choose(turn.choice_id, turn.language, memory)
            return self._assistant.ask(turn.text, turn.language, memory)

    async def forget(self, conversation_id: str) -> None:
        """It keeps nothing."""
