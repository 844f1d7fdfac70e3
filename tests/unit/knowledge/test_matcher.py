"""knowledge.index and knowledge.matcher on a tiny knowledge base with the hashing encoder."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.index import OUT_OF_SCOPE, Index, RememberedVectors
from knowledge.matcher import FEATURES, Calibration, Matcher, shipped_calibration
from knowledge.readings import Readings, readings
from knowledge.snapshot import Snapshot
from language.encoder import PARTS, HashingEncoder, RecentVectors

ENCODER = HashingEncoder()


@pytest.fixture(scope="module")
def matcher(tiny_snapshot: Snapshot, steady_limits: Calibration) -> Matcher:
    return Matcher(Index.build(tiny_snapshot, ENCODER.encode), ENCODER, steady_limits)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("what is the sunrise grant", "sunrise_grant.what_is"),
        ("How much money does Sunrise give?", "sunrise_grant.cost"),
        ("WHATS TRAIL START", "trail_start.what_is"),
        ("is trail start free??", "trail_start.cost"),
        ("¿cuándo se vence la beca amanecer?", "sunrise_grant.deadline"),
        ("que notas pide trail start", "trail_start.requirements"),
        ("sunrise step by step please", "sunrise_steps"),
        ("write my essay for me", "homework"),
        ("get me a human", "talk_to_human.contact"),
    ],
)
def test_a_known_phrasing_leads_to_its_target(matcher: Matcher, text: str, target: str) -> None:
    match = matcher.match(text)
    assert match.scored[0].target.id == target
    assert match.topic == match.scored[0].target.topic


def test_a_misspelt_name_is_mended(matcher: Matcher) -> None:
    match = matcher.match("how much is the sunrize grant")
    assert match.mended == "how much is the sunrise grant"
    assert match.scored[0].target.id == "sunrise_grant.cost"
    assert match.named == ("sunrise_grant",)


def test_same_index_and_message_give_the_same_result(matcher: Matcher, tiny_snapshot: Snapshot) -> None:
    again = Matcher(Index.build(tiny_snapshot, ENCODER.encode), ENCODER, matcher.calibration)
    assert matcher.match("how do i get money for school") == again.match("how do i get money for school")


def test_probabilities_sum_to_one_and_are_ordered(matcher: Matcher) -> None:
    match = matcher.match("how much is it")
    assert sum(p for _, p in match.topics) == pytest.approx(1, abs=1e-3)
    assert [s.probability for s in match.scored] == sorted((s.probability for s in match.scored), reverse=True)
    assert [p for _, p in match.topics] == sorted((p for _, p in match.topics), reverse=True)
    assert OUT_OF_SCOPE in dict(match.topics)


def test_a_vector_made_before_is_used_as_it_is(matcher: Matcher) -> None:
    text, recent = "is trail start free", RecentVectors(ENCODER)
    recent.learn({text: ENCODER.encode([text])[0]})
    assert Matcher(matcher.index, recent, matcher.calibration).match(text) == matcher.match(text)
    recent.learn({text: ENCODER.encode(["will it rain tomorrow"])[0]})
    assert Matcher(matcher.index, recent, matcher.calibration).match(text).scored != matcher.match(text).scored


def test_the_nearest_phrasing_is_one_of_its_target(matcher: Matcher, tiny_snapshot: Snapshot) -> None:
    best = matcher.match("what is trail start").scored[0]
    entry = tiny_snapshot.entries[best.target.id]
    assert best.nearest in (*entry.phrasings.en, *entry.phrasings.es, entry.question.en, entry.question.es)


def test_a_story_is_also_read_by_the_sentence_that_asks() -> None:
    story = "My son goes to grade ten. He likes cars. Can he take college classes? Thank you so much."
    found = readings(story)
    assert found.texts[0] == story
    assert [found.texts[i] for i in found.asking] == ["Can he take college classes?"]
    assert [found.texts[i] for i in found.story] == ["My son goes to grade ten.", "He likes cars.", "Thank you so much."]


def test_the_last_sentence_asks_where_none_seems_to() -> None:
    found = readings("My son goes to grade ten. Please tell us about college classes.")
    assert [found.texts[i] for i in found.asking] == ["Please tell us about college classes."]
    assert readings("just this") == Readings(("just this",))


def test_a_long_story_costs_a_bounded_number_of_readings() -> None:
    assert len(readings("Is it free for me? I live in a town. " * 40 + "And then I moved again.").texts) <= 1 + 3 + 4
    assert len(readings(" ".join(f"Is it number {n} that counts? I have {n} dogs." for n in range(50))).texts) == 1 + 3 + 4


@pytest.mark.parametrize("text", ["", "?", "🙂", "x" * 10_000, "\x00", "שלום", "a\nb\nc"])
def test_no_text_breaks_it(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert match.scored
    assert 0 <= match.certainty <= 1


def test_the_features_are_one_row_a_target(matcher: Matcher) -> None:
    text = "what is trail start"
    table = matcher.features(readings(text), matcher.look(readings(text), ENCODER.encode([text])), ("trail_start",))
    assert table.shape == (len(matcher.index.targets), len(FEATURES))
    assert np.isfinite(table).all()
    named = [t.topic == "trail_start" for t in matcher.index.targets]
    assert table[:, FEATURES.index("named")].tolist() == named


def test_the_shipped_calibration_has_every_weight_and_sensible_limits() -> None:
    calibration = shipped_calibration()
    assert calibration.weights.shape == (len(FEATURES),)
    for name in ("answer", "answer_alone", "part", "refuse", "cover"):
        assert 0 < getattr(calibration, name) <= 1
    assert calibration.cover <= calibration.answer <= calibration.answer_alone


def test_each_text_is_encoded_once_in_its_life() -> None:
    kept: dict[str, bytes] = {}
    encoded: list[str] = []

    class Counting(HashingEncoder):
        def encode(self, texts):  # type: ignore[no-untyped-def]
            encoded.extend(texts)
            return super().encode(texts)

    def vectors() -> RememberedVectors:
        return RememberedVectors(Counting(), lambda _, digests: {d: kept[d] for d in digests if d in kept}, lambda _, new: kept.update(new))

    first = vectors()(["one", "two", "one"])
    assert encoded == ["one", "two"]
    again = vectors()(["two", "one"])
    assert encoded == ["one", "two"]
    assert np.array_equal(first[[1, 0]], again), "the first build equals every later one"
    assert vectors()([]).shape == (0, PARTS[-1].stop)


def test_within_a_topic_only_its_targets_are_ranked(matcher: Matcher) -> None:
    match = matcher.match("how much is it", within="trail_start")
    assert match.topic == "trail_start" and match.certainty == pytest.approx(1)
    assert match.scored[0].target.id == "trail_start.cost"
