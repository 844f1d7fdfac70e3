from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk.bot_client import Turn, message_for_rasa, read_rasa_messages

TURN = Turn("c1", "hello", "en", memory={"topic": "fafsa", "misses": 1})


def typed(text: str) -> Turn:
    return Turn("c1", text, "en")


@given(st.text() | st.text(alphabet='/ \t\n\u00a0\u2003\u3000\x0b\x1c\x85abc{}"'))
@example("\u00a0/restart")
@example("\x0b/restart")
@example(" / /restart")
def test_nothing_a_student_types_is_a_command_to_rasa(text: str) -> None:
    sent = message_for_rasa(typed(text))
    assert not sent.strip().startswith("/"), "Rasa strips spaces of every kind and takes a leading slash for an intent"


@pytest.mark.parametrize(
    ("text", "sent"),
    [("/restart", "restart"), ("  // help", "help"), ("and/or", "and/or"), ("what is 1/2", "what is 1/2"), ("/", "?"), ("", "?")],
)
def test_only_the_leading_slashes_go(text: str, sent: str) -> None:
    assert message_for_rasa(typed(text)) == sent


@given(st.text(min_size=1, max_size=60))
def test_a_button_reaches_rasa_as_one_choice_and_nothing_else(choice: str) -> None:
    sent = message_for_rasa(Turn("c1", "label", "en", choice_id=choice))
    assert sent.startswith("/choose")
    assert json.loads(sent.removeprefix("/choose")) == {"choice": choice}


def custom(text: str, **more: Any) -> dict[str, Any]:
    return {"custom": {"waymark": {"text": text, "language": "en"}, **more}}


def test_replies_come_in_order_and_memory_is_joined_to_what_was_known() -> None:
    turn = read_rasa_messages([custom("one", memory={"entry": "fafsa.cost"}), custom("two", memory={"misses": 0})], TURN)
    assert [r.text for r in turn.replies] == ["one", "two"]
    assert turn.memory == {"topic": "fafsa", "misses": 0, "entry": "fafsa.cost"}
    assert TURN.memory == {"topic": "fafsa", "misses": 1}, "the turn itself is left as it was"


def test_a_forms_question_becomes_a_message_with_its_buttons() -> None:
    (reply,) = read_rasa_messages([{"text": "Which county?", "buttons": [{"title": "King", "payload": "county:king"}]}], TURN).replies
    assert reply.answer is not None and reply.answer.status == "form"
    assert [(c.id, c.label) for c in reply.choices] == [("county:king", "King")]


GARBAGE = [
    None,
    {},
    "x",
    7,
    [],
    [None],
    ["x"],
    [[]],
    [{"custom": None}],
    [{"custom": {"waymark": 3}}],
    [{"custom": {"memory": 5, "waymark": {}}}],
    [custom("x", memory={"steps": 9})],
]


@pytest.mark.parametrize("data", GARBAGE)
def test_nonsense_is_refused_with_an_error_the_client_turns_into_unavailable(data: object) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        read_rasa_messages(data, TURN)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda c: st.lists(c, max_size=3) | st.dictionaries(st.sampled_from(["custom", "waymark", "memory", "text", "buttons", "x"]), c, max_size=3),
        max_leaves=8,
    )
)
def test_whatever_json_comes_it_is_read_or_refused_and_never_anything_else(data: object) -> None:
    try:
        assert read_rasa_messages(data, TURN).replies
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
