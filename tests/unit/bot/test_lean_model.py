from __future__ import annotations

from typing import Any


def test_acts_are_told_with_the_probabilities_of_rasa_itself(inside: dict[str, Any]) -> None:
    theirs, ours = inside["acts"]
    assert ours == theirs
    assert len({judged[0][0] for judged in ours}) > 1


def test_the_rules_that_fit_are_those_rasa_itself_finds(inside: dict[str, Any]) -> None:
    theirs, ours = inside["rules"]
    assert ours == theirs
    assert any(ours) and not all(ours)


def test_a_rule_is_looked_for_by_words_only_if_one_names_words(inside: dict[str, Any]) -> None:
    assert inside["words"] == [[None, None, False], "looked", "looked", "looked"]
