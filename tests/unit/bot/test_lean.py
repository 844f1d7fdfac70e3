from __future__ import annotations

from typing import Any


def test_answers_of_actions_are_judged_as_by_rasa_itself(inside: dict[str, Any]) -> None:
    theirs, ours = inside["verdicts"]
    assert ours == theirs
    assert ours[:2] == ["fine", "fine"] and "fine" not in ours[2:]


def test_components_run_with_the_same_result_as_by_dask_and_each_once(inside: dict[str, Any]) -> None:
    theirs, ours = inside["graphs"]
    assert ours == theirs
    assert ours[1] == ["first", "last", "left", "right"]


def test_events_are_found_by_name_as_before(inside: dict[str, Any]) -> None:
    assert inside["events alike"]


def test_the_channel_that_would_log_what_students_wrote_is_silent(inside: dict[str, Any]) -> None:
    assert inside["rest log is off"]


def test_the_loaded_model_is_left_out_of_looking_for_garbage(inside: dict[str, Any]) -> None:
    assert inside["garbage"]["loaded"] == ["model", "endpoints"]
    assert inside["garbage"]["kept out before"] == 0
    assert inside["garbage"]["kept out after"] > 10_000


def test_slots_are_copied_as_by_python_itself(inside: dict[str, Any]) -> None:
    theirs, ours = inside["slots"]
    assert ours == theirs == ["TextSlot", "Yakima", "King", True, True]


def test_a_domain_is_empty_or_not_as_before(inside: dict[str, Any]) -> None:
    theirs, ours = inside["emptiness"]
    assert ours == theirs == [False, True, False, True]
