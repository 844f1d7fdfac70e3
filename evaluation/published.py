"""The matcher of this project, trained on published intent data, so that it can be compared with published figures.

The same index, signals and calibration as in the product; only the content differs: each label is a topic with one entry.
The threshold is chosen on validation questions twice: for most right in all (as the papers do) and for least cost as we
state it (a wrong answer costs more than a question back).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from evaluation import tuning
from evaluation.projecting import fit
from evaluation.published_files import DataSet, Rows
from evaluation.questions import OUT_OF_SCOPE as OUTSIDE
from evaluation.questions import Question
from evaluation.scoring import Share
from knowledge.eight_bits import EightBits
from knowledge.index import OUT_OF_SCOPE, Index, Target
from knowledge.lexical import Lexicon
from knowledge.matcher import Matcher, shipped_calibration
from knowledge.projection import Projection, join
from knowledge.schema import Facet
from language.encoder import Encoder, whole_words
from language.gazetteer import Gazetteer
from language.letters import features
from language.normalise import words
from language.spelling import Speller

STEPS = tuple(float(t) for t in np.arange(0.0, 0.96, 0.02))


@dataclass(frozen=True)
class Figures:
    """What papers print: right label in scope, and out of scope told as such. `threshold`: below it, “out of scope”."""

    threshold: float
    in_scope_accuracy: Share
    outside_recall: Share

    def __str__(self) -> str:
        return f"threshold {self.threshold:.2f}  in-scope accuracy {self.in_scope_accuracy}   out-of-scope recall {self.outside_recall}"


def index_of(rows: Rows, encoder: Encoder, fitted: bool = True) -> Index:
    """An index in which each label is a topic with one entry, and out of scope is a refusal. `fitted`: with a projection of its own."""
    by_label: dict[str, list[str]] = {}
    for text, label in rows:
        by_label.setdefault(label, []).append(text)
    texts = [text for lines in by_label.values() for text in lines]
    owners = np.repeat(np.arange(len(by_label)), [len(lines) for lines in by_label.values()])
    spelt = [features(text) for text in texts]
    lexicon, dense = Lexicon.build(spelt), encoder.encode(texts).astype(np.float32)
    joined = join(dense, lexicon, spelt)
    projection = Projection(fit(joined, owners, lambda _: None)) if fitted else Projection()
    counts = dict(Counter(w for text in texts for w in words(text)))
    speller = Speller(counts, whole_words())
    targets = tuple(Target("refusal" if label == OUT_OF_SCOPE else "entry", label, label, Facet.OTHER.value) for label in by_label)
    starts = np.cumsum([0, *(len(lines) for lines in by_label.values())])[:-1]
    return Index(
        version="published", targets=targets, rows=tuple(texts), starts=starts, meanings=EightBits.of(projection(joined)), lexicon=lexicon,
        projection=projection, gazetteer=Gazetteer((), speller), speller=speller, word_counts=counts, terms=(), local_topics=frozenset(),
    )  # fmt: skip


def compare(data: DataSet, encoder: Encoder, say: Callable[[str], None] = print, fitted: bool = True) -> dict[str, Figures]:
    """Figures on the test questions, by how the threshold was chosen."""
    start = shipped_calibration().weights
    first = Matcher(index_of(data.learn, encoder, fitted), encoder)
    samples = [tuning.sample(first, _question(row)) for row in data.validation]
    known = [s for s in samples if s.topic_ok.any()]
    weights = tuning.fit(known[::2], start) if len(known) > 1 else start.astype(np.float64)
    held = [tuning.verdict(first, s, weights) for s in samples if not any(s is k for k in known[::2])]
    thresholds = {"most right": most_right(held), "least cost": least_cost(held)}
    last = first if data.train is data.learn else Matcher(index_of(data.train, encoder, fitted), encoder)
    tried = [tuning.verdict(last, tuning.sample(last, _question(row)), weights) for row in data.test]
    found = {how: figures(tried, threshold) for how, threshold in thresholds.items()}
    say(f"{data.name}: {len(data.train)} to learn from, {len({label for _, label in data.train})} labels, {len(data.test)} to try")
    for how, made in found.items():
        say(f"  {how:11} {made}")
    return found


def _question(row: tuple[str, str]) -> Question:
    text, label = row
    domain = OUTSIDE if label == OUT_OF_SCOPE else ""
    return Question("", text, "en", domain, label, Facet.OTHER.value, "", "", frozenset({label}), frozenset({Facet.OTHER.value}))


def figures(verdicts: Sequence[tuning.Verdict], threshold: float) -> Figures:
    inside = [v for v in verdicts if not _outside(v)]
    outside = [v for v in verdicts if _outside(v)]
    right = sum(v.right and not refused(v, threshold) for v in inside)
    return Figures(threshold, Share(right, len(inside)), Share(sum(refused(v, threshold) for v in outside), len(outside)))


def refused(v: tuning.Verdict, threshold: float) -> bool:
    """Out of scope: learned as such, or nothing likely enough."""
    return v.outside >= v.top or v.top < threshold


def _outside(v: tuning.Verdict) -> bool:
    return v.sample.question.domain == OUTSIDE


def most_right(held: Sequence[tuning.Verdict]) -> float:
    def right(threshold: float) -> int:
        made = figures(held, threshold)
        return made.in_scope_accuracy.hits + made.outside_recall.hits

    return max(STEPS, key=right)


def least_cost(held: Sequence[tuning.Verdict]) -> float:
    def cost(threshold: float) -> float:
        return sum(_cost(v, refused(v, threshold)) for v in held)

    return min(STEPS, key=cost)


def _cost(v: tuning.Verdict, refuse: bool) -> float:
    """Here a refusal stands for a question back: the papers know no third way."""
    if _outside(v):
        return 0.0 if refuse else tuning.COSTS["answered_outside"]
    return tuning.COSTS["asked"] if refuse else 0.0 if v.right else tuning.COSTS["wrong"]
