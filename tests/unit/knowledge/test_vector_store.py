from __future__ import annotations

from knowledge.editing import Editing
from knowledge.vector_store import VectorStore


def test_vectors_are_kept_once_by_encoder(store: Editing) -> None:
    kept = VectorStore(store)
    kept.keep("hashing-1", {"a": b"1", "b": b"2"})
    kept.keep("hashing-1", {"a": b"other", "c": b"3"})
    assert kept.of("hashing-1", ["a", "c", "z"]) == {"a": b"1", "c": b"3"}
    assert kept.of("minilm", ["a"]) == {}


def test_what_other_encoders_made_is_forgotten(store: Editing) -> None:
    kept = VectorStore(store)
    kept.keep("older", {"a": b"1", "b": b"2"})
    kept.keep("hashing-1", {"a": b"3"})
    assert kept.forget_all_but("hashing-1") == 2
    assert (kept.of("older", ["a", "b"]), kept.of("hashing-1", ["a"])) == ({}, {"a": b"3"})
