"""Students ask something new; one action later the next one is answered, and those who asked hear of it. Then it is undone."""

from __future__ import annotations

import html
import time
from typing import Any

import pytest

from desk.conversations.states import State
from desk.errors import Conflict, Invalid
from desk.learning.decisions import Decisions
from desk.learning.model import Decision, NewDecision
from desk.wiring import Desk
from knowledge import regression
from knowledge.regression_gate import Culprit
from knowledge.schema import Entry
from tests.integration.conftest import PASSWORD, Browser, SignIn
from tests.integration.fakes import SetClock
from tests.integration.people import Staff, Student

LOST = "wobblewick dough for books"
LOST_ES = "plata wobblewick para libros"
ENTRY = "sunrise_grant.what_is"
ANSWER = "The Sunrise Grant is free money for school. You do not pay it back."
ANSWER_ES = "La Beca Amanecer es dinero gratis. No se paga de vuelta."
CLICK_TO_ANSWER_S = 60


async def asks(desk: Desk, student: Student, text: str) -> dict[str, Any]:
    """The first reply."""
    sent = await student.writes(text)
    await desk.turns.drain()
    return (await student.reads(after=sent.json()["message"]["seq"]))[0]


async def arrives(desk: Desk, browser: Browser, text: str = LOST, language: str = "en") -> Student:
    student = await Student.arrives(browser(desk), language)
    await asks(desk, student, text)
    return student


async def decides(desk: Desk, staff: Staff, action: str = "phrasing", **fields: Any) -> int:
    """Open the group, choose, press once; gives the decision's number."""
    group = next(g for g in desk.learning.inbox.groups() if LOST in [m.text for m in g.misses])
    shown = html.unescape((await staff.opens(f"/desk/misses/{group.id}")).text)
    assert LOST in shown
    given = {"entry": ENTRY, "phrasings_en": LOST, "misses": [m.id for m in group.misses], **fields}
    answer = await staff.http.post(f"/desk/misses/{group.id}", data={"csrf": staff.csrf, "action": action, **given})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rsplit("/", 1)[1])


def decision(desk: Desk, number: int) -> Decision:
    return desk.learning.decisions.store.get(number)


def held(desk: Desk, text: str) -> str | None:
    """Where the regression set holds a question to."""
    return next((pair.target for pair in regression.accepted(desk.knowledge) if pair.question == text), None)


async def test_a_miss_becomes_an_answer_within_a_minute_and_an_undo_takes_all_of_it_back(knowing_desk: Desk, browser: Browser, staff: SignIn) -> None:
    desk = knowing_desk
    before = desk.knowledge.get("entry", ENTRY).body
    first = await arrives(desk, browser)
    editor = await staff(desk, "editor", "/desk/misses")
    assert LOST in html.unescape((await editor.opens("/desk/misses")).text)

    clicked = time.monotonic()
    number = await decides(desk, editor)
    answer = await asks(desk, await Student.arrives(browser(desk)), LOST)
    took = time.monotonic() - clicked

    assert (answer["answer"]["entry_id"], answer["text"]) == (ENTRY, ANSWER)
    assert took < CLICK_TO_ANSWER_S
    assert held(desk, LOST) == ENTRY
    assert desk.learning.inbox.groups() == []
    notice, told = (await first.reads())[-2:]
    assert (notice["sender"], told["sender"], told["text"]) == ("system", "bot", ANSWER)
    assert LOST in notice["text"] and told["answer"]["sources"]
    page = html.unescape((await editor.opens(f"/desk/misses/decisions/{number}")).text)
    assert "1 student who asked was told" in page and "As wanted" in page

    assert (await editor.submits(f"/desk/misses/decisions/{number}/undo")).status_code == 303
    assert desk.knowledge.get("entry", ENTRY).body == before
    assert held(desk, LOST) is None
    assert decision(desk, number).state == "undone"
    assert [m.text for g in desk.learning.inbox.groups() for m in g.misses] == [LOST]
    assert (await asks(desk, await Student.arrives(browser(desk)), LOST))["answer"]["entry_id"] is None


async def test_an_unticked_question_does_not_lead_to_the_answer_although_its_line_still_stands_there(
    knowing_desk: Desk, browser: Browser, staff: SignIn
) -> None:
    other = f"{LOST} and shoes"
    await arrives(knowing_desk, browser)
    await arrives(knowing_desk, browser, other)
    (group,) = knowing_desk.learning.inbox.groups()
    chosen = [m.id for m in group.misses if m.text == LOST]
    number = await decides(knowing_desk, await staff(knowing_desk, "editor"), phrasings_en=f"{LOST}\n{other}\na line of mine", misses=chosen)
    assert decision(knowing_desk, number).phrasings["en"] == [LOST, "a line of mine"]
    assert [m.text for g in knowing_desk.learning.inbox.groups() for m in g.misses] == [other]


async def test_a_search_keeps_what_was_chosen_and_typed(knowing_desk: Desk, browser: Browser, staff: SignIn) -> None:
    await arrives(knowing_desk, browser)
    (group,) = knowing_desk.learning.inbox.groups()
    editor = await staff(knowing_desk, "editor", f"/desk/misses/{group.id}")
    shown = await editor.submits(f"/desk/misses/{group.id}", action="search", q="sunrise cost", phrasings_en="my own line", note="a note")
    assert shown.status_code == 200 and "my own line" in shown.text and "found for" in shown.text and "a note" in shown.text
    assert f'value="{group.misses[0].id}" checked' not in shown.text, "it was unticked"


async def test_each_student_is_told_once_and_in_their_language(knowing_desk: Desk, browser: Browser, staff: SignIn) -> None:
    english, spanish = await arrives(knowing_desk, browser), await arrives(knowing_desk, browser, LOST_ES, "es")
    await asks(knowing_desk, english, "zzyzx qwrt plmk")  # a second miss in the same chat, of another group
    misses = [m.id for g in knowing_desk.learning.inbox.groups() for m in g.misses]
    await decides(knowing_desk, await staff(knowing_desk, "editor"), phrasings_es=LOST_ES, misses=misses)
    assert [m["text"] for m in await english.reads()].count(ANSWER) == 1
    notice, told = (await spanish.reads())[-2:]
    assert told["text"] == ANSWER_ES and "corregimos" in notice["text"] and notice["language"] == "es"
    assert await knowing_desk.learning.telling.tell_all() == 0


async def test_an_advisor_proposes_and_an_editor_publishes(knowing_desk: Desk, browser: Browser, staff: SignIn) -> None:
    student = await arrives(knowing_desk, browser)
    advisor, editor = await staff(knowing_desk, "advisor"), await staff(knowing_desk, "editor", "/desk/misses")
    number = await decides(knowing_desk, advisor)
    assert decision(knowing_desk, number).state == "proposed"
    assert (await asks(knowing_desk, await Student.arrives(browser(knowing_desk)), LOST))["answer"]["entry_id"] is None
    await advisor.opens(f"/desk/misses/decisions/{number}")
    assert (await advisor.submits(f"/desk/misses/decisions/{number}/publish")).status_code == 403
    assert "Proposed&nbsp;(1)" in (await editor.opens("/desk/misses")).text
    await editor.opens(f"/desk/misses/decisions/{number}")
    assert (await editor.submits(f"/desk/misses/decisions/{number}/publish")).status_code == 303
    made = decision(knowing_desk, number)
    assert (made.state, made.proposed_by, made.decided_by) == ("live", "advisor@example.org", "editor@example.org")
    assert [m["text"] for m in await student.reads()][-1] == ANSWER


async def test_a_proposal_that_is_declined_goes_back_to_the_inbox(knowing_desk: Desk, browser: Browser, staff: SignIn) -> None:
    await arrives(knowing_desk, browser)
    number = await decides(knowing_desk, await staff(knowing_desk, "advisor"))
    editor = await staff(knowing_desk, "editor", f"/desk/misses/decisions/{number}")
    assert (await editor.submits(f"/desk/misses/decisions/{number}/decline")).status_code == 303
    assert len(knowing_desk.learning.inbox.groups()) == 1
    assert (await editor.submits(f"/desk/misses/decisions/{number}/publish")).status_code == 409


async def test_what_is_not_ours_is_declined_kindly_from_then_on(knowing_desk: Desk, browser: Browser, staff: SignIn) -> None:
    await arrives(knowing_desk, browser)
    refusal = next(iter(knowing_desk.assistant.runtime.snapshot().refusals))
    number = await decides(knowing_desk, await staff(knowing_desk, "editor"), "out_of_scope", refusal=refusal, entry="")
    reply = await asks(knowing_desk, await Student.arrives(browser(knowing_desk)), LOST)
    assert reply["answer"]["status"] == "out_of_scope"
    assert held(knowing_desk, LOST) == f"refusal:{refusal}"
    editor = await staff(knowing_desk, "editor", f"/desk/misses/decisions/{number}")
    assert "As wanted" in (await editor.opens(f"/desk/misses/decisions/{number}")).text


async def test_dismissing_changes_nothing_and_can_be_undone(knowing_desk: Desk, browser: Browser, staff: SignIn) -> None:
    await arrives(knowing_desk, browser)
    version = knowing_desk.knowledge.version()
    advisor = await staff(knowing_desk, "advisor")
    number = await decides(knowing_desk, advisor, "dismiss", note="a joke")
    assert knowing_desk.learning.inbox.groups() == [] and knowing_desk.knowledge.version() == version
    await advisor.opens(f"/desk/misses/decisions/{number}")
    assert (await advisor.submits(f"/desk/misses/decisions/{number}/undo")).status_code == 303
    assert len(knowing_desk.learning.inbox.groups()) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"entry": ""}, "Choose where these questions should lead."),
        ({"entry": "no.such"}, "There is no published entry named 'no.such'"),
        ({"phrasings_en": " \n "}, "Keep at least one way of asking."),
        ({"phrasings_en": "what is the sunrise grant"}, "These are among its ways of asking already."),
        ({"phrasings_en": "how much is the sunrise grant"}, "already leads to sunrise_grant.cost"),
        ({"phrasings_en": "x" * 301}, "is longer than 300 characters"),
        ({"phrasings_en": "\n".join(f"line number {n}" for n in range(13))}, "more than 12 ways of asking"),
        ({"misses": []}, "No question is chosen."),
    ],
)
async def test_what_cannot_be_done_says_why_and_changes_nothing(
    knowing_desk: Desk, browser: Browser, staff: SignIn, fields: dict[str, Any], words: str
) -> None:
    await arrives(knowing_desk, browser)
    (group,) = knowing_desk.learning.inbox.groups()
    editor = await staff(knowing_desk, "editor", f"/desk/misses/{group.id}")
    version = knowing_desk.knowledge.version()
    given = {"entry": ENTRY, "phrasings_en": LOST, "misses": [group.id], **fields}
    answer = await editor.http.post(f"/desk/misses/{group.id}", data={"csrf": editor.csrf, "action": "phrasing", **given})
    assert answer.status_code in (404, 422) and words in html.unescape(answer.text)
    assert knowing_desk.knowledge.version() == version and len(knowing_desk.learning.inbox.groups()) == 1
    assert knowing_desk.learning.decisions.store.listed("proposed", "live") == []


async def test_two_people_at_the_same_group_the_second_is_told(knowing_desk: Desk, browser: Browser, staff: SignIn) -> None:
    await arrives(knowing_desk, browser)
    (group,) = knowing_desk.learning.inbox.groups()
    one, two = await staff(knowing_desk, "editor", f"/desk/misses/{group.id}"), await staff(knowing_desk, "advisor", f"/desk/misses/{group.id}")
    given = {"action": "phrasing", "entry": ENTRY, "phrasings_en": LOST, "misses": [group.id]}
    first = await one.http.post(f"/desk/misses/{group.id}", data={"csrf": one.csrf, **given})
    second = await two.http.post(f"/desk/misses/{group.id}", data={"csrf": two.csrf, **given, "action": "dismiss"})
    assert (first.status_code, second.status_code) == (303, 409)
    assert len(knowing_desk.learning.decisions.store.listed("live", "dismissed")) == 1


# -- who is told, and when ---------------------------------------------------------------------------------------------


async def publish_while(desk: Desk, student: Student, staff: SignIn) -> list[str]:
    await decides(desk, await staff(desk, "editor"))
    return [m["text"] for m in await student.reads()]


async def test_a_student_with_an_advisor_is_told_after_the_advisor_has_left(knowing_desk: Desk, browser: Browser, staff: SignIn) -> None:
    student = await arrives(knowing_desk, browser)
    await student.post("handoff")
    await knowing_desk.service.take(student.id, 1, "Advisor One")
    assert ANSWER not in await publish_while(knowing_desk, student, staff)
    await knowing_desk.service.return_to_bot(student.id)
    assert await knowing_desk.learning.telling.tell_all() == 1
    assert [m["text"] for m in await student.reads()][-1] == ANSWER


async def test_a_closed_chat_and_one_of_long_ago_stay_quiet(knowing_desk: Desk, browser: Browser, staff: SignIn, clock: SetClock) -> None:
    old = await arrives(knowing_desk, browser)
    clock.goes_on(days=15)
    closed = await arrives(knowing_desk, browser)
    knowing_desk.store.move(closed.id, State.CLOSED)
    texts = await publish_while(knowing_desk, closed, signing_in_anew(staff))
    assert ANSWER not in texts and ANSWER not in [m["text"] for m in await old.reads()]


def signing_in_anew(staff: SignIn) -> SignIn:
    """Sessions last ten hours; after two weeks the editor signs in anew."""

    async def sign_in(desk: Desk, role: str, page: str = "/desk/queue") -> Staff:
        known = await staff(desk, role, "/desk/sign-in")
        known.http.cookies.clear()
        return await known.signs_in(f"{role}@example.org", PASSWORD, "/desk/misses")

    return sign_in


async def test_a_deleted_conversation_is_no_trouble(knowing_desk: Desk, browser: Browser, staff: SignIn) -> None:
    student = await arrives(knowing_desk, browser)
    await arrives(knowing_desk, browser)
    (group,) = knowing_desk.learning.inbox.groups()
    await student.delete()
    with pytest.raises(Conflict):  # the page was open; one of its questions is gone
        knowing_desk.learning.decisions.dismiss([m.id for m in group.misses], knowing_desk.accounts.all()[0], "")
    await decides(knowing_desk, await staff(knowing_desk, "editor"))
    assert decision(knowing_desk, 1).told == 1


async def test_a_no_to_the_corrected_answer_opens_the_question_again(knowing_desk: Desk, browser: Browser, staff: SignIn) -> None:
    student = await arrives(knowing_desk, browser)
    await decides(knowing_desk, await staff(knowing_desk, "editor"))
    told = (await student.reads())[-1]
    await asks(knowing_desk, student, "what is the sunrise grant")
    await student.post("feedback", {"seq": told["seq"], "helpful": False})
    assert [(m.text, m.why, m.entry_id) for g in knowing_desk.learning.inbox.groups() for m in g.misses] == [(LOST, "not_helpful", ENTRY)]


async def test_a_draft_somebody_is_writing_gets_the_line_and_stays_a_draft(knowing_desk: Desk, browser: Browser, staff: SignIn) -> None:
    stored = knowing_desk.knowledge.get("entry", ENTRY)
    entry = Entry.model_validate(stored.body)
    draft = entry.model_copy(update={"answer": entry.answer.model_copy(update={"en": "Not finished yet."})})
    knowing_desk.knowledge.save_draft(draft, stored.revision, "somebody@example.org")
    await arrives(knowing_desk, browser)
    await decides(knowing_desk, await staff(knowing_desk, "editor"))
    kept = knowing_desk.knowledge.get("entry", ENTRY).draft
    assert kept is not None and kept["answer"]["en"] == "Not finished yet." and LOST in kept["phrasings"]["en"]


# -- an answer nobody has written yet ----------------------------------------------------------------------------------

NEW = {
    "topic": "sunrise_grant",
    "facet": "other",
    "word": "wobblewick",
    "question_en": "What is a wobblewick?",
    "question_es": "¿Qué es un wobblewick?",
}
NEW_KEY = "sunrise_grant.other.wobblewick"


async def begins(desk: Desk, staff: Staff) -> None:
    (group,) = desk.learning.inbox.groups()
    await staff.opens(f"/desk/misses/{group.id}")
    given = {"csrf": staff.csrf, "action": "entry", "phrasings_en": LOST, "misses": [group.id], **NEW}
    answer = await staff.http.post(f"/desk/misses/{group.id}", data=given)
    assert (answer.status_code, answer.headers.get("location")) == (303, f"/desk/knowledge/entry/{NEW_KEY}"), answer.text


async def test_a_new_entry_begins_as_a_draft_with_the_words_of_the_students_and_settles_them_when_published(
    knowing_desk: Desk, browser: Browser, staff: SignIn
) -> None:
    desk = knowing_desk
    student, advisor = await arrives(desk, browser), await staff(desk, "advisor", "/desk/misses")
    await begins(desk, advisor)
    draft = desk.knowledge.get("entry", NEW_KEY)
    assert (
        draft.body is None
        and draft.draft is not None
        and draft.draft["phrasings"]["en"] == [LOST]
        and draft.draft["question"]["en"] == NEW["question_en"]
    )
    assert (await advisor.opens(f"/desk/knowledge/entry/{NEW_KEY}")).status_code == 200
    assert desk.learning.decisions.new_entries.settle() == [] and desk.learning.inbox.groups() == []
    answer = {"en": "A wobblewick is a small grant.", "es": "Un wobblewick es una beca chica."}
    desk.knowledge.publish(
        Entry.model_validate({**draft.draft, "answer": answer, "sources": ["sunrise_site"]}), draft.revision, "editor@example.org", "new"
    )
    (settled,) = desk.learning.decisions.new_entries.settle()
    assert (settled.state, settled.decided_by, held(desk, LOST)) == ("live", "editor@example.org", NEW_KEY)
    assert await desk.learning.telling.tell_all() == 1
    assert [m["text"] for m in await student.reads()][-1] == answer["en"]
    assert (await asks(desk, await Student.arrives(browser(desk)), LOST))["answer"]["entry_id"] == NEW_KEY
    editor = await staff(desk, "editor", f"/desk/misses/decisions/{settled.id}")
    assert (await editor.submits(f"/desk/misses/decisions/{settled.id}/undo")).status_code == 303
    assert desk.knowledge.get("entry", NEW_KEY).body is None and held(desk, LOST) is None and len(desk.learning.inbox.groups()) == 1


async def test_a_new_entry_that_cannot_be_says_why(knowing_desk: Desk, browser: Browser, staff: SignIn) -> None:
    await arrives(knowing_desk, browser)
    (group,) = knowing_desk.learning.inbox.groups()
    editor = await staff(knowing_desk, "editor", f"/desk/misses/{group.id}")
    given = {"csrf": editor.csrf, "action": "entry", "phrasings_en": LOST, "misses": [group.id], **NEW}
    for changes, words in (
        ({"topic": "moon"}, "Choose a topic"), ({"question_en": " "}, "Write the question in English"), ({"word": "Ä!"}, "small letters, digits and _ only"),
        ({"facet": "cost", "word": ""}, "There already is an entry named sunrise_grant.cost"),
    ):  # fmt: skip
        answer = await editor.http.post(f"/desk/misses/{group.id}", data={**given, **changes})
        assert answer.status_code == 422 and words in html.unescape(answer.text), words
    assert len(knowing_desk.learning.inbox.groups()) == 1


async def test_what_would_turn_right_answers_wrong_is_refused_before_anything_is_kept(knowing_desk: Desk, browser: Browser) -> None:
    await arrives(knowing_desk, browser)
    (group,) = knowing_desk.learning.inbox.groups()
    desk, culprit = knowing_desk, Culprit("how much is sunrise", "en", "sunrise_grant.cost", ENTRY, "…")
    careful = Decisions(desk.learning.decisions.store, desk.knowledge, desk.assistant, desk.audit, lambda put: [culprit])
    editor = next(user for user in desk.accounts.all() if user.role == "editor")
    version, new = desk.knowledge.version(), NewDecision("phrasing", key=ENTRY, phrasings={"en": [LOST]})
    with pytest.raises(Invalid, match=r"turn right answers wrong: “how much is sunrise” leads to sunrise_grant\.cost"):
        careful.publish_at_once(new, [group.id], editor)
    assert desk.knowledge.version() == version and len(desk.learning.inbox.groups()) == 1
    proposed = careful.propose(new, [group.id], editor)
    with pytest.raises(Invalid):
        careful.publish(proposed.id, editor)
    assert decision(desk, proposed.id).state == "proposed" and desk.knowledge.version() == version
