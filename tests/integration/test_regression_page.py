"""The page of accepted questions: find, ask them all, add and take away; each change in the audit log."""

from __future__ import annotations

import html

import pytest

from desk.wiring import Desk
from knowledge import regression
from tests.integration.conftest import SignIn
from tests.integration.people import Staff

PAGE = "/desk/regression"
RIGHT, WRONG = "what is the sunrise grant", "zorble quux plugh"


@pytest.fixture
def desk(knowing_desk: Desk) -> Desk:
    """Holds two questions of its own, besides those that ship and lead nowhere in the tiny knowledge."""
    regression.add(knowing_desk.knowledge, RIGHT, "en", "sunrise_grant.what_is", "editor@example.org")
    regression.add(knowing_desk.knowledge, "qué es la beca amanecer", "es", "sunrise_grant.what_is", "editor@example.org")
    return knowing_desk


async def found(person: Staff, query: str) -> str:
    text = (await person.opens(f"{PAGE}?{query}")).text
    return html.unescape(text[text.index('role="status">') :])


def held(desk: Desk) -> set[str]:
    return {pair.question for pair in regression.accepted(desk.knowledge) if pair.author}


async def test_questions_are_found_by_words_language_and_who_added_them(desk: Desk, staff: SignIn) -> None:
    advisor = await staff(desk, "advisor", PAGE)
    page = await found(advisor, "q=sunrise&language=en")
    assert RIGHT in page and "qué es la beca" not in page and "by editor@example.org" in page
    assert "qué es la beca amanecer" in await found(advisor, "q=AMANECER")
    assert RIGHT not in await found(advisor, "by=shipped&q=sunrise")
    assert "Take away" not in page, "advisors look only"


async def test_all_are_asked_now_and_what_is_answered_otherwise_is_shown(desk: Desk, staff: SignIn) -> None:
    advisor = await staff(desk, "advisor", PAGE)
    regression.add(desk.knowledge, WRONG, "en", "trail_start.cost", "editor@example.org")
    before = desk.knowledge.version()
    answer = await advisor.submits(f"{PAGE}/run")
    result = html.unescape(answer.text[answer.text.index('id="result"') : answer.text.index('class="find')])
    assert WRONG in result and "Does Trail Start cost money" in result and "No answer" in result
    assert RIGHT not in result
    assert desk.knowledge.version() == before


async def test_an_added_question_is_held_and_told_how_it_is_answered_now(desk: Desk, staff: SignIn) -> None:
    editor = await staff(desk, "editor", PAGE)
    right = await editor.submits(
        f"{PAGE}/add", question="tell me about the sunrise grant", language="en", target="sunrise_grant.what_is", why="asked often"
    )
    assert "done=added&" in right.headers["location"]
    wrong = await editor.submits(f"{PAGE}/add", question=WRONG, language="en", target="trail_start.cost")
    assert "just now it gets" in (await editor.opens(wrong.headers["location"])).text
    assert {"tell me about the sunrise grant", WRONG} <= held(desk)
    newest = desk.audit.recent(2)
    assert [(row.action, row.subject) for row in newest] == [
        ("added_to_regression", "trail_start.cost"),
        ("added_to_regression", "sunrise_grant.what_is"),
    ]


async def test_a_question_taken_away_is_held_no_more_a_shipped_one_too(desk: Desk, staff: SignIn) -> None:
    editor = await staff(desk, "editor", PAGE)
    shipped = regression.shipped()[0]
    for question, language in ((RIGHT, "en"), (shipped.question, shipped.language)):
        assert (await editor.submits(f"{PAGE}/remove", question=question, language=language, target="x")).status_code == 303
    assert not {RIGHT, shipped.question} & {pair.question for pair in regression.accepted(desk.knowledge)}
    assert desk.audit.recent(1)[0].action == "removed_from_regression"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"question": RIGHT, "language": "en", "target": "no.such"}, "Choose where the question must lead"),
        ({"question": "?!", "language": "en", "target": "trail_start.cost"}, "The question is empty"),
        ({"question": RIGHT, "language": "fr", "target": "trail_start.cost"}, "is not a language here"),
    ],
)
async def test_what_makes_no_pair_is_refused_in_plain_words(desk: Desk, staff: SignIn, fields: dict[str, str], words: str) -> None:
    editor = await staff(desk, "editor", PAGE)
    before = held(desk)
    answer = await editor.http.post(f"{PAGE}/add", data={"csrf": editor.csrf, **fields}, headers={"Accept": "text/html"})
    assert answer.status_code == 422 and words in html.unescape(answer.text)
    assert held(desk) == before
