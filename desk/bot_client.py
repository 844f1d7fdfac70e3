"""The bot as the desk sees it: a participant that is asked for replies. Rasa over loopback, or anything that fits `Bot`."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import numpy as np
from pydantic import ValidationError

from desk.loopback import Loopback, Refused
from knowledge.memory import Memory
from knowledge.replies import Reply
from knowledge.schema import Language


class BotUnavailable(Exception):
    """The bot did not answer in time or answered nonsense; the desk answers from knowledge itself."""


class BotSilent(BotUnavailable):
    """No answer within the time a student can be kept waiting."""


@dataclass(frozen=True)
class Turn:
    """One student message on its way to the bot.

    `text`: what was typed, masked. `choice_id`: the button pressed instead. `memory`: what earlier turns left.
    `vectors`: of the texts it is read as (`Knowledge.vectors_of`), so that nobody has to encode them again.
    """

    conversation_id: str
    text: str
    language: Language
    choice_id: str | None = None
    memory: dict[str, Any] = field(default_factory=dict)
    vectors: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class BotTurn:
    """What the bot says back, and what it wants remembered."""

    replies: list[Reply]
    memory: dict[str, Any]


class Bot(Protocol):
    async def reply(self, turn: Turn) -> BotTurn:
        """Raises BotUnavailable."""
        ...

    async def forget(self, conversation_id: str) -> None:
        """Remove everything the bot keeps of a conversation. Raises BotUnavailable if it could not."""
        ...


class RasaBot:
    """Rasa's REST channel. `timeout_s` bounds the whole turn."""

    def __init__(self, url: str, token: str, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._rasa, self._token = Loopback(url), urlencode({"token": token})

    async def reply(self, turn: Turn) -> BotTurn:
        vectors = {text: base64.b64encode(vector.astype("<f2").tobytes()).decode() for text, vector in turn.vectors.items()}
        metadata = {"language": turn.language, "memory": turn.memory, "vectors": vectors}
        body = {"sender": turn.conversation_id, "message": message_for_rasa(turn), "metadata": metadata}
        said = await self._send("POST", "/webhooks/rest/webhook", body)
        try:
            return read_rasa_messages(said, turn)
        except (ValueError, ValidationError, KeyError, TypeError, AttributeError) as error:
            raise BotUnavailable(f"Rasa: {type(error).__name__}: {error}") from error

    async def forget(self, conversation_id: str) -> None:
        await self._send("PUT", f"/conversations/{quote(conversation_id)}/tracker/events", [{"event": "restart"}])

    async def _send(self, method: str, path: str, body: Any) -> Any:
        """Raises BotSilent or BotUnavailable."""
        try:
            async with asyncio.timeout(self._timeout_s):  # of the whole: a trickle of bytes could take for ever
                return await self._rasa.send(method, f"{path}?{self._token}", body)
        except TimeoutError as error:
            raise BotSilent(f"Rasa: no answer within {self._timeout_s} s") from error
        except (Refused, OSError, EOFError, ValueError) as error:
            raise BotUnavailable(f"Rasa: {type(error).__name__}: {error}") from error

    async def close(self) -> None:
        await self._rasa.close()


def message_for_rasa(turn: Turn) -> str:
    """Text never reaches Rasa as a command: a leading "/" would force an intent. Only a button may do that.

    Rasa strips every kind of space before it looks for the "/", so every kind of space goes here too.
    A form's own buttons (bot/domain) carry what they inform of and go as they are; all others are the `choose` intent.
    The desk lets no choice through that the conversation was not offered.
    """
    if turn.choice_id is not None and turn.choice_id.startswith("/inform{"):
        return turn.choice_id
    if turn.choice_id is not None:
        return "/choose" + json.dumps({"choice": turn.choice_id}, ensure_ascii=False)
    return re.sub(r"^[\s/]+", "", turn.text) or "?"


def read_rasa_messages(data: Any, turn: Turn) -> BotTurn:
    """Rasa's list of messages as replies. Our own travel whole in ``custom.waymark``; plain texts are form questions."""
    if not isinstance(data, list):
        raise ValueError("Rasa did not answer with a list")
    replies, memory = [], dict(turn.memory)
    for item in data:
        if "custom" in item:
            custom = item["custom"]
            memory.update(custom.get("memory") or {})
            if "waymark" in custom:
                replies.append(Reply.model_validate(custom["waymark"]))
        elif item.get("text"):
            choices = [{"id": b["payload"], "label": b["title"]} for b in item.get("buttons") or []]
            replies.append(Reply.model_validate({"text": item["text"], "language": turn.language, "choices": choices, "answer": {"status": "form"}}))
    if not replies:
        raise ValueError("Rasa answered with no message")
    Memory.read(memory)  # what cannot be read next time is refused now
    return BotTurn(replies, memory)
