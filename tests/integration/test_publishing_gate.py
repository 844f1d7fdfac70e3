"""Before publishing: what speaks against a text, what a question would get, and the questions that must go on being answered."""

from __future__ import annotations

import html
import time

from desk.wiring import Desk
from knowledge import regression
from tests.integration.conftest import SignIn
from tests.integration.form_reader import fields_of
from tests.integration.people import Staff, Student
from tests.integration.test_staff_edit import ENTRY, answer_to

COST = "/desk/knowledge/entry/trail_start.cost"
HELD = "how much does the sunrise grant pay"
WHOLE = "sunrise_grant.cost"


async def typed(editor: Staff, path: str) -> dict[str, str | list[str]]:
    return fields_of((await editor.opens(path)).text)


async def harmful(desk: Desk, editor: Staff) -> dict[str, str | list[str]]:
    """Phrasings for Trail Start that all ask about the Sunrise Grant."""
    regression.add(desk.knowledge, HELD, "en", WHOLE, "ed@example.org")
    ways = "\n".join(f"how much does the sunrise grant pay {word}" for word in "out today me us kids then here now".split())
    return {**await typed(editor, COST), "phrasings.en": f"{HELD}\n{ways}"}


async def test_a_harmful_edit_is_shown_with_the_culprits_and_not_published(knowing_desk: Desk, asker: Student, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", COST)
    before = (await answer_to(knowing_desk, asker, HELD))["answer"]["entry_id"]
    form = await harmful(knowing_desk, editor)
    begun = time.process_time()
    stopped = await editor.submits(COST, **{**form, "action": "publish"})
    assert time.process_time() - begun < 20, "seconds of work, whatever else the machine does"
    page = html.unescape(stopped.text)
    assert stopped.status_code == 422
    assert HELD in page and WHOLE in page and "would be answered differently" in page and "trail_start.cost" in page
    assert fields_of(stopped.text)["phrasings.en"] == form["phrasings.en"], "nothing typed is lost"
    assert before == WHOLE == (await answer_to(knowing_desk, asker, HELD))["answer"]["entry_id"]


async def test_it_is_published_with_a_reason_that_stays_in_the_history_and_the_audit_log(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", COST)
    form = await harmful(knowing_desk, editor)
    done = await editor.submits(COST, **{**form, "action": "publish", "why": "new names", "override": "the programs were merged"})
    assert done.status_code == 303
    told = "new names (1 accepted questions are answered differently: the programs were merged)"
    assert knowing_desk.knowledge.history("entry", "trail_start.cost")[0].why == told
    assert knowing_desk.audit.recent()[0].details["why"] == told


async def test_taking_away_an_entry_whose_questions_are_held_is_stopped_too(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", "/desk/knowledge")
    regression.add(knowing_desk.knowledge, "write my essay for me", "en", "refusal:homework", "ed@example.org")
    path = "/desk/knowledge/refusal/homework"
    stopped = await editor.submits(path, **{**await typed(editor, path), "action": "retire"})
    assert stopped.status_code == 422 and "write my essay for me" in stopped.text
    assert 'name="override"' in stopped.text


async def test_an_edit_that_harms_nothing_is_published_without_a_question(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", COST)
    regression.add(knowing_desk.knowledge, HELD, "en", WHOLE, "ed@example.org")
    form = await typed(editor, COST)
    form["phrasings.en"] = f"{form['phrasings.en']}\nis there a fee for trail start at all"
    assert (await editor.submits(COST, **{**form, "action": "publish"})).status_code == 303


async def test_a_question_is_tried_on_the_words_in_the_form_and_nobody_else_sees_it(knowing_desk: Desk, asker: Student, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", ENTRY)
    form, phrase = await typed(editor, ENTRY), "wobblewick dough for books"
    form["phrasings.en"] = f"{form['phrasings.en']}\n{phrase}"
    form["answer.en"], form["answer.es"] = "Wobblewick is free.", "Wobblewick es gratis."
    tried = html.unescape((await editor.submits(f"{ENTRY}/try", **{**form, "try": phrase})).text)
    assert "Would be: sunrise_grant.what_is" in tried and "Wobblewick is free." in tried
    assert (f"nearest “{phrase}”" in tried and "1.000" in tried) or "0.9" in tried
    assert (await answer_to(knowing_desk, asker, phrase))["answer"]["entry_id"] is None
    begun = time.process_time()
    await editor.submits(f"{ENTRY}/try", **{**form, "try": "what is it"})
    assert time.process_time() - begun < 5, "the second question needs no new index"


async def test_trying_without_a_question_or_a_whole_text_says_so(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", ENTRY)
    form = await typed(editor, ENTRY)
    assert "Type a question" in (await editor.submits(f"{ENTRY}/try", **form)).text
    assert "answer.es is empty" in (await editor.submits(f"{ENTRY}/try", **{**form, "answer.es": "", "try": "what is it"})).text


async def test_what_speaks_about_a_text_is_told_while_it_is_written(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", ENTRY)
    form = await typed(editor, ENTRY)
    hard = "Notwithstanding considerable administrative complexity, institutional representatives ordinarily communicate eligibility determinations individually."
    form["answer.en"] = f"{hard} It pays {{no_such_fact}}."
    form["phrasings.en"] = f"{form['phrasings.en']}\nis trail start free"
    look = html.unescape((await editor.submits(f"{ENTRY}/look", **form)).text)
    assert "no_such_fact: there is no such fact" in look
    assert "Hardest:" in look and "administrative" in look
    assert "“is trail start free” also belongs to trail_start.cost" in look
    assert "Nearly asked elsewhere" in look and "/desk/knowledge/entry/trail_start.cost" in look
    assert '"sender": "bot"' in look and '"language": "es"' in look
    fine = html.unescape((await editor.submits(f"{ENTRY}/look", **await typed(editor, ENTRY))).text)
    assert "Nothing speaks against publishing it." in fine
    assert (await editor.submits("/desk/knowledge/entry/new/look", **{"question.en": "Why?"})).status_code == 200
