"""Draft, review, publish, history, undo, for every kind of document; advisors propose, editors publish."""

from __future__ import annotations

import html

import pytest

from desk.wiring import Desk
from knowledge.kinds import KINDS
from tests.integration.conftest import SignIn, Wire
from tests.integration.fakes import AbsentBot
from tests.integration.form_reader import fields_of
from tests.integration.people import Staff, Student
from tests.integration.test_staff_edit import ENTRY, NEW, answer_to, edited

KEY = "sunrise_grant.what_is"
CHECKLIST = "/desk/knowledge/checklist/sunrise_steps"
WHAT = "what is the sunrise grant"


async def pressed(person: Staff, path: str, action: str, **changes: str) -> tuple[int, str]:
    form = fields_of((await person.opens(path)).text)
    answer = await person.submits(path, **{**form, **changes, "action": action})
    return answer.status_code, html.unescape(answer.text) if answer.status_code != 303 else answer.headers["location"]


@pytest.fixture
def careful_desk(wired: Wire) -> Desk:
    """Where a second person must publish."""
    return wired(AbsentBot(), publishing_needs_second_person=True)


async def test_an_advisor_proposes_and_an_editor_publishes(knowing_desk: Desk, asker: Student, staff: SignIn) -> None:
    advisor, editor = await staff(knowing_desk, "advisor", ENTRY), await staff(knowing_desk, "editor", ENTRY)
    assert (await pressed(advisor, ENTRY, "publish", **NEW))[0] == 403
    status, where = await pressed(advisor, ENTRY, "submit", why="students ask", **NEW)
    assert (status, where) == (303, f"{ENTRY}?done=submit")
    listed = (await editor.opens("/desk/knowledge")).text
    assert "1 change waits" in listed
    assert KEY in (await editor.opens("/desk/knowledge?state=in_review")).text
    page = (await editor.opens(ENTRY)).text
    assert "In review, sent by advisor@example.org" in page and "<del>" in page and "<ins>" in page
    assert (await answer_to(knowing_desk, asker, WHAT))["text"] != NEW["answer.en"]
    assert (await pressed(editor, ENTRY, "publish"))[0] == 303
    assert (await answer_to(knowing_desk, asker, WHAT))["text"] == NEW["answer.en"]
    assert [(r.action, r.author) for r in knowing_desk.knowledge.history("entry", KEY)[:3]] == [
        ("publish", "editor@example.org"),
        ("submit", "advisor@example.org"),
        ("draft", "advisor@example.org"),
    ]


async def test_where_a_second_person_is_needed_nobody_publishes_their_own_words(careful_desk: Desk, staff: SignIn) -> None:
    editor, admin = await staff(careful_desk, "editor", ENTRY), await staff(careful_desk, "admin", ENTRY)
    status, page = await pressed(editor, ENTRY, "publish", **NEW)
    assert status == 422 and "whoever wrote it cannot publish it here" in page and NEW["answer.en"] in page
    assert (await pressed(editor, ENTRY, "submit", **NEW))[0] == 303
    assert (await pressed(editor, ENTRY, "publish"))[0] == 422, "sending it for review does not make it another's"
    assert (await pressed(admin, ENTRY, "publish", **{"answer.en": "Changed by the second."}))[0] == 422, "then it is the second person's text"
    assert (await pressed(admin, ENTRY, "publish"))[0] == 303


async def test_an_editor_gives_a_draft_back_and_the_writer_discards_it(knowing_desk: Desk, staff: SignIn) -> None:
    advisor, editor = await staff(knowing_desk, "advisor", ENTRY), await staff(knowing_desk, "editor", ENTRY)
    await pressed(advisor, ENTRY, "submit", **NEW)
    assert (await pressed(editor, ENTRY, "return", why="too long"))[0] == 303
    assert "too long" in (await advisor.opens(ENTRY)).text
    assert (await pressed(advisor, ENTRY, "discard"))[0] == 303
    assert knowing_desk.knowledge.get("entry", KEY).draft is None


async def test_an_advisor_does_not_discard_anothers_draft(knowing_desk: Desk, staff: SignIn) -> None:
    await edited(await staff(knowing_desk, "editor", ENTRY), "draft", **NEW)
    assert (await pressed(await staff(knowing_desk, "advisor", ENTRY), ENTRY, "discard"))[0] == 403


async def test_a_half_written_text_is_kept_as_a_draft(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", ENTRY)
    assert (await pressed(editor, ENTRY, "draft", **{"answer.es": "", "question.es": ""}))[0] == 303
    form = fields_of((await editor.opens(ENTRY)).text)
    assert (form["answer.es"], form["answer.en"]) == ("", (knowing_desk.knowledge.get("entry", KEY).body or {})["answer"]["en"])
    assert KEY in (await editor.opens("/desk/knowledge?language=missing")).text
    status, page = await pressed(editor, ENTRY, "publish")
    assert status == 422 and "Answer, Spanish: is empty" in page


async def test_an_older_text_is_published_again_and_answers_the_next_question(knowing_desk: Desk, asker: Student, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", ENTRY)
    before = (await answer_to(knowing_desk, asker, WHAT))["text"]
    await edited(editor, **NEW)
    page = (await editor.opens(f"{ENTRY}/history")).text
    assert "Answer, English" in page and "<del>" in page and "<ins>" in page
    undone = await editor.submits(f"{ENTRY}/bring-back", opened="2", revision="1")
    assert undone.status_code == 303
    assert (await answer_to(knowing_desk, asker, WHAT))["text"] == before
    newest = knowing_desk.knowledge.history("entry", KEY)[0]
    assert (newest.action, newest.why, newest.revision) == ("publish", "revision 1 again", 3)
    assert (await editor.submits(f"{ENTRY}/bring-back", opened="2", revision="1")).status_code == 409


async def test_an_older_text_can_be_put_into_the_form(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", ENTRY)
    old = fields_of((await editor.opens(ENTRY)).text)["answer.en"]
    await edited(editor, **NEW)
    form = fields_of((await editor.opens(f"{ENTRY}?text=1")).text)
    assert (form["answer.en"], form["opened"]) == (old, "2")


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_can_be_begun_and_every_document_opened(knowing_desk: Desk, staff: SignIn, kind: str) -> None:
    editor = await staff(knowing_desk, "editor", "/desk/knowledge")
    assert (await editor.opens(f"/desk/knowledge/new/{kind}")).status_code == 200
    for document in list(knowing_desk.assistant.runtime.snapshot().documents[kind].values())[:2]:
        page = await editor.opens(f"/desk/knowledge/{kind}/{document.key}")
        assert page.status_code == 200
        assert (await pressed(editor, f"/desk/knowledge/{kind}/{document.key}", "draft"))[0] == 303
        stored = knowing_desk.knowledge.get(kind, document.key)
        assert stored.draft == stored.body, "opening and saving changes nothing"


async def test_a_new_entry_gets_its_name_from_topic_and_facet_and_is_answered(knowing_desk: Desk, asker: Student, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", "/desk/knowledge")
    path = "/desk/knowledge/new/entry"
    ways = {
        "en": "\n".join(f"wobblewick question number {n}" for n in range(8)),
        "es": "\n".join(f"pregunta wobblewick número {n}" for n in range(5)),
    }
    texts = {
        "topic": "sunrise_grant", "facet": "other", "id": "wobble", "question.en": "What is wobblewick?", "question.es": "¿Qué es wobblewick?",
        "answer.en": "It is a small help.", "answer.es": "Es una ayuda pequeña.", "phrasings.en": ways["en"], "phrasings.es": ways["es"],
        "sources": next(s.id for s in knowing_desk.assistant.runtime.snapshot().sources.values() if s.show),
    }  # fmt: skip
    status, where = await pressed(editor, path, "publish", **texts)
    assert (status, where) == (303, "/desk/knowledge/entry/sunrise_grant.other.wobble?done=publish"), where[where.find("fault") :][:900]
    assert (await answer_to(knowing_desk, asker, "wobblewick question number 3"))["text"] == "It is a small help."
    status, page = await pressed(editor, path, "draft", **texts)
    assert status == 422 and "sunrise_grant.other.wobble is taken by another entry" in page


async def test_a_new_document_without_a_name_is_not_kept_and_nothing_typed_is_lost(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", "/desk/knowledge")
    status, page = await pressed(editor, "/desk/knowledge/new/wording", "draft", **{"text.en": "Hello there"})
    assert status == 422 and "Name (id)" in page and "Hello there" in page


async def test_steps_are_added_and_moved_without_losing_what_is_typed(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", CHECKLIST)
    form = fields_of((await editor.opens(CHECKLIST)).text)
    count = sum(name.endswith(".title.en") for name in form)
    added = fields_of((await editor.submits(CHECKLIST, **{**form, "title.en": "Typed", "action": "part:add:steps"})).text)
    assert (sum(n.endswith(".title.en") for n in added), added["title.en"], added[f"steps.{count}.title.en"]) == (count + 1, "Typed", "")
    moved = fields_of((await editor.submits(CHECKLIST, **{**form, "action": "part:up:steps:1"})).text)
    assert moved["steps.0.title.en"] == form["steps.1.title.en"]


async def test_what_is_used_elsewhere_is_not_taken_away(knowing_desk: Desk, asker: Student, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", "/desk/knowledge")
    status, page = await pressed(editor, "/desk/knowledge/topic/sunrise_grant", "retire")
    assert status == 422 and "Still used: entry sunrise_grant." in page
    lonely = "/desk/knowledge/refusal/homework"
    assert (await pressed(editor, lonely, "retire", why="we help now"))[0] == 303
    assert "homework" not in knowing_desk.assistant.runtime.snapshot().refusals
    assert "Publish it no more" not in (await editor.opens(lonely)).text


async def test_the_list_finds_by_kind_words_and_state(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", "/desk/knowledge")
    page = (await editor.opens("/desk/knowledge?kind=wording&q=advisor")).text
    assert "/desk/knowledge/wording/" in page and "/desk/knowledge/entry/" not in page
    assert "Nothing found" in (await editor.opens("/desk/knowledge?q=zzzzzz")).text
    assert (await editor.opens("/desk/knowledge?state=burning")).status_code == 422
    found = await editor.http.get("/desk/knowledge/complete/source?q=")
    assert {"key", "title"} == set(found.json()[0])
    assert (await editor.http.get("/desk/knowledge/complete/spell")).status_code == 404


async def test_unknown_kinds_and_documents_are_not_found(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", "/desk/knowledge")
    for path in ("/desk/knowledge/spell/x", "/desk/knowledge/entry/x", "/desk/knowledge/new/spell", "/desk/knowledge/entry/x/history"):
        assert (await editor.opens(path)).status_code == 404
