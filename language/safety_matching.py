"""The small pattern language of ``safety_patterns/``: words in order, at most so many words apart, inside one sentence.

A pattern is one line of YAML: words, ``<class>`` names and ``a|b`` choices in order; a number lets that many other words
stand between; ``!a|b`` is any word but these; ``word$`` must end a sentence or stand before a comma; ``word?`` may be missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

Symbols = frozenset[str]  # a word and the classes it belongs to


@dataclass(frozen=True)
class _Item:
    any_of: Symbols
    gap: int  # how many other words may stand before it
    negated: bool = False

    def fits(self, word: Symbols) -> bool:
        return self.any_of.isdisjoint(word) if self.negated else not self.any_of.isdisjoint(word)


class Patterns:
    """Patterns found by the first word they need, so that a message meets only those it could fulfil."""

    def __init__(self, lines: list[str]) -> None:
        self._by_first: dict[str, list[tuple[_Item, ...]]] = defaultdict(list)
        self.words: set[str] = set()
        for line in lines:
            pattern = _read_pattern(line)
            self.words.update(symbol.rstrip("$") for item in pattern for symbol in item.any_of)
            for symbol in pattern[0].any_of:
                self._by_first[symbol].append(pattern)

    def may_begin(self, present: Symbols) -> bool:
        """Is the first word of any pattern in a sentence of these symbols? Most sentences hold none, and this is quickly seen."""
        return not self._by_first.keys().isdisjoint(present)

    def find(self, words: list[Symbols], present: Symbols) -> Iterator[tuple[int, ...]]:
        """The positions of each match. `present`: all symbols of the sentence."""
        possible: dict[str, list[tuple[_Item, ...]]] = {}
        for symbol in present & self._by_first.keys():
            fitting = [p for p in self._by_first[symbol] if all(i.negated or not i.any_of.isdisjoint(present) for i in p[1:])]
            if fitting:
                possible[symbol] = fitting
        if not possible:
            return
        for start, word in enumerate(words):
            for symbol in sorted(word & possible.keys()):  # sorted: the same match in every process
                for pattern in possible[symbol]:
                    positions = _follow(pattern, words, start)
                    if positions:
                        yield positions


def _read_pattern(line: str) -> tuple[_Item, ...]:
    items: list[_Item] = []
    gap = 0
    for part in line.split():
        if part.isdigit() and items:
            gap += int(part)
        elif part.endswith("?"):
            gap += 1
        else:
            items.append(_Item(frozenset(part.lstrip("!").split("|")), gap, part.startswith("!")))
            gap = 0
    return tuple(items)


def _follow(pattern: tuple[_Item, ...], words: list[Symbols], start: int) -> tuple[int, ...]:
    """Where the rest of a pattern stands when its first word stands at `start`; empty if it does not.

    Keeps one path per reached position, so the work is bounded by words × gap whatever the message.
    """
    reached: dict[int, tuple[int, ...]] = {start: (start,)}
    for item in pattern[1:]:
        nearer: dict[int, tuple[int, ...]] = {}
        for last, path in reached.items():
            for position in range(last + 1, min(last + item.gap + 2, len(words))):
                if position not in nearer and item.fits(words[position]):
                    nearer[position] = (*path, position)
        if not nearer:
            return ()
        reached = nearer
    return min(reached.values(), key=lambda path: path[-1])
