"""What is said to the bots: real student messages to ours, the small talk it was made for to the default one.

Hardly two students type the same letters, so each message is said in many variants: what a program remembers of a text
that it saw before would otherwise be measured in place of its work.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

A_CONVERSATION = 5
"""So many messages in a row belong together."""

DEFAULT_BOT_KNOWS = ("hello", "great", "are you a bot?", "i am very sad", "yes")
_BEFORE = (
    "",
    "ok ",
    "hi ",
    "hey ",
    "um ",
    "well ",
    "sorry, ",
    "hello ",
    "yo ",
    "hmm ",
    "right, ",
    "good morning, ",
    "ok so ",
    "listen, ",
    "please, ",
    "wait, ",
)
_AFTER = (
    "",
    " please",
    " pls",
    "??",
    " :)",
    " lol",
    " asap",
    " thx",
    "...",
    "!",
    " 🙂",
    " (just wondering)",
    " im in a hurry",
    " today",
    " ok?",
    " ty",
)


@cache
def of_students() -> tuple[str, ...]:
    lines = (Path(__file__).parent / "student_messages.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line.strip())


def variant(text: str, number: int) -> str:
    """The same message as somebody else would type it; 256 of them, then they come again."""
    return _BEFORE[number % len(_BEFORE)] + text + _AFTER[number // len(_BEFORE) % len(_AFTER)]


def conversation(messages: tuple[str, ...], number: int, turns: int = A_CONVERSATION) -> list[str]:
    """The messages of conversation `number`: one group of the list, round and round, each time in another variant."""
    groups = len(messages) // A_CONVERSATION
    group = messages[number % groups * A_CONVERSATION :][:A_CONVERSATION]
    return [variant(group[n % len(group)], number // groups * 41 + n // len(group)) for n in range(turns)]
