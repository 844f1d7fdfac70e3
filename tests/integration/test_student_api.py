"""The student API as promised in the design: other programs are written against it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from desk.api.shapes import MessagesResponse, OpenResponse, SendResponse
from desk.conversations.model import Draft, Finished
from desk.tables import Base
from desk.wiring import Desk
from tests.integration.conftest import Browser, Wire
from tests.integration.fakes import ScriptedBot, SetClock
from tests.integration.people import Student


def error_of(response: httpx.Response) -> tuple[int, str, str]:
    """Status, code and words; fails unless the body has the one shape of every refusal."""
    body = response.json()
    assert set(body) == {"error"} and set(body["error"]) <= {"code", "message", "details"}
    assert body["error"]["message"].strip()
    return response.status_code, body["error"]["code"], body["error"]["message"]


async def answered(desk: Desk, student: Student, text: str) -> list[dict[str, object]]:
    """What comes after a student's message, once the turn is over."""
    sent = await student.writes(text)
    assert sent.status_code == 202, sent.text
    await desk.turns.drain()
    return await student.reads(after=sent.json()["message"]["seq"])


# -- opening ---------------------------------------------------------------------------------------------------------


async def test_opening_gives_an_id_a_token_and_a_greeting(desk_app: Desk, browser: Browser) -> None:
    response = await browser(desk_app).post("/api/conversations", json={})
    opened = OpenResponse.model_validate(response.json())
    assert response.status_code == 201
    assert len(opened.conversation_id) >= 20 and len(opened.token) >= 40
    assert [(m.seq, m.sender, m.language) for m in opened.messages] == [(1, "bot", "en")]
    assert "program, not a person" in opened.messages[0].text


async def test_opening_in_spanish_greets_in_spanish_and_without_a_body_in_english(desk_app: Desk, browser: Browser) -> None:
    http = browser(desk_app)
    spanish = await http.post("/api/conversations", json={"language": "es"})
    bare = await http.post("/api/conversations")
    assert "Soy un programa" in spanish.json()["messages"][0]["text"]
    assert (bare.status_code, bare.json()["messages"][0]["language"]) == (201, "en")


async def test_a_language_we_do_not_speak_is_refused(desk_app: Desk, browser: Browser) -> None:
    assert error_of(await browser(desk_app).post("/api/conversations", json={"language": "fr"}))[:2] == (422, "invalid")


# -- sending and reading ---------------------------------------------------------------------------------------------


async def test_a_message_is_accepted_at_once_and_answered_after(desk_app: Desk, student: Student) -> None:
    sent = await student.writes("hello", "my-id-1")
    message = SendResponse.model_validate(sent.json()).message
    assert (sent.status_code, message.seq, message.client_id, message.sender) == (202, 2, "my-id-1", "student")
    await desk_app.turns.drain()
    read = MessagesResponse.model_validate((await student.get("messages", after=2)).json())
    assert (read.state, [m.text for m in read.messages]) == ("with_bot", ["You said: hello"])


async def test_the_same_client_id_is_the_same_message(desk_app: Desk, student: Student) -> None:
    first = await student.writes("hello", "once")
    again = await student.writes("hello", "once")
    await desk_app.turns.drain()
    assert first.json() == again.json()
    assert [m["sender"] for m in await student.reads()] == ["bot", "student", "bot"]


async def test_twenty_retries_at_the_same_time_are_one_message(desk_app: Desk, student: Student, bot: ScriptedBot) -> None:
    sent = await asyncio.gather(*(student.writes("hello", "burst") for _ in range(20)))
    await desk_app.turns.drain()
    assert {(r.status_code, r.json()["message"]["seq"]) for r in sent} == {(202, 2)}
    assert len(bot.turns) == 1 and len(await student.reads()) == 3


async def test_sequence_numbers_have_no_gaps_whatever_comes_at_once(desk_app: Desk, student: Student, bot: ScriptedBot) -> None:
    sent = await asyncio.gather(*(student.writes(f"question {n}") for n in range(15)))
    await desk_app.turns.drain()
    messages = await student.reads()
    assert [m["seq"] for m in messages] == list(range(1, 32))
    assert sorted(r.json()["message"]["seq"] for r in sent) == [m["seq"] for m in messages if m["sender"] == "student"]
    order = [m["text"] for m in messages if m["sender"] == "student"]
    assert [t.text for t in bot.turns] == order, "the bot hears the messages one at a time, in their order"


async def test_reading_after_a_number_gives_only_what_is_newer(desk_app: Desk, student: Student) -> None:
    await answered(desk_app, student, "one")
    await answered(desk_app, student, "two")
    assert [m["seq"] for m in await student.reads(after=3)] == [4, 5]
    assert await student.reads(after=5) == []


@pytest.mark.parametrize("after", ["-5", "99999999999999999999999"])
async def test_an_impossible_number_to_read_after_is_no_crash(student: Student, after: str) -> None:
    assert (await student.get("messages", after=after)).status_code == 200


async def test_a_message_sent_while_its_turn_is_ending_is_not_left_behind(wired: Wire, browser: Browser) -> None:
    bot = ScriptedBot()
    desk = wired(bot)
    student = await Student.arrives(browser(desk))
    real = desk.store.finish_turn

    def slow_ending(*turn: Any) -> Finished | None:
        finished = real(*turn)
        if not late:  # the turn has seen "nothing more"; now a message comes
            asyncio.run_coroutine_threadsafe(_late(), loop).result(5)
        return finished

    async def _late() -> None:
        late.append(await student.writes("second"))

    late: list[httpx.Response] = []
    loop = asyncio.get_running_loop()
    desk.store.finish_turn = slow_ending  # type: ignore[method-assign]
    await student.writes("first")
    await desk.turns.drain()
    assert [t.text for t in bot.turns] == ["first", "second"]


# -- the token -------------------------------------------------------------------------------------------------------

DOORS = [
    ("GET", "messages"), ("POST", "messages"), ("GET", "events"), ("POST", "feedback"), ("POST", "handoff"), ("DELETE", "handoff"),
    ("GET", "export"), ("DELETE", ""),
]  # fmt: skip


async def _knock(http: httpx.AsyncClient, method: str, conversation_id: str, what: str, token: str | bytes | None) -> httpx.Response:
    headers: dict[str, Any] = {} if token is None else {"Authorization": token}
    body = {"client_id": "x", "text": "hi"} if what == "messages" else {"seq": 1, "helpful": True} if what == "feedback" else None
    path = f"/api/conversations/{conversation_id}/{what}".rstrip("/")
    return await http.request(method, path, headers=headers, json=body if method == "POST" else None)


@pytest.mark.parametrize(("method", "what"), DOORS)
async def test_a_token_opens_its_own_conversation_only(student: Student, method: str, what: str) -> None:
    other = await Student.arrives(student.http)
    wrong = await _knock(student.http, method, student.id, what, f"Bearer {other.token}")
    guessed = await _knock(student.http, method, "guessed-id", what, f"Bearer {other.token}")
    assert error_of(wrong)[:2] == (401, "not_signed_in")
    assert wrong.json() == guessed.json(), "from outside, a wrong id and a wrong token look the same"
    assert (await student.get("messages")).status_code == 200


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer nonsense", b"Bearer \xff\xfe"])
async def test_without_a_good_token_nothing_opens(student: Student, header: str | bytes | None) -> None:
    assert error_of(await _knock(student.http, "GET", student.id, "messages", header))[:2] == (401, "not_signed_in")


async def test_an_id_with_strange_characters_is_only_unknown(student: Student) -> None:
    assert error_of(await _knock(student.http, "GET", "%00%0a", "messages", f"Bearer {student.token}"))[:2] == (401, "not_signed_in")


# -- words that are no words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", "application/json"), (b"[]", "application/json"), (b"null", "application/json"), (b"\xff\xfe", "application/json"), (b"", "application/json"),
        (b"hello", "text/plain"), (b"client_id=a&text=b", "application/x-www-form-urlencoded"), (b'{"client_id": "a", "text": "b"}', "text/plain"),
    ],
)  # fmt: skip
async def test_a_malformed_body_is_refused_in_the_one_shape(student: Student, content: bytes, kind: str) -> None:
    response = await student.http.post(f"{student.path}/messages", content=content, headers={**student.headers, "Content-Type": kind})
    status, _, message = error_of(response)
    assert status in (400, 415, 422)
    assert "Traceback" not in message


@pytest.mark.parametrize(
    "body",
    [
        {}, {"text": "hi"}, {"client_id": "a"}, {"client_id": "", "text": "hi"}, {"client_id": "a", "text": "hi", "choice_id": "none"},
        {"client_id": "a b", "text": "hi"}, {"client_id": "a" * 81, "text": "hi"}, {"client_id": 7, "text": "hi"}, {"client_id": "a", "text": 7},
        {"client_id": "a", "text": "hi", "sender": "advisor"}, {"client_id": "a", "choice_id": ""},
    ],
)  # fmt: skip
async def test_a_body_of_the_wrong_shape_says_which_field(student: Student, body: dict[str, object]) -> None:
    response = await student.post("messages", body)
    assert error_of(response)[:2] == (422, "invalid")
    assert response.json()["error"]["details"]["field"]


@pytest.mark.parametrize("text", ["", "   ", "\n\t\n", "\u200b\u200e", "\x00\x01"])
async def test_a_message_without_anything_in_it_is_refused_in_plain_words(student: Student, text: str) -> None:
    assert error_of(await student.writes(text)) == (422, "invalid", "The message is empty. Please write a few words.")


async def test_ten_thousand_characters_are_too_many_and_the_refusal_says_how_many_fit(student: Student) -> None:
    status, code, message = error_of(await student.writes("a" * 10_000))
    assert (status, code) == (413, "too_large")
    assert "10,000" in message and "4,000" in message


async def test_a_body_larger_than_any_message_is_refused_before_it_is_read(student: Student) -> None:
    response = await student.http.post(f"{student.path}/messages", content=b" " * 300_000, headers=student.headers)
    assert error_of(response)[:2] == (413, "too_large")


async def test_a_body_that_hides_its_length_is_cut_off_at_the_same_limit(student: Student) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 10_000

    headers = {**student.headers, "Content-Type": "application/json"}
    response = await student.http.post(f"{student.path}/messages", content=endless(), headers=headers)
    assert error_of(response)[:2] == (413, "too_large")


@pytest.mark.parametrize("text", ["🎓🤔💸", "❤️", "?!?!", "...", "12345", "أين"])
async def test_a_message_without_words_we_read_still_gets_a_helpful_reply(knowing_desk: Desk, asker: Student, text: str) -> None:
    replies = await answered(knowing_desk, asker, text)
    assert replies and str(replies[0]["text"]).strip()


async def test_a_message_of_emoji_alone_is_asked_again_and_offered_a_person(knowing_desk: Desk, asker: Student) -> None:
    (reply,) = await answered(knowing_desk, asker, "🎓🤔")
    assert "could not read words" in str(reply["text"])
    assert [c["id"] for c in reply["choices"]] == ["human"]  # type: ignore[attr-defined]


async def test_control_and_direction_marks_leave_the_text_and_line_breaks_stay(desk_app: Desk, student: Student) -> None:
    sent = await student.writes("a\x00b\x07c\u202e d\r\ne\tf")
    assert sent.json()["message"]["text"] == "abc d\ne f"


async def test_half_a_character_does_not_break_the_desk(student: Student) -> None:
    content = b'{"client_id": "half", "text": "hello \\ud83d there"}'
    response = await student.http.post(f"{student.path}/messages", content=content, headers={**student.headers, "Content-Type": "application/json"})
    assert response.status_code in (202, 422)
    assert (await student.get("messages")).status_code == 200


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script> what is this", '<b>hi</b> & "quotes"', "שלום עולם what is fafsa", "'; DROP TABLE desk_messages; --"]
)
async def test_markup_and_right_to_left_text_are_kept_as_the_text_they_are(desk_app: Desk, student: Student, text: str) -> None:
    sent = await student.writes(text)
    assert sent.json()["message"]["text"] == text
    await desk_app.turns.drain()
    assert [m["text"] for m in await student.reads(after=1)] == [text, f"You said: {text}"]


@pytest.mark.parametrize("text", ["/restart", '/inform{"topic": "fafsa"}', "  //restart", "/"])
async def test_text_with_a_leading_slash_is_stored_as_typed_and_is_only_text(desk_app: Desk, student: Student, bot: ScriptedBot, text: str) -> None:
    sent = await student.writes(text)
    await desk_app.turns.drain()
    assert sent.json()["message"]["text"] == text.strip()
    assert bot.turns[0].choice_id is None


# -- choices, language -----------------------------------------------------------------------------------------------


async def test_only_a_choice_that_was_offered_can_be_pressed(knowing_desk: Desk, asker: Student) -> None:
    before = await asker.presses("entry:sunrise_grant.cost")
    assert error_of(before)[:2] == (422, "invalid")
    (answer,) = await answered(knowing_desk, asker, "what is the sunrise grant")
    offered = answer["choices"][0]  # type: ignore[index]
    pressed = await asker.presses(offered["id"])
    await knowing_desk.turns.drain()
    assert pressed.json()["message"]["text"] == offered["label"]
    assert (await asker.reads(after=pressed.json()["message"]["seq"]))[0]["answer"]["entry_id"] == "sunrise_grant.cost"


async def test_a_step_of_a_checklist_can_be_gone_to_and_is_where_it_goes_on(knowing_desk: Desk, asker: Student) -> None:
    (shown,) = await answered(knowing_desk, asker, "sunrise step by step")
    last = shown["answer"]["steps"][2]["choice"]  # type: ignore[index]
    pressed = await asker.presses(last["id"])
    await knowing_desk.turns.drain()
    assert pressed.json()["message"]["text"] == last["label"] == "Go to step 3"
    (reply,) = await asker.reads(after=pressed.json()["message"]["seq"])
    assert [(step["done"], step["current"]) for step in reply["answer"]["steps"]] == [(False, False), (False, False), (False, True)]  # type: ignore[index]


async def test_steps_ticked_out_of_order_are_still_ticked_the_next_day_in_another_language(
    knowing_desk: Desk, asker: Student, clock: SetClock
) -> None:
    (shown,) = await answered(knowing_desk, asker, "sunrise step by step")
    for step in (0, 2):
        pressed = await asker.presses(shown["answer"]["steps"][step]["tick"]["id"])  # type: ignore[index]
        await knowing_desk.turns.drain()
    assert pressed.json()["message"]["text"] == "Done: Wait for the letter"
    clock.goes_on(days=1)
    await asker.presses("language:es")
    await knowing_desk.turns.drain()
    (back,) = await answered(knowing_desk, asker, "guíame paso a paso con la beca amanecer, por favor")
    assert [(step["done"], step["current"]) for step in back["answer"]["steps"]] == [(True, False), (False, True), (True, False)]  # type: ignore[index]
    assert "Paso 2 de 3" in back["text"] and "2 de 3 pasos hechos." in back["text"]


async def test_a_choice_is_still_good_after_hundreds_of_messages(knowing_desk: Desk, asker: Student) -> None:
    knowing_desk.store.add(asker.id, [Draft("system", "noise", "en") for _ in range(520)])
    await answered(knowing_desk, asker, "what is the sunrise grant")
    assert (await asker.presses("entry:sunrise_grant.cost")).status_code == 202


async def test_a_choice_offered_to_another_student_does_not_count(knowing_desk: Desk, asker: Student) -> None:
    await answered(knowing_desk, asker, "what is the sunrise grant")
    other = await Student.arrives(asker.http)
    assert (await other.presses("entry:sunrise_grant.cost")).status_code == 422


async def test_the_language_switch_is_always_there_and_says_the_last_answer_again(knowing_desk: Desk, asker: Student) -> None:
    await answered(knowing_desk, asker, "what is the sunrise grant")
    pressed = await asker.presses("language:es")
    await knowing_desk.turns.drain()
    confirmed, again = await asker.reads(after=pressed.json()["message"]["seq"])
    assert confirmed["language"] == again["language"] == "es"
    assert again["text"].startswith("La Beca Amanecer es dinero gratis")
    assert (await asker.get("export")).json()["language"] == "es"


# -- feedback, export, delete ----------------------------------------------------------------------------------------


async def test_the_last_feedback_on_an_answer_counts(desk_app: Desk, student: Student) -> None:
    (reply,) = await answered(desk_app, student, "hello")
    first = await student.post("feedback", {"seq": reply["seq"], "helpful": True})
    await student.post("feedback", {"seq": reply["seq"], "helpful": False, "comment": "too long"})
    kept = (await student.get("export")).json()["feedback"]
    assert first.status_code == 204
    assert [(f["seq"], f["helpful"], f["comment"]) for f in kept] == [(reply["seq"], False, "too long")]


@pytest.mark.parametrize("seq", [2, 99])
async def test_feedback_is_for_answers_that_exist(desk_app: Desk, student: Student, seq: int) -> None:
    await answered(desk_app, student, "hello")
    assert error_of(await student.post("feedback", {"seq": seq, "helpful": True}))[:2] == (404, "not_found")


@pytest.mark.parametrize(
    "body", [{"seq": 0, "helpful": True}, {"seq": 10**30, "helpful": True}, {"seq": 1}, {"seq": 1, "helpful": True, "comment": "a" * 501}]
)
async def test_feedback_of_the_wrong_shape_is_refused(student: Student, body: dict[str, object]) -> None:
    assert error_of(await student.post("feedback", body))[:2] == (422, "invalid")


async def test_a_secret_in_a_feedback_comment_is_masked_like_one_in_a_message(desk_app: Desk, student: Student) -> None:
    (reply,) = await answered(desk_app, student, "hello")
    await student.post("feedback", {"seq": reply["seq"], "helpful": False, "comment": "my ssn is 536-22-8145\x00"})
    assert "536-22-8145" not in (await student.get("export")).text


async def test_an_export_holds_everything_and_downloads_as_a_file(desk_app: Desk, student: Student) -> None:
    await answered(desk_app, student, "hello")
    exported = await student.get("export")
    assert exported.headers["content-disposition"].startswith("attachment")
    assert exported.json()["messages"] == await student.reads()


async def test_deleting_removes_every_row_and_the_bots_memory_and_closes_the_door(desk_app: Desk, student: Student, bot: ScriptedBot) -> None:
    kept = await Student.arrives(student.http)
    (reply,) = await answered(desk_app, student, "hello")
    await student.post("feedback", {"seq": reply["seq"], "helpful": True})
    assert (await student.post("handoff")).status_code == 202
    desk_app.learning.learner.after_mark(student.id, reply["seq"], "wrong", None)
    assert (await student.delete()).status_code == 204
    with desk_app.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name == "desk_forgetting":  # the id alone, until the bot has confirmed
                continue
            column = table.c.get("conversation_id", table.c.get("id") if table.name == "desk_conversations" else None)
            if column is not None:
                assert student.id not in connection.execute(column.table.select().with_only_columns(column)).scalars().all(), table.name
    assert bot.forgotten == [student.id]
    assert error_of(await student.get("messages"))[:2] == (401, "not_signed_in")
    assert error_of(await student.writes("still here?"))[:2] == (401, "not_signed_in")
    assert (await kept.get("messages")).status_code == 200


async def test_deleting_while_the_bot_thinks_stores_nothing_after(wired: Wire, browser: Browser) -> None:
    bot = ScriptedBot()
    bot.opens = asyncio.Event()
    desk = wired(bot)
    student = await Student.arrives(browser(desk))
    await student.writes("hello")
    while not bot.turns:
        await asyncio.sleep(0.01)
    await student.delete()
    bot.opens.set()
    await desk.turns.drain()
    assert desk.store.messages(student.id) == []


# -- limits and headers ----------------------------------------------------------------------------------------------


async def test_too_many_messages_are_told_when_to_come_back(wired: Wire, bot: ScriptedBot, browser: Browser) -> None:
    student = await Student.arrives(browser(wired(bot, messages_per_minute=3)))
    sent = [await student.writes(f"m {n}") for n in range(4)]
    assert [r.status_code for r in sent] == [202, 202, 202, 429]
    assert error_of(sent[3])[1] == "too_many"
    assert 1 <= int(sent[3].headers["retry-after"]) <= 61
    other = await Student.arrives(student.http)
    assert (await other.writes("hi")).status_code == 202, "one busy student does not silence another"


async def test_too_many_conversations_from_one_address_are_refused(wired: Wire, bot: ScriptedBot, browser: Browser) -> None:
    http = browser(wired(bot, conversations_per_minute=2))
    opened = [await http.post("/api/conversations") for _ in range(3)]
    assert [r.status_code for r in opened] == [201, 201, 429]
    assert int(opened[2].headers["retry-after"]) >= 1


async def test_every_answer_carries_the_security_headers_and_is_not_cached(student: Student) -> None:
    for response in (await student.get("messages"), await student.http.get("/api/conversations/x/messages"), await student.http.get("/nothing")):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert response.headers["cache-control"] == "no-store"


async def test_only_the_named_sites_may_embed_the_chat(wired: Wire, bot: ScriptedBot, browser: Browser) -> None:
    http = browser(wired(bot, allowed_origins="https://school.example.org"))
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    friend = await http.options("/api/conversations", headers={"Origin": "https://school.example.org", **asked})
    stranger = await http.options("/api/conversations", headers={"Origin": "https://evil.example.org", **asked})
    assert friend.headers["access-control-allow-origin"] == "https://school.example.org"
    assert "access-control-allow-origin" not in stranger.headers


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/nothing"), ("PUT", "/api/conversations"), ("GET", "/api/conversations/x/nothing")])
async def test_an_unknown_path_or_verb_is_refused_in_the_one_shape(desk_app: Desk, browser: Browser, method: str, path: str) -> None:
    assert error_of(await browser(desk_app).request(method, path))[0] in (404, 405)


async def test_the_clock_of_the_messages_is_the_desks_clock_with_its_zone(desk_app: Desk, student: Student, clock: SetClock) -> None:
    clock.goes_on(hours=1)
    await answered(desk_app, student, "hello")
    assert {str(m["created_at"])[:13] for m in await student.reads(after=1)} == {"2026-11-23T19"}
    assert all(str(m["created_at"]).endswith("+00:00") for m in await student.reads())
