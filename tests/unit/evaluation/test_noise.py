from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import noise, scoring
from tests.unit.evaluation.examples import line, question, reply

OFFERED = noise.MARKS["topic answered or offered"]


def edits(a: str, b: str) -> int:
    """Distance in single slips: letters dropped, added, changed, or two neighbours swapped."""
    table = [[i + j if not i or not j else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@given(st.integers(0, 10_000))
def test_one_slip_is_made_and_only_one(seed: int) -> None:
    text = "¿Cuándo abre la beca College Bound?"
    assert edits(text, noise.with_slip(text, str(seed))) == 1


@given(st.text(max_size=60), st.integers(0, 100))
def test_any_text_can_be_slipped_in(text: str, seed: int) -> None:
    assert edits(text, noise.with_slip(text, str(seed))) <= 1


def test_a_seed_gives_the_same_slips_every_time() -> None:
    asked = [question(str(n), "when is the fafsa deadline this year") for n in range(30)]
    assert noise.with_slips(asked, 5) == noise.with_slips(asked, 5)
    assert noise.with_slips(asked, 5) != noise.with_slips(asked, 6)


def test_a_question_keeps_its_slip_whatever_stands_beside_it() -> None:
    asked = [question(str(n), "when is the fafsa deadline this year") for n in range(10)]
    assert noise.with_slips(asked[3:4], 5) == noise.with_slips(asked, 5)[3:4]


def test_slips_hit_telling_words_and_spare_their_first_letter() -> None:
    slipped = {noise.with_slip("what does that wasfa do", str(seed)) for seed in range(200)}
    assert all(text.startswith("what does that w") and text.endswith(" do") for text in slipped)


def test_every_kind_of_slip_happens() -> None:
    slipped = {noise.with_slip("wasfa", str(seed)) for seed in range(300)}
    assert {"wsafa", "wafa", "wassfa", "wadfa"} <= slipped


def test_a_question_of_short_words_stays_as_it_is() -> None:
    assert noise.with_slip("is it ok to do RS?", "1") == "is it ok to do RS?"


@pytest.mark.parametrize(("letter", "around"), [("q", "wa"), ("g", "fhtyvb"), ("m", "njk"), ("p", "ol"), ("ñ", "")])
def test_neighbour_keys_lie_beside_each_other(letter: str, around: str) -> None:
    assert set(noise.neighbours(letter)) == set(around)


def test_the_loss_tells_what_was_lost_and_won() -> None:
    asked = [question(str(n)) for n in range(4)]
    wrong = reply("answered", "loans.cost")
    clean = [scoring.judge(q, line(q.id, reply() if q.id != "3" else wrong)) for q in asked]
    slipped = [scoring.judge(q, line(q.id, wrong if q.id == "0" else reply())) for q in asked[:2] + asked[3:]]
    found = noise.loss(clean, slipped, OFFERED)
    assert (found.lost, found.won) == (("0",), ("3",))
    assert (found.clean.of, found.points) == (3, 0.0)


def test_the_losss_interval_spans_zero_when_nothing_changed_and_not_when_much_did() -> None:
    asked = [question(str(n)) for n in range(100)]
    clean = [scoring.judge(q, line(q.id, reply())) for q in asked]
    slipped = [scoring.judge(q, line(q.id, reply("not_covered", None) if int(q.id) < 20 else reply())) for q in asked]
    low, high = noise.loss(clean, clean, OFFERED).interval()
    assert low < 0 < high
    low, high = noise.loss(clean, slipped, OFFERED).interval()
    assert 0 < low < 20 < high


def test_a_lost_facet_is_a_loss_though_the_topic_stands() -> None:
    clean, slipped = [scoring.judge(question(), line("q1", reply()))], [scoring.judge(question(), line("q1", reply("answered", "fafsa.cost")))]
    assert noise.loss(clean, slipped, OFFERED).lost == ()
    assert noise.loss(clean, slipped, noise.MARKS["topic and facet answered"]).lost == ("q1",)


def test_texts_without_a_slip_are_counted() -> None:
    assert noise.as_clean(["a fafsa", "RS?"], ["a fasfa", "RS?"]) == 1
