"""language.gazetteer: names in a message, longest first, accents and typos forgiven, places true to the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language import gazetteer
from language.gazetteer import Gazetteer, Term
from language.spelling import Speller

TERMS = [
    Term("topic", "running_start", "running start"),
    Term("topic", "running_start", "RS"),
    Term("topic", "fafsa", "fafsa"),
    Term("county", "Yakima", "yakima"),
    Term("college", "Yakima Valley College", "Yakima Valley College"),
    Term("county", "Clark", "clark"),
    Term("college", "Clark College", "clark"),
    Term("topic", "college_bound", "Beca Universitaria"),
]
SPELLER = Speller({"running": 9, "start": 9, "fafsa": 9, "yakima": 9, "college": 9}, ["clark"])
NAMES = Gazetteer(TERMS, SPELLER)


def found(text: str) -> list[tuple[str, str]]:
    return [(m.label, m.value) for m in NAMES.find(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("how do I start Running Start?", [("topic", "running_start")]),
        ("is rs free", [("topic", "running_start")]),
        ("near Yakima", [("county", "Yakima")]),
        ("at yakima valley college", [("college", "Yakima Valley College")]),
        ("FAFSA and running start", [("topic", "fafsa"), ("topic", "running_start")]),
        ("¿la béca universitaria?", [("topic", "college_bound")]),
        ("Clark", [("county", "Clark"), ("college", "Clark College")]),
        ("hours and cars", []),
        ("", []),
    ],
)
def test_names_are_found_as_people_write_them(text: str, names: list[tuple[str, str]]) -> None:
    assert found(text) == names


def test_a_typo_is_found_and_marked_as_not_exact() -> None:
    (exact,) = NAMES.find("fafsa")
    (typo,) = NAMES.find("my fasfa")
    assert exact.exact
    assert not typo.exact
    assert typo.value == "fafsa"


@pytest.mark.parametrize("wall", ["=", "(", "…", "'s", "’s", "?!", "_", "😀", "a'", "a=", "1:"])
def test_a_wall_of_marks_hides_no_name_and_is_not_given_to_spacy(wall: str) -> None:
    walls = (wall * 4000)[:3900]
    text = f"my fafsa{'?' * 200} {walls} running start{'=' * 60}"
    assert found(text) == [("topic", "fafsa"), ("topic", "running_start")]
    assert max(map(len, gazetteer._without_walls(text).split())) < 100, "its time grows with the square of a piece"


def test_places_are_places_in_the_text_as_it_was_given() -> None:
    text = "¿Ñandú? I like RUNNING  START… and the ﬁrst fafsa"
    assert [text[m.start : m.end] for m in NAMES.find(text)][-1] == "fafsa"


def test_a_gazetteer_survives_a_trip_through_its_file(tmp_path: Path) -> None:
    path = tmp_path / "var" / "names.json"
    gazetteer.save(TERMS, {"fafsa": 9}, path)
    loaded = gazetteer.load(path, ["clark"])
    assert loaded.find("my FASFA in Yakima") == NAMES.find("my FASFA in Yakima")
    assert [p.name for p in path.parent.iterdir()] == ["names.json"], "nothing half written stays behind"


@given(st.text(max_size=60))
def test_no_text_breaks_it_and_mentions_do_not_leave_it(text: str) -> None:
    for mention in NAMES.find(text):
        assert 0 <= mention.start < mention.end <= len(text)
