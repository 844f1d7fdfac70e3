from __future__ import annotations

from benchmarks.matcher_alone import measure, questions
from benchmarks.synthetic import enlarge, phrasings
from knowledge.index import Index
from knowledge.matcher import Calibration, Matcher
from knowledge.snapshot import Snapshot
from language.encoder import HashingEncoder


def test_invented_phrasings_are_made_of_real_words_and_come_again_by_the_same_seed() -> None:
    real = ["what is running start", "how much does it cost"]
    made = phrasings(real, 50, seed=1)
    assert made == phrasings(real, 50, seed=1) != phrasings(real, 50, seed=2)
    assert {word for line in made for word in line.split()} <= set(" ".join(real).split())


def test_an_enlarged_index_has_the_size_wanted_and_can_be_asked(tiny_snapshot: Snapshot, steady_limits: Calibration) -> None:
    encoder = HashingEncoder()
    large = enlarge(Index.build(tiny_snapshot, encoder.encode), entries=70, rows=500)
    assert (len(large.targets), len(large.rows), len(large.meanings), len(large.starts)) == (70, 500, 500, 70)
    match = Matcher(large, encoder, steady_limits).match("how much does it cost")
    assert len(match.scored) == 8
    assert all(scored.target in large.targets and scored.nearest in large.rows for scored in match.scored)


def test_the_matcher_is_timed_on_questions_that_all_differ(tiny_snapshot: Snapshot) -> None:
    asked = questions(120)
    assert len(set(asked)) == 120
    encoder = HashingEncoder()
    found = measure(Index.build(tiny_snapshot, encoder.encode), encoder, asked[:12])
    assert found.whole.count == found.without_encoding.count == 12
    assert found.phrasings > found.entries > 0
