"""One typing slip in one word of a question, seeded: the same seed and question always give the same slip.

Slips hit a word of at least four letters, a telling one (“fafsa”, “deadline”) before a filler (“what”, “does”), and spare
its first letter, as real ones mostly do. A question without such a word stays as it is.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from evaluation.questions import Question
from evaluation.scoring import Judged, Share

SHORTEST = 4
_WORD = re.compile(r"[^\W\d_]+")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_FILLERS = frozenset(
    """what when where which whose does have this that them they their there then than with from your about would could should
    will just like some been being into over also very much many more most only after before because while here know want need
    como cuando donde cual cuales para pero este esta esto estos estas tengo tiene puedo puede quien porque sobre desde hasta
    muy todo toda hacer necesito quiero""".split()
)


def neighbours(letter: str) -> str:
    """The keys beside and below or above `letter` (lower case, without accent) on a common keyboard; none for others."""
    for row, keys in enumerate(_KEYS):
        place = keys.find(letter)
        if place >= 0:
            around = [(row, place - 1), (row, place + 1), (row - 1, place), (row - 1, place + 1), (row + 1, place - 1), (row + 1, place)]
            return "".join(_KEYS[r][p] for r, p in around if 0 <= r < len(_KEYS) and 0 <= p < len(_KEYS[r]))
    return ""


def with_slip(text: str, seed: str) -> str:
    """`text` with one slip."""
    chance = random.Random(seed)
    found = [m for m in _WORD.finditer(text) if len(m[0]) >= SHORTEST]
    telling = [m for m in found if m[0].lower() not in _FILLERS]
    if not found:
        return text
    chosen = chance.choice(telling or found)
    slips = sorted(set(_slips(chosen[0])))  # kind by kind, so that no kind drowns the others
    kind = chance.choice(sorted({name for name, _ in slips}))
    slipped = chance.choice([word for name, word in slips if name == kind])
    return text[: chosen.start()] + slipped + text[chosen.end() :]


def _slips(word: str) -> Iterable[tuple[str, str]]:
    """Every slip of `word` that changes it, by kind."""
    for i in range(1, len(word)):
        letter = word[i]
        yield "drop", word[:i] + word[i + 1 :]
        yield "double", word[: i + 1] + letter + word[i + 1 :]
        for key in neighbours(letter.lower()):
            yield "neighbour", word[:i] + (key.upper() if letter.isupper() else key) + word[i + 1 :]
        if i + 1 < len(word) and letter != word[i + 1]:
            yield "swap", word[:i] + word[i + 1] + letter + word[i + 2 :]


def with_slips(questions: list[Question], seed: int) -> list[Question]:
    return [replace(q, text=with_slip(q.text, f"{seed}:{q.id}")) for q in questions]


@dataclass(frozen=True)
class Loss:
    """Two runs over the same questions. `lost` were right only without slips, `won` only with them."""

    clean: Share
    slipped: Share
    lost: tuple[str, ...]
    won: tuple[str, ...]

    @property
    def points(self) -> float:
        return 100 * (self.clean.value - self.slipped.value)

    def interval(self, z: float = 1.96) -> tuple[float, float]:
        """Of `points`, for paired answers (Agresti & Min 2005: half an answer added to each kind of pair)."""
        n, b, c = self.clean.of + 2, len(self.lost) + 0.5, len(self.won) + 0.5
        middle = (b - c) / n
        half = z * ((b + c) / n**2 - (b - c) ** 2 / n**3) ** 0.5
        return 100 * (middle - half), 100 * (middle + half)

    def __str__(self) -> str:
        low, high = self.interval()
        return f"{self.points:5.1f} points ({low:.1f} to {high:.1f})  lost {len(self.lost)}, won {len(self.won)} of {self.clean.of}"


MARKS: dict[str, Callable[[Judged], bool]] = {
    "topic answered or offered": lambda j: j.offered,
    "topic answered": lambda j: j.topic_right,
    "topic and facet answered": lambda j: j.facet_right,
}
"""Told side by side: the first is so near its ceiling that alone it would hide what slips do to the others."""


def loss(clean: list[Judged], slipped: list[Judged], hit: Callable[[Judged], bool]) -> Loss:
    """How much slips cost a mark, in scope. Only questions in both runs are compared."""
    before = {j.question.id: hit(j) for j in clean if j.in_scope}
    after = {j.question.id: hit(j) for j in slipped if j.in_scope and j.question.id in before}
    lost = tuple(sorted(q for q, right in after.items() if before[q] and not right))
    won = tuple(sorted(q for q, right in after.items() if right and not before[q]))
    count = len(after)
    return Loss(Share(sum(before[q] for q in after), count), Share(sum(after.values()), count), lost, won)


def as_clean(clean: list[str], slipped: list[str]) -> int:
    """How many texts have no slip at all; told, because a run without slips would show no loss."""
    return sum(a == b for a, b in zip(clean, slipped, strict=True))
