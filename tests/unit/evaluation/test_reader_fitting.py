"""evaluation.reader_fitting: a reader learns what its examples tell, and what Rasa learns by is read whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from evaluation.reader_fitting import acts, examples, fit
from language.encoder import HashingEncoder
from language.text_reader import join

WISHES = [f"please let me talk to {who}" for who in ("a person", "somebody", "an advisor", "your office", "a human", "someone real")]
OTHERS = [f"how much does {what} cost" for what in ("college", "the fafsa", "running start", "welding", "a book", "nursing")]


def test_it_tells_apart_what_it_was_shown_and_what_is_like_it() -> None:
    texts = WISHES + OTHERS
    encode = HashingEncoder().encode
    told = ["person"] * len(WISHES) + ["other"] * len(OTHERS)
    reader = fit(join(texts, encode(texts)), told, ("other", "person"), np.ones(len(texts), np.float32), 8)
    new = ["please let me talk to the counselor", "how much does an apprenticeship cost"]
    wish, other = reader.chances(join(new, encode(new)))[:, 1]
    assert wish > 0.8 and other < 0.2


def test_the_same_examples_give_the_same_numbers() -> None:
    joined = np.random.default_rng(1).normal(size=(20, 12)).astype(np.float32)
    told, weight = ["a", "b"] * 10, np.ones(20, np.float32)
    first, second = (fit(joined, told, ("a", "b"), weight, 4) for _ in range(2))
    assert np.array_equal(first.hidden, second.hidden) and np.array_equal(first.out, second.out)


def test_examples_are_texts_and_labels(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text('text,language,label\n"call me, please",en,person\n', encoding="utf-8")
    assert examples(tmp_path / "e.csv") == [("call me, please", "person")]


def test_rasas_examples_come_with_their_act_and_without_marks() -> None:
    found = list(acts())
    assert ("request_human", "human please") in found
    assert {"ask", "greet", "request_human"} <= {act for act, _ in found}
    assert not any("](" in text or text.startswith("- ") for _, text in found)
