"""What is said to the bots: real student messages to ours, the small talk it was made for to the default one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

A_CONVERSATION = 5
"""So many messages in a row belong together."""

DEFAULT_BOT_KNOWS = ("hello", "great", "are you a bot?", "i am very sad", "yes")


@cache
def of_students() -> tuple[str, ...]:
    lines = (Path(__file__).parent / "student_messages.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line.strip())


def conversation(messages: tuple[str, ...], number: int, turns: int = A_CONVERSATION) -> list[str]:
    """The messages of conversation `number`: one group of the list, round and round."""
    first = number * A_CONVERSATION % len(messages)
    group = messages[first : first + A_CONVERSATION]
    return [group[n % len(group)] for n in range(turns)]
