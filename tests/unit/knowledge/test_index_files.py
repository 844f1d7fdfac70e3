"""knowledge.index_files: what was learned is found again, exactly, and never when it would be out of date."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from knowledge import index_files
from knowledge.index import Index, Learned, learn, topic_terms
from knowledge.matcher import Calibration, Matcher
from knowledge.projection import Projection
from knowledge.snapshot import Snapshot
from language.encoder import HashingEncoder
from language.gazetteer import Term

ENCODER = HashingEncoder()


@pytest.fixture(scope="module")
def learned(tiny_snapshot: Snapshot) -> Learned:
    return learn(tiny_snapshot, ENCODER.encode, topic_terms(tiny_snapshot), Projection())


def test_an_index_from_files_answers_exactly_as_the_one_just_learned(
    tiny_snapshot: Snapshot, learned: Learned, steady_limits: Calibration, tmp_path: Path
) -> None:
    index_files.keep(tmp_path, "v1", learned)
    again = index_files.load(tmp_path, "v1")
    assert again is not None
    terms = topic_terms(tiny_snapshot)
    one, other = (Matcher(Index.of(tiny_snapshot, part, terms, Projection()), ENCODER, steady_limits) for part in (learned, again))
    for text in ("how much is the sunrise grant", "trail strat", "qwxz", "¿cuánto cuesta?"):
        assert one.match(text) == other.match(text)


def test_what_is_mapped_cannot_be_changed(learned: Learned, tmp_path: Path) -> None:
    index_files.keep(tmp_path, "v1", learned)
    again = index_files.load(tmp_path, "v1")
    assert again is not None
    with pytest.raises(ValueError, match="read-only"):
        again.meanings.numbers[0] = np.zeros_like(again.meanings.numbers[0])


def test_nothing_kept_is_nothing_found(tmp_path: Path) -> None:
    assert index_files.load(tmp_path, "v1") is None


def test_the_name_changes_with_everything_the_arrays_depend_on() -> None:
    term = Term("county", "Yakima", "yakima")
    names = {
        index_files.name_of(*parts)
        for parts in (("v1", "a", "p", []), ("v2", "a", "p", []), ("v1", "b", "p", []), ("v1", "a", "q", []), ("v1", "a", "p", [term]))
    }
    assert len(names) == 5
    assert index_files.name_of("v1", "a", "p", [term]) == index_files.name_of("v1", "a", "p", [term])


def test_keeping_what_another_process_kept_first_leaves_one_whole_folder(learned: Learned, tmp_path: Path) -> None:
    index_files.keep(tmp_path, "v1", learned)
    index_files.keep(tmp_path, "v1", learned)
    assert [p.name for p in tmp_path.iterdir()] == ["v1"]
    assert index_files.load(tmp_path, "v1") is not None


def test_only_the_newest_versions_are_kept(learned: Learned, tmp_path: Path) -> None:
    for number in range(index_files.KEPT + 2):
        index_files.keep(tmp_path, f"v{number}", learned)
    assert len(list(tmp_path.iterdir())) == index_files.KEPT
    assert index_files.load(tmp_path, f"v{index_files.KEPT + 1}") is not None


@pytest.mark.parametrize("damage", ["emptied", "cut off", "gone"])
def test_what_a_power_cut_damaged_is_removed_and_learned_again(learned: Learned, tmp_path: Path, damage: str) -> None:
    index_files.keep(tmp_path, "v1", learned)
    file = tmp_path / "v1" / "meanings.npy"
    whole = file.read_bytes()
    file.unlink()
    if damage != "gone":
        file.write_bytes(b"" if damage == "emptied" else whole[: len(whole) // 2])
    assert index_files.load(tmp_path, "v1") is None
    index_files.keep(tmp_path, "v1", learned)
    assert index_files.load(tmp_path, "v1") is not None


def test_a_folder_that_was_never_finished_goes_after_a_while(learned: Learned, tmp_path: Path) -> None:
    old, young = tmp_path / ".half-old", tmp_path / ".half-young"
    old.mkdir()
    young.mkdir()
    os.utime(old, (0, 0))
    index_files.keep(tmp_path, "v1", learned)
    assert not old.exists() and young.exists(), "another process may be writing it"


def test_phrasings_learnt_in_several_helpings_are_learnt_alike(tiny_snapshot: Snapshot, learned: Learned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.index.LEARNT_AT_ONCE", 5)
    again = learn(tiny_snapshot, ENCODER.encode, topic_terms(tiny_snapshot), Projection())
    assert np.array_equal(learned.meanings.numbers, again.meanings.numbers) and np.array_equal(learned.meanings.steps, again.meanings.steps)
