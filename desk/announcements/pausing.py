"""The bot while an announcement pauses it: it tells the announcement and the way to a person, and nothing else.

Danger and secrets are dealt with before any bot is asked (conversations/turns.py), so crisis help comes first as always.
"""

from __future__ import annotations

from anyio import to_thread

from desk.announcements.store import Announcement, Announcements
from desk.bot_client import Bot, BotTurn, Turn
from knowledge.answering import Answering
from knowledge.composing import HUMAN
from knowledge.replies import Answer, AnswerStatus, Choice, Reply


class PausingBot:
    """`bot` answers when nothing pauses it, and `fallback` brings a person when that button is pressed meanwhile."""

    def __init__(self, bot: Bot, fallback: Bot, announcements: Announcements, assistant: Answering) -> None:
        self.bot, self._fallback, self._announcements, self._assistant = bot, fallback, announcements, assistant

    async def reply(self, turn: Turn) -> BotTurn:
        said = await self._announcements.at_hand()
        if said is None or not said.pauses:
            return await self.bot.reply(turn)
        if turn.choice_id is not None and (turn.choice_id == HUMAN or turn.choice_id.startswith("language:")):
            return await self._fallback.reply(turn)
        return BotTurn([await to_thread.run_sync(self._paused, said, turn)], turn.memory)

    async def forget(self, conversation_id: str) -> None:
        await self.bot.forget(conversation_id)

    def _paused(self, said: Announcement, turn: Turn) -> Reply:
        person = Choice(id=HUMAN, label=self._assistant.say("choice_human", turn.language))
        text = f"{said.text[turn.language]}\n\n{self._assistant.say('paused_reach_person', turn.language)}"
        return Reply(text=text, language=turn.language, choices=[person], answer=Answer(status=AnswerStatus.HANDOFF))
