"""An editor changes an answer; the very next question gets it. No training, no restart."""

from __future__ import annotations

import html
from typing import Any

from desk.wiring import Desk
from tests.integration.conftest import SignIn
from tests.integration.form_reader import fields_of
from tests.integration.people import Staff, Student

ENTRY = "/desk/knowledge/entry/sunrise_grant.what_is"
NEW = {
    "answer.en": "The Sunrise Grant is money you keep. Ask for it each fall.",
    "answer.es": "La Beca Amanecer es dinero tuyo. Pide la beca cada otoño.",
}


async def edited(editor: Staff, action: str = "publish", **changes: str) -> tuple[int, str]:
    form = fields_of((await editor.opens(ENTRY)).text)
    answer = await editor.submits(ENTRY, **{**form, **changes, "action": action})
    return answer.status_code, html.unescape(answer.text)


async def answer_to(desk: Desk, student: Student, text: str) -> dict[str, Any]:
    sent = await student.writes(text)
    await desk.turns.drain()
    return (await student.reads(after=sent.json()["message"]["seq"]))[0]


async def test_the_next_question_gets_the_published_text(knowing_desk: Desk, asker: Student, staff: SignIn) -> None:
    before = await answer_to(knowing_desk, asker, "what is the sunrise grant")
    editor = await staff(knowing_desk, "editor", ENTRY)
    assert (await edited(editor, why="clearer", **NEW))[0] == 303
    after = await answer_to(knowing_desk, asker, "what is the sunrise grant")
    assert before["text"].startswith("The Sunrise Grant is free money")
    assert after["text"] == NEW["answer.en"]
    assert after["answer"]["knowledge_version"] != before["answer"]["knowledge_version"]


async def test_a_new_phrasing_is_understood_at_once(knowing_desk: Desk, asker: Student, staff: SignIn) -> None:
    phrase = "wobblewick dough for books"
    assert (await answer_to(knowing_desk, asker, phrase))["answer"]["entry_id"] is None
    editor = await staff(knowing_desk, "editor", ENTRY)
    phrasings = fields_of((await editor.opens(ENTRY)).text)["phrasings.en"] + f"\n{phrase}"
    assert (await edited(editor, **{"phrasings.en": phrasings}))[0] == 303
    assert (await answer_to(knowing_desk, asker, phrase))["answer"]["entry_id"] == "sunrise_grant.what_is"


async def test_opening_and_publishing_without_a_change_leaves_the_words_as_they_were(knowing_desk: Desk, staff: SignIn) -> None:
    before = knowing_desk.knowledge.get("entry", "sunrise_grant.what_is").body
    assert (await edited(await staff(knowing_desk, "editor", ENTRY)))[0] == 303
    assert knowing_desk.knowledge.get("entry", "sunrise_grant.what_is").body == before


async def test_a_draft_changes_nothing_for_students(knowing_desk: Desk, asker: Student, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", ENTRY)
    assert (await edited(editor, "draft", **NEW))[0] == 303
    assert (await answer_to(knowing_desk, asker, "what is the sunrise grant"))["text"].startswith("The Sunrise Grant is free money")
    assert NEW["answer.en"] in (await editor.opens(ENTRY)).text


async def test_faults_keep_a_text_from_being_published_and_are_all_told(knowing_desk: Desk, asker: Student, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", ENTRY)
    bad = {"answer.en": "It is $500 and {no_such_fact}. See https://example.org.", "phrasings.es": "una sola"}
    status, page = await edited(editor, **bad)
    assert status == 422
    for what in (
        "a dollar amount stands in the text",
        "unknown fact {no_such_fact}",
        "a web address stands in the text",
        "1 phrasings, fewer than 5",
    ):
        assert what in page
    assert bad["answer.en"] in page, "the editor's words are still in the form"
    assert (await answer_to(knowing_desk, asker, "what is the sunrise grant"))["text"].startswith("The Sunrise Grant is free money")


async def test_a_fault_may_stay_in_a_draft(knowing_desk: Desk, staff: SignIn) -> None:
    assert (await edited(await staff(knowing_desk, "editor", ENTRY), "draft", **{"answer.en": "Half done {no_such_fact}"}))[0] == 303


async def test_an_empty_answer_is_refused_in_words(knowing_desk: Desk, staff: SignIn) -> None:
    status, page = await edited(await staff(knowing_desk, "editor", ENTRY), **{"answer.en": "   "})
    assert status == 422 and "answer.en" in page


async def test_who_saves_second_sees_both_texts_and_overwrites_nothing(knowing_desk: Desk, asker: Student, staff: SignIn) -> None:
    first, second = await staff(knowing_desk, "editor", ENTRY), await staff(knowing_desk, "admin", ENTRY)
    old_form = fields_of((await second.opens(ENTRY)).text)
    await edited(first, **NEW)
    mine = {"answer.en": "Something else.", "question.en": "What is this Sunrise Grant?", "why": "my reason"}
    late = await second.submits(ENTRY, **{**old_form, **mine, "action": "publish"})
    page = html.unescape(late.text)
    assert late.status_code == 409
    assert "Somebody else changed this meanwhile" in page and "editor@example.org" in page
    assert all(text in page for text in (mine["answer.en"], NEW["answer.en"], "The Sunrise Grant is free money"))
    assert "Answer, Spanish" in page, "what only the other changed is told and kept"
    assert (await answer_to(knowing_desk, asker, "what is the sunrise grant"))["text"] == NEW["answer.en"]

    merge = fields_of(late.text, "data-merge")
    joined = await second.submits(f"{ENTRY}/merge", **{**merge, "choose:answer.en": "theirs"})
    form = fields_of(joined.text)
    assert (form["answer.en"], form["answer.es"], form["question.en"]) == (NEW["answer.en"], NEW["answer.es"], mine["question.en"])
    assert form["why"] == "my reason"
    assert f'action="{ENTRY}"' in joined.text, "the joined text is saved as the entry, not merged again"
    assert (await second.submits(ENTRY, **{**form, "action": "publish"})).status_code == 303
    body = knowing_desk.knowledge.get("entry", "sunrise_grant.what_is").body or {}
    assert (body["answer"]["en"], body["question"]["en"]) == (NEW["answer.en"], mine["question.en"])


async def test_a_publish_is_in_the_history_and_in_the_audit_log(knowing_desk: Desk, staff: SignIn) -> None:
    await edited(await staff(knowing_desk, "editor", ENTRY), why="clearer words", **NEW)
    newest = knowing_desk.knowledge.history("entry", "sunrise_grant.what_is")[0]
    assert (newest.action, newest.author, newest.why) == ("publish", "editor@example.org", "clearer words")
    noted = knowing_desk.audit.recent()[0]
    assert (noted.who, noted.action, noted.subject, noted.details) == (
        "editor@example.org",
        "publish",
        "entry sunrise_grant.what_is",
        {"why": "clearer words"},
    )


async def test_an_entry_that_does_not_exist_is_not_found(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", "/desk/knowledge")
    assert (await editor.http.get("/desk/knowledge/entry/nothing")).status_code == 404
    assert (await editor.submits("/desk/knowledge/entry/nothing", action="publish")).status_code == 404


async def test_markup_in_an_answer_is_shown_as_text(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", ENTRY)
    await edited(editor, "draft", **{"answer.en": "</textarea><script>alert(1)</script>"})
    assert "<script>alert(1)" not in (await editor.opens(ENTRY)).text


async def test_an_english_only_change_is_published_when_the_editor_says_the_spanish_still_fits(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", ENTRY)
    assert (await edited(editor, **{"answer.en": NEW["answer.en"]}))[0] == 422
    assert (await edited(editor, **{"answer.en": NEW["answer.en"]}, spanish_fits="true"))[0] == 303


async def test_the_facts_behind_an_answer_stand_beside_what_is_found(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", ENTRY)
    page = (await editor.opens("/desk/knowledge?q=sunrise deadline&kind=entry")).text
    assert 'href="/desk/knowledge/fact/sunrise_last_day"' in page
    assert "Facts in it" not in (await editor.opens("/desk/knowledge?q=zzzz&kind=entry")).text
