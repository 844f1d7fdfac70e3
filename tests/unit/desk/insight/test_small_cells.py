"""No number that could point at a few students, and none from which such a number could be worked out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from desk.insight.model import KINDS, Counted
from desk.insight.small_cells import LEAST, few, hide

PARTS = len(KINDS)


def row(key: str, *parts: int, students: int | None = None) -> Counted:
    whole = (*parts, *(0,) * (PARTS - len(parts)))
    return Counted(key, sum(whole), sum(whole) if students is None else students, whole)


def test_a_group_of_four_students_is_hidden_whole_however_much_they_asked() -> None:
    hidden, *_ = hide([row("a", 40, 10, students=4), row("b", 30, 20), row("c", 50, 9)])
    assert (hidden.questions, hidden.students, set(hidden.parts[:2])) == (None, None, {None})


def test_a_single_small_cell_takes_another_with_it_so_that_no_subtraction_finds_it() -> None:
    shown, _ = hide([row("a", 50, 3, 20), row("b", 50, 30, 20)])
    assert shown.parts[1] is None and shown.parts[2] is None and shown.parts[0] == 50


def test_large_numbers_and_noughts_stand() -> None:
    rows = [row("a", 50, 10), row("b", 60, 20)]
    assert [(s.questions, s.parts) for s in hide(rows)] == [(r.questions, r.parts) for r in rows]


def test_a_share_of_a_hidden_number_is_hidden() -> None:
    assert hide([row("a", 3, 60)])[0].share(0) is None
    assert hide([row("a", 60, 20)])[0].share(0) == 0.75
    assert hide([Counted("a", 0, 0, (0,) * PARTS)])[0].share(0) is None


counts = st.lists(st.lists(st.integers(0, 30), min_size=PARTS, max_size=PARTS), min_size=1, max_size=6)


@settings(deadline=None, max_examples=200)
@given(counts, st.data())
def test_no_small_number_is_shown_and_none_can_be_worked_out(numbers: list[list[int]], data: st.DataObject) -> None:
    rows = [row(str(n), *parts, students=data.draw(st.integers(min(1, sum(parts)), max(1, sum(parts))))) for n, parts in enumerate(numbers)]
    shown = hide(rows)
    cells = [[s.questions, *s.parts] for s in shown]
    assert not [n for line in cells for n in line if n is not None and few(n)]
    assert not [s for s in shown if s.students is not None and few(s.students)]
    lines = [[(r, c) for c in range(1, PARTS + 1)] for r in range(len(rows)) if cells[r][0] is not None]
    if len(rows) > 1:
        lines += [[(r, c) for r in range(len(rows))] for c in range(PARTS + 1)]
    true = [[r.questions, *r.parts] for r in rows]
    for line in lines:
        lost = sum(true[r][c] for r, c in line if cells[r][c] is None)
        # What a line lacks is never a small number, unless nothing else is left in it to hide.
        left = [cells[r][c] for r, c in line if cells[r][c]]
        assert lost == 0 or lost >= LEAST or not left
