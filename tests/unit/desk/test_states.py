from __future__ import annotations

import itertools

import pytest

from desk.conversations.states import ALLOWED, BOT_SPEAKS, MoveNotAllowed, State, check_move
from desk.errors import Conflict

EVERY = list(itertools.product(State, State))


@pytest.mark.parametrize(("old", "new"), [m for m in EVERY if m in ALLOWED])
def test_an_allowed_move_passes(old: State, new: State) -> None:
    check_move(old, new)


@pytest.mark.parametrize(("old", "new"), [m for m in EVERY if m not in ALLOWED])
def test_any_other_move_is_refused_and_names_both_states(old: State, new: State) -> None:
    with pytest.raises(MoveNotAllowed) as refused:
        check_move(old, new)
    assert (refused.value.old, refused.value.new) == (old, new)
    assert isinstance(refused.value, Conflict) and refused.value.status == 409


def test_the_designs_moves_are_all_there() -> None:
    chain = [State.WITH_BOT, State.WAITING, State.WITH_ADVISOR, State.CLOSED]
    back = {(State.WITH_ADVISOR, State.WITH_BOT), (State.WAITING, State.WITH_BOT), (State.CLOSED, State.WITH_BOT)}
    assert set(itertools.pairwise(chain)) | back <= ALLOWED


@pytest.mark.parametrize("state", State)
def test_no_state_is_a_dead_end_and_each_leads_back_to_the_bot(state: State) -> None:
    reached, seen = {state}, set[State]()
    while reached - seen:
        seen |= reached
        reached |= {new for old, new in ALLOWED if old in seen}
    assert State.WITH_BOT in reached and State.WITH_ADVISOR in reached


def test_the_bot_is_silent_where_a_person_owns_the_conversation() -> None:
    assert State.WITH_ADVISOR not in BOT_SPEAKS
