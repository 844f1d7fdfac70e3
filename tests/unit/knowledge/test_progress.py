from __future__ import annotations

import threading

import pytest

from knowledge.progress import told


def test_what_takes_long_is_told_again_and_again_with_how_far_it_is() -> None:
    said: list[str] = []
    heard = threading.Event()

    def hear(words: str) -> None:
        said.append(words)
        if len(said) == 2:
            heard.set()

    with told(lambda: f"Reading: {len(said)} of 9", hear, every_s=0.01):
        assert heard.wait(5)
    count = len(said)
    assert said[0].startswith("Reading: 0 of 9 … ") and said[0].endswith(" s so far.")
    assert not threading.Event().wait(0.05) and len(said) == count, "nothing is said after the end"


def test_what_is_quick_is_not_told_and_an_error_goes_through() -> None:
    said: list[str] = []
    with pytest.raises(ValueError, match="wrong"), told(lambda: "Reading", said.append, every_s=60):
        raise ValueError("wrong")
    assert said == []
