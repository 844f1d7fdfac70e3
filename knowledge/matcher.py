"""Which entry does this message ask for, and how sure are we? Pure over an Index: same index, same message, same result.

Five signals per target: its nearest phrasing, its nearest three and its middle, in the space of knowledge/projection.py, and
its nearest phrasing and nearest three by letters. Each is read on the whole message, on the sentences that ask, and on the
rest of a story. A small calibrated model (knowledge/calibration.json, fitted by ``python -m evaluation tune``) joins them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from knowledge.eight_bits import EightBits
from knowledge.index import ELSEWHERE, HERE, Index, Target
from knowledge.projection import join
from knowledge.readings import Readings, readings
from language.encoder import Encoder
from language.letters import Features, features
from language.normalise import fold, words

REMEMBERED, TOP = 512, 8
SIGNALS = ("near_best", "near_three", "near_middle", "letters_best", "letters_three")
BLOCKS = ("whole", "asking", "story")
FEATURES = (*(f"{block}_{signal}" for block in BLOCKS for signal in SIGNALS), "named", "other_named")
NEAR = [FEATURES.index(f"{block}_{kind}_best") for block in ("whole", "asking") for kind in ("near", "letters")]


@dataclass(frozen=True)
class Calibration:
    """`weights` join the FEATURES; thresholds are probabilities. See evaluation/tune.py for how each was set."""

    weights: np.ndarray
    answer: float  # the topic's probability from which we answer
    answer_alone: float  # … even if Rasa doubts
    part: float  # … for one of several questions
    refuse: float  # out of scope from here
    cover: float  # below this no topic is worth offering
    near: float  # the nearest phrasing must be at least this near to answer
    near_clarify: float  # … or to offer choices


@cache
def shipped_calibration() -> Calibration:
    data = json.loads((Path(__file__).parent / "calibration.json").read_text(encoding="utf-8"))
    weights = np.array([data["weights"][name] for name in FEATURES], np.float32)
    return Calibration(weights, **{name: float(value) for name, value in data["thresholds"].items()})


@dataclass(frozen=True)
class Scored:
    """A target with its probability, and the phrasing nearest to the message."""

    target: Target
    probability: float
    nearest: str


@dataclass(frozen=True)
class Match:
    """What the matcher makes of one question. `topics`: probability by topic, OUT_OF_SCOPE among them, best first.

    `named`: topics named outright, in the words `about_names`. `elsewhere`: the refusal that a named place means, if nothing names Washington too.
    """

    text: str
    scored: tuple[Scored, ...]
    topics: tuple[tuple[str, float], ...]
    nearness: float
    mended: str
    named: tuple[str, ...] = ()
    elsewhere: str | None = None
    about_names: frozenset[str] = frozenset()
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def topic(self) -> str:
        return self.topics[0][0]

    @property
    def certainty(self) -> float:
        return self.topics[0][1]

    def best_of(self, topic: str) -> Scored | None:
        return next((s for s in self.scored if s.target.topic == topic), None)


class Names(NamedTuple):
    """Topics named; the refusal another state's name means, unless something of Washington is named (`home`)."""

    topics: tuple[str, ...]
    elsewhere: str | None
    home: bool
    words: frozenset[str]


@dataclass(frozen=True)
class Seen:
    """Cosines of shape (rows, texts) with each phrasing, and (targets, texts) with each target's middle; and the texts' letters."""

    near: np.ndarray
    middles: np.ndarray
    spelt: list[Features]


class Weighed(NamedTuple):
    """Each target's chance to be what `text` asks for, each phrasing's cosine with it (`near`), and the best of them (`nearness`)."""

    text: str
    texts: tuple[str, ...]
    names: Names
    chances: np.ndarray
    near: np.ndarray
    nearness: float


class Matcher:
    def __init__(self, index: Index, encoder: Encoder, calibration: Calibration | None = None) -> None:
        self.index, self._encoder = index, encoder
        self._recent: dict[tuple[str, str | None], Match] = {}
        self._last: Weighed | None = None
        self.calibration = calibration or shipped_calibration()
        topics = sorted({t.topic for t in index.targets})
        self._topics = topics
        self._target_topic = np.array([topics.index(t.topic) for t in index.targets])
        away = {term.value for term in index.terms if term.label == ELSEWHERE}
        self._elsewhere = np.array([t.kind == "refusal" and t.id in away for t in index.targets])
        self._sizes = np.diff(np.append(index.starts, len(index.rows)))  # rows of each target
        self._middles = EightBits.of(index.means())

    def match(self, text: str, within: str | None = None) -> Match:
        """`within`: the topic the conversation is about; only its targets are ranked (“how much is it?”).

        One turn asks about one text more than once, and many students ask the same; the last few hundred are remembered.
        """
        key = (text, within)
        known = self._recent.get(key)
        if known is None:
            known = self._recent[key] = self._match(text, within)
            if len(self._recent) > REMEMBERED:
                self._recent.pop(next(iter(self._recent)), None)
        return known

    def _match(self, text: str, within: str | None) -> Match:
        if not self.index.targets:  # nothing is loaded yet: no topic, no certainty
            return Match(text, (), (("", 0.0),), 0.0, text)
        weighed = self._weighed(text)
        names, chances = weighed.names, weighed.chances
        if within in self._topics:
            chances = np.where(self._target_topic == self._topics.index(within), chances + 1e-12, 0)
            chances /= chances.sum()
        order = np.argsort(-chances, kind="stable")[:TOP]
        scored = tuple(Scored(self.index.targets[i], round(float(chances[i]), 4), self._nearest_row(i, weighed.near)) for i in order)
        by_topic = np.zeros(len(self._topics))
        np.add.at(by_topic, self._target_topic, chances)
        ranked = sorted(zip(self._topics, by_topic), key=lambda t: (-t[1], t[0]))[:TOP]
        topics = tuple((name, round(float(p), 4)) for name, p in ranked)
        texts = weighed.texts
        return Match(text, scored, topics, weighed.nearness, texts[0], names.topics, names.elsewhere, names.words, {"readings": list(texts)})

    def _weighed(self, text: str) -> Weighed:
        """A message that leans on a topic is asked about twice, alone and within the topic: the last one is remembered."""
        last = self._last
        if last is None or last.text != text:
            last = self._last = self._weigh(text)
        return last

    def _weigh(self, text: str) -> Weighed:
        read = self.read(text)
        seen = self.look(read, self.encode(read.texts))
        names = self.names(text, read)
        table = self.features(read, seen, names.topics)
        chances = self.probabilities(table)
        if names.home:  # where Washington is named, another state is not meant
            chances = np.where(self._elsewhere, 0, chances)
            chances /= chances.sum()
        return Weighed(text, read.texts, names, chances, seen.near[:, 0].copy(), round(float(table[:, NEAR].max()), 4))

    def read(self, text: str) -> Readings:
        return readings(self.index.speller.mend(text))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Rounded to float16 as everywhere vectors travel or rest, so that every path gives the same result."""
        return self._encoder.encode(texts).astype(np.float16).astype(np.float32)

    def look(self, read: Readings, dense: np.ndarray) -> Seen:
        """`dense`: the encoder's vectors of the readings' texts."""
        spelt = [features(text) for text in read.texts]
        asked = EightBits.of(self.index.projection(join(dense, self.index.lexicon, spelt)))
        return Seen(self.index.meanings.dot(asked), self._middles.dot(asked), spelt)

    def features(self, read: Readings, seen: Seen, named: tuple[str, ...]) -> np.ndarray:
        """float32 of shape (targets, FEATURES): each signal on each block, the better of a block's texts."""
        signals = np.empty((len(read.texts), len(self.index.targets), len(SIGNALS)), np.float32)
        for n, found in enumerate(seen.spelt):
            letters = self._best_and_three(self.index.lexicon.similarities(found))
            signals[n] = np.stack([*self._best_and_three(seen.near[:, n]), seen.middles[:, n], *letters], 1)
        hit = np.isin(self._target_topic, [self._topics.index(name) for name in named if name in self._topics]).astype(np.float32)
        other = 1 - hit if named else np.zeros_like(hit)
        blocks = [signals[0], signals[list(read.asking)].max(0), signals[list(read.story)].max(0)]
        return np.hstack([*blocks, hit[:, None], other[:, None]])

    def _best_and_three(self, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each target: its best row, and the mean of its best three."""
        starts = self.index.starts
        first = peaks = np.maximum.reduceat(scores, starts)
        rest, total = scores.copy(), first.copy()
        for _ in range(2):
            np.putmask(rest, rest >= np.repeat(peaks, self._sizes), -1)
            peaks = np.maximum.reduceat(rest, starts)
            total += np.maximum(peaks, 0)
        return first, total / 3

    def probabilities(self, table: np.ndarray) -> np.ndarray:
        scores = table @ self.calibration.weights
        scores = np.exp(scores - scores.max())
        return np.asarray(scores / scores.sum(), np.float32)

    def _nearest_row(self, target: int, nearness: np.ndarray) -> str:
        start = int(self.index.starts[target])
        end = int(self.index.starts[target + 1]) if target + 1 < len(self.index.starts) else len(nearness)
        return self.index.rows[start + int(np.argmax(nearness[start:end]))]

    def names(self, text: str, read: Readings | None = None) -> Names:
        """What the text names outright. “without a bachelor's degree” does not name the degree.

        In a story (`read`) another state counts only where it is asked about: “my mom lives in Idaho. Do I …?” is about here.
        """
        found = [m for m in self.index.gazetteer.find(text) if not _DENIED.search(fold(text[: m.start]))]
        topics = tuple(dict.fromkeys(m.value for m in found if m.label == "topic"))
        asked = found if read is None or len(read.texts) == 1 else self.index.gazetteer.find(" ".join(read.texts[i] for i in read.asking))
        away = next((m.value for m in asked if m.label == ELSEWHERE), None)
        home = any(m.label in _HOME_LABELS for m in found) or bool(self.index.local_topics & set(topics))
        said = frozenset(w for m in found if m.label == "topic" for w in words(text[m.start : m.end]))
        return Names(topics, None if home else away, home, said)


_DENIED = re.compile(r"\b(?:without|with no|sin|instead of|en vez de)(?: an?| un| una| the| el| la)?\s*$")
_HOME_LABELS = frozenset({HERE, "county", "college"})
