"""The review inbox: open misses in groups, and what each group might be asking for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from desk.errors import NotFound
from desk.learning.changes import LONGEST
from desk.learning.learner import Learner
from desk.learning.model import Group, Phrasings
from desk.learning.ranking import ranked_groups, shipped_harms
from knowledge import composing
from knowledge.assistant import Assistant
from knowledge.checking import normal
from knowledge.matcher import Match
from knowledge.schema import Entry
from knowledge.wishes import ASKS_FOR_PERSON

LIKELY, FAINT = 0.3, 0.03
READ, OFFERED, PREFILLED = 5, 3, 6
"""How many texts of a group are matched, how many entries offered, how many phrasings put into the form a language."""


@dataclass(frozen=True)
class Suggestion:
    """An entry that may answer a group. `score`: the matcher's probability, mean over the group's most typical texts.

    `named`: an advisor says this is it. `failed`: it was answered and did not help.
    """

    id: str
    topic: str
    question: str
    answer: str
    score: float
    named: bool = False
    failed: bool = False

    @property
    def likely(self) -> bool:
        """Good enough to be chosen beforehand."""
        return self.named or (self.score >= LIKELY and not self.failed)

    @property
    def worth_showing(self) -> bool:
        return self.named or self.score >= FAINT


@dataclass(frozen=True)
class SuggestedRefusal:
    id: str
    about: str
    score: float


class Inbox:
    def __init__(self, learner: Learner, assistant: Assistant) -> None:
        self._learner, self._assistant = learner, assistant

    def groups(self, why: str = "", language: str = "") -> list[Group]:
        """All open misses, the group to look at first first."""
        self._learner.catch_up()
        snapshot, _ = self._assistant.runtime.current()
        return ranked_groups(self._learner.misses.open(why, language), snapshot, shipped_harms())

    def group(self, miss_id: int) -> Group:
        """The group this miss is in now. NotFound if it was settled."""
        for group in self.groups():
            if any(miss.id == miss_id for miss in group.misses):
                return group
        raise NotFound("These questions were settled meanwhile, or their students deleted them.", back="/desk/misses")

    def suggestions(self, group: Group, search: str = "") -> list[Suggestion]:
        """Entries an advisor named, then the best by the matcher, last what did not help; with `search`, the best for those words."""
        scores = self._scores([search] if search else [m.text for m in group.misses[:READ]], "entry")
        named = dict.fromkeys(m.suggested for m in group.misses if m.suggested and not search)
        failed = {m.entry_id for m in group.misses if m.entry_id} - set(named)
        best = sorted(scores, key=lambda key: (key in failed, -scores[key], key))
        keys = list(dict.fromkeys([*named, *best]))[: OFFERED * 2 if search else max(OFFERED, len(named))]
        entries = self._assistant.runtime.snapshot().entries
        return [self._suggestion(entries[key], scores.get(key, 0.0), key in named, key in failed) for key in keys if key in entries]

    def nearest(self, text: str) -> list[Suggestion]:
        """The entries the matcher thinks of for any words, best first."""
        scores = self._scores([text], "entry")
        entries = self._assistant.runtime.snapshot().entries
        best = sorted((key for key in scores if key in entries), key=lambda key: (-scores[key], key))[: OFFERED * 2]
        return [self._suggestion(entries[key], scores[key], False, False) for key in best]

    def refusals(self, group: Group) -> list[SuggestedRefusal]:
        """Every family of questions that are not ours, the likeliest first."""
        scores = self._scores([m.text for m in group.misses[:READ]], "refusal")
        refusals = self._assistant.runtime.snapshot().refusals
        order = sorted(refusals, key=lambda key: (-scores.get(key, 0.0), key))
        return [SuggestedRefusal(key, refusals[key].about, scores.get(key, 0.0)) for key in order]

    def phrasings(self, group: Group) -> Phrasings:
        """What the form begins with: the group's texts, each once, the most typical first, short enough to be a phrasing."""
        lines: dict[str, dict[str, str]] = {"en": {}, "es": {}}
        for miss in group.misses:
            text = " ".join(miss.text.split())
            if len(text) <= LONGEST:
                lines[miss.language].setdefault(normal(text), text)
        return {"en": list(lines["en"].values())[:PREFILLED], "es": list(lines["es"].values())[:PREFILLED]}

    def _scores(self, texts: Sequence[str], kind: str) -> dict[str, float]:
        _, matcher = self._assistant.runtime.current()
        matches: list[Match] = [matcher.match(text) for text in texts]
        sums: dict[str, float] = defaultdict(float)
        for match in matches:
            for scored in match.scored:
                if scored.target.kind == kind and scored.target.topic != ASKS_FOR_PERSON:
                    sums[scored.target.id] += scored.probability / len(matches)
        return {key: round(value, 4) for key, value in sums.items()}

    def _suggestion(self, entry: Entry, score: float, named: bool, failed: bool) -> Suggestion:
        snapshot = self._assistant.runtime.snapshot()
        topic = snapshot.topics[entry.topic].name.en if entry.topic in snapshot.topics else entry.topic
        answer = composing.answered(snapshot, entry, "en", self._assistant.today(), None).text
        return Suggestion(entry.id, topic, entry.question.en, answer, score, named, failed)
