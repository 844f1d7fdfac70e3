from __future__ import annotations

from benchmarks.messages import A_CONVERSATION, conversation, of_students, variant


def test_the_messages_make_whole_conversations_in_both_languages() -> None:
    said = of_students()
    assert len(said) % A_CONVERSATION == 0 and len(set(said)) == len(said)
    assert any("¿" in text for text in said) and any(text.isascii() for text in said)


def test_no_message_comes_twice_in_the_same_letters() -> None:
    """Else a remembered answer would be measured in place of the work."""
    said = of_students()
    talks = [text for number in range(60) for text in conversation(said, number)]
    assert len(set(talks)) == len(talks)
    long = conversation(said, 0, 200)
    assert len(set(long)) == 200


def test_a_long_conversation_asks_its_questions_round_and_round() -> None:
    said = tuple(f"question {n}" for n in range(10))
    asked = conversation(said, 1, 12)
    assert [next(n for n in range(10) if f"question {n}" in text) for text in asked] == [5, 6, 7, 8, 9, 5, 6, 7, 8, 9, 5, 6]


def test_there_are_256_variants() -> None:
    assert len({variant("hello", n) for n in range(256)}) == 256
    assert variant("hello", 256) == variant("hello", 0) == "hello"
