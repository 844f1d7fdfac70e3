"""From the bot to a person and back, as a student and advisors at their browsers live it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select

from desk.conversations.model import Draft
from desk.conversations.states import State
from desk.database import migrate
from desk.errors import Conflict, NotFound
from desk.tables import HandOffRow, MessageRow, UserRow
from desk.wiring import Desk
from knowledge.replies import HandOff
from knowledge.store import make_engine
from tests.integration.conftest import PASSWORD, Browser, SignIn, Wire
from tests.integration.fakes import MONDAY_MORNING, MONDAY_NIGHT, KeptPost, ScriptedBot, SetClock
from tests.integration.people import Staff, Student


async def settled(desk: Desk) -> None:
    await desk.turns.drain()


async def senders(student: Student) -> list[str]:
    return [str(m["sender"]) for m in await student.reads()]


# -- asking ----------------------------------------------------------------------------------------------------------


async def test_asking_for_a_person_says_the_state_and_the_wait(student: Student) -> None:
    asked = await student.post("handoff", {"reason": "i am stuck"})
    assert asked.status_code == 202
    assert asked.json()["state"] == "waiting"
    assert asked.json()["wait"].items() >= {"position": 1, "open": True, "opens_at": "2026-11-24T08:00:00-08:00"}.items()
    assert await student.state() == "waiting"


async def test_asking_twice_is_the_same_as_once_even_at_the_same_time(desk_app: Desk, student: Student) -> None:
    asked = await asyncio.gather(*(student.post("handoff") for _ in range(8)))
    assert {r.status_code for r in asked} == {202}
    assert {r.json()["state"] for r in asked} == {"waiting"}
    assert [m["sender"] for m in await student.reads(after=1)] == ["bot", "system"], "the desk says once how that stands"
    with desk_app.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(HandOffRow)) == 1


async def test_out_of_hours_the_student_is_told_that_nobody_is_there(student: Student, clock: SetClock) -> None:
    clock.now = MONDAY_NIGHT
    asked = (await student.post("handoff")).json()
    assert (asked["wait"]["open"], asked["wait"]["opens_at"]) == (False, "2026-11-24T08:00:00-08:00")
    told = (await student.reads())[-1]
    assert told["sender"] == "system" and told["answer"]["status"] == "handoff"


async def test_the_place_in_the_queue_is_the_order_of_asking(student: Student) -> None:
    second = await Student.arrives(student.http)
    await student.post("handoff")
    assert (await second.post("handoff")).json()["wait"]["position"] == 2
    assert (await student.post("handoff")).json()["wait"]["position"] == 1


async def test_a_student_who_stops_waiting_is_with_the_bot_again(desk_app: Desk, student: Student) -> None:
    await student.post("handoff")
    assert (await student.delete("handoff")).status_code == 204
    assert await student.state() == "with_bot"
    assert desk_app.store.queue() == []
    assert (await student.delete("handoff")).status_code == 409, "there is no wait to end any more"


async def test_a_waiting_student_may_keep_asking_the_bot(desk_app: Desk, student: Student) -> None:
    await student.post("handoff")
    await student.writes("meanwhile, one more thing")
    await settled(desk_app)
    assert (await student.reads())[-1]["text"] == "You said: meanwhile, one more thing"
    assert await student.state() == "waiting"


async def test_the_bot_can_ask_for_the_person_itself(knowing_desk: Desk, asker: Student) -> None:
    await asker.writes("can i talk to a real person")
    await settled(knowing_desk)
    reply, about_wait = await asker.reads(after=2)
    assert reply["answer"]["status"] == "handoff"
    assert about_wait["sender"] == "system" and "no advisor is at the desk right now" in about_wait["text"]
    assert await asker.state() == "waiting"
    assert knowing_desk.store.queue()[0]["reason"] == "asked"


# -- the whole way ---------------------------------------------------------------------------------------------------


async def test_an_advisor_signs_in_takes_a_chat_answers_and_gives_it_back(desk_app: Desk, browser: Browser, bot: ScriptedBot) -> None:
    student = await Student.arrives(browser(desk_app))
    await student.writes("how do i pay for this")
    await settled(desk_app)
    await student.post("handoff")

    advisor = await Staff(browser(desk_app)).signs_in("advisor@example.org", PASSWORD)
    queue = await advisor.opens("/desk/queue")
    assert student.id in queue.text and "how do i pay for this" in queue.text
    page = await advisor.opens(f"/desk/conversations/{student.id}")
    assert "You said: how do i pay for this" in page.text

    taken = await advisor.submits(f"/desk/conversations/{student.id}/take")
    assert taken.status_code == 303
    assert await student.state() == "with_advisor"
    replied = await advisor.submits(f"/desk/conversations/{student.id}/reply", text="Hello, let us look at it.", client_id="a1")
    assert replied.status_code == 200
    seen = (await student.reads())[-1]
    assert (seen["sender"], seen["text"], seen["author"]) == ("advisor", "Hello, let us look at it.", "Advisor One")

    asked_before = len(bot.turns)
    await student.writes("thank you, and my second question is this")
    await settled(desk_app)
    assert len(bot.turns) == asked_before and (await senders(student))[-1] == "student", "the bot is silent"

    await advisor.submits(f"/desk/conversations/{student.id}/return")
    await settled(desk_app)
    assert await student.state() == "with_bot"
    left, answered = (await student.reads())[-2:]
    assert left["sender"] == "system" and answered["text"] == "You said: thank you, and my second question is this"
    await student.writes("hello bot")
    await settled(desk_app)
    assert (await student.reads())[-1]["text"] == "You said: hello bot"
    assert desk_app.store.queue() == []


async def test_the_program_begins_with_all_that_a_person_left_without_an_answer(
    desk_app: Desk, student: Student, staff: SignIn, bot: ScriptedBot
) -> None:
    await student.post("handoff")
    advisor = await staff(desk_app, "advisor")
    await advisor.submits(f"/desk/conversations/{student.id}/take")
    await student.writes("is this on")
    await advisor.submits(f"/desk/conversations/{student.id}/reply", text="Yes.", client_id="a1")
    await student.writes("when is it due")
    await student.writes("and i want to kill myself")
    await student.writes("how much is it")
    await settled(desk_app)
    assert not bot.turns
    await advisor.submits(f"/desk/conversations/{student.id}/return")
    await settled(desk_app)
    assert [m["text"] for m in (await student.reads())[-2:]] == ["You said: when is it due", "You said: how much is it"]
    assert await student.state() == "with_bot", "the danger was spoken to while the advisor was there"


async def test_a_student_who_writes_into_a_closed_chat_gets_the_bot(desk_app: Desk, student: Student, staff: SignIn) -> None:
    await student.post("handoff")
    advisor = await staff(desk_app, "advisor")
    await advisor.submits(f"/desk/conversations/{student.id}/take")
    await advisor.submits(f"/desk/conversations/{student.id}/close")
    assert await student.state() == "closed"
    await student.writes("one more thing")
    await settled(desk_app)
    assert await student.state() == "with_bot"
    assert (await student.reads())[-1]["text"] == "You said: one more thing"


async def test_a_student_may_ask_for_a_person_again_after_the_chat_was_closed(desk_app: Desk, student: Student, staff: SignIn) -> None:
    await (await staff(desk_app, "advisor")).submits(f"/desk/conversations/{student.id}/close")
    assert (await student.post("handoff")).json()["state"] == "waiting"


async def test_an_advisor_opens_a_closed_chat_again_and_the_same_request_goes_on(
    desk_app: Desk, student: Student, staff: SignIn, clock: SetClock
) -> None:
    await student.post("handoff")
    advisor = await staff(desk_app, "advisor")
    page = f"/desk/conversations/{student.id}"
    await advisor.submits(f"{page}/take")
    await advisor.submits(f"{page}/close", outcome="helped")
    assert "Open it again" in (await advisor.opens(page)).text
    clock.goes_on(minutes=5)
    assert (await advisor.submits(f"{page}/take")).status_code == 303
    assert await student.state() == "with_advisor"
    assert (await student.reads())[-1]["text"] == "A person has joined the chat."
    assert (await advisor.submits(f"{page}/reply", text="One more thing.", client_id="x")).status_code == 200
    with desk_app.store.reading() as session:
        (row,) = session.scalars(select(HandOffRow)).all()
    assert (row.ended_at, row.outcome, row.reason) == (None, None, "asked")


async def test_the_address_left_for_the_reply_is_still_there_when_a_chat_closed_by_mistake_is_opened_again(
    mailing_desk: Desk, browser: Browser, clock: SetClock, post: KeptPost
) -> None:
    student, service = await Student.arrives(browser(mailing_desk)), mailing_desk.service
    await student.post("handoff")
    await service.keep_contact(mailing_desk.store.access_for_staff(student.id), "maya@example.org")
    await service.take(student.id, 1, "Advisor One")
    await service.close(student.id, 1)
    await service.take(student.id, 1, "Advisor One")
    await service.reply_as_advisor(student.id, 1, "What I forgot to say.", "en")
    clock.goes_on(minutes=5)
    await mailing_desk.people.letters.deliver()
    assert [to for to, _, text in post.sent if "What I forgot to say." in text] == ["maya@example.org"]


async def test_a_chat_that_was_given_back_and_closed_later_is_a_request_of_its_own_when_opened_again(desk_app: Desk, student: Student) -> None:
    await student.post("handoff")
    service = desk_app.service
    await service.take(student.id, 1, "Advisor One")
    await service.return_to_bot(student.id, 1)
    await service.close(student.id)
    await service.take(student.id, 1, "Advisor One")
    with desk_app.store.reading() as session:
        assert [(row.outcome, row.ended_at is None) for row in session.scalars(select(HandOffRow).order_by(HandOffRow.id))] == [
            ("returned", False),
            (None, True),
        ]


async def test_a_reply_sent_twice_is_one_message(desk_app: Desk, student: Student, staff: SignIn) -> None:
    advisor = await staff(desk_app, "advisor")
    await advisor.submits(f"/desk/conversations/{student.id}/take")
    path = f"/desk/conversations/{student.id}/reply"
    sent = await asyncio.gather(*(advisor.submits(path, text="Hello!", client_id="retry") for _ in range(5)))
    await advisor.submits(f"/desk/conversations/{student.id}/return")
    late = await advisor.submits(path, text="Hello!", client_id="retry")
    assert {(r.status_code, r.json()["seq"]) for r in [*sent, late]} == {(200, sent[0].json()["seq"])}
    assert (await senders(student)).count("advisor") == 1


async def test_the_reply_told_to_the_student_is_the_advisors_even_when_the_student_writes_at_once(
    desk_app: Desk, student: Student, staff: SignIn
) -> None:
    advisor = await staff(desk_app, "advisor")
    await advisor.submits(f"/desk/conversations/{student.id}/take")
    path = f"/desk/conversations/{student.id}/reply"
    mixed = [advisor.submits(path, text=f"reply {n}") if n % 2 else student.writes(f"words {n}") for n in range(10)]
    answers = await asyncio.gather(*mixed)
    texts = {m["seq"]: m["text"] for m in await student.reads()}
    for n, answer in enumerate(answers):
        if n % 2:
            assert texts[answer.json()["seq"]] == f"reply {n}"


async def test_a_student_cannot_pass_off_words_under_an_advisors_client_id(desk_app: Desk, student: Student, staff: SignIn) -> None:
    advisor = await staff(desk_app, "advisor")
    await advisor.submits(f"/desk/conversations/{student.id}/take")
    await advisor.submits(f"/desk/conversations/{student.id}/reply", text="Hello!", client_id="shared")
    assert (await student.writes("hi", "shared")).status_code == 409


async def test_only_the_owner_replies(desk_app: Desk, student: Student, staff: SignIn) -> None:
    await student.post("handoff")
    await (await staff(desk_app, "admin")).submits(f"/desk/conversations/{student.id}/take")
    other = await (await staff(desk_app, "advisor")).submits(f"/desk/conversations/{student.id}/reply", text="me too")
    assert other.status_code == 409
    assert "advisor" not in await senders(student)


async def test_who_comes_second_is_told_who_was_first(desk_app: Desk, student: Student, staff: SignIn) -> None:
    await student.post("handoff")
    await (await staff(desk_app, "admin")).submits(f"/desk/conversations/{student.id}/take")
    second = await (await staff(desk_app, "advisor")).submits(f"/desk/conversations/{student.id}/take")
    assert second.status_code == 409, second.text
    assert "Admin One" in second.json()["error"]["message"]


@pytest.mark.parametrize("verb", ["close", "return"])
async def test_a_button_pressed_on_an_old_page_is_refused_and_breaks_nothing(desk_app: Desk, student: Student, staff: SignIn, verb: str) -> None:
    advisor = await staff(desk_app, "advisor")
    await advisor.submits(f"/desk/conversations/{student.id}/close")
    again = await advisor.submits(f"/desk/conversations/{student.id}/{verb}")
    assert again.status_code == 409 and again.json()["error"]["code"] == "conflict"
    assert await student.state() == "closed"


async def test_an_unknown_conversation_is_not_found(desk_app: Desk, staff: SignIn) -> None:
    advisor = await staff(desk_app, "advisor")
    assert (await advisor.http.get("/desk/conversations/nothing")).status_code == 404
    assert (await advisor.submits("/desk/conversations/nothing/take")).status_code == 404


async def test_the_bot_never_speaks_over_an_advisor_who_came_while_it_was_thinking(wired: Wire, browser: Browser, staff: SignIn) -> None:
    bot = ScriptedBot()
    bot.opens = asyncio.Event()
    desk = wired(bot)
    student = await Student.arrives(browser(desk))
    await student.writes("hello")
    while not bot.turns:
        await asyncio.sleep(0.01)
    await (await staff(desk, "advisor")).submits(f"/desk/conversations/{student.id}/take")
    bot.opens.set()
    await settled(desk)
    assert await senders(student) == ["bot", "student", "system"]


# -- many at once ----------------------------------------------------------------------------------------------------


CLAIMING = 20


@pytest.fixture(params=["sqlite", "postgresql"])
def either_database(request: pytest.FixtureRequest, wired: Wire, bot: ScriptedBot, engines: list[Engine]) -> Desk:
    """The same desk on SQLite and on a real PostgreSQL."""
    if request.param == "sqlite":
        return wired(bot)
    url = request.getfixturevalue("postgres_url").replace("postgresql://", "postgresql+psycopg://")
    engines.append(make_engine(url))
    migrate(engines[-1])
    return wired(bot, database_url=url)


def many_advisors(desk: Desk, count: int = CLAIMING) -> dict[int, str]:
    """Their numbers and names. Put into the table as they are: twenty passwords take seconds to hash and say nothing here."""
    made = [
        UserRow(email=f"a{n}@example.org", name=f"Advisor {n}", role="advisor", password_hash="none", active=True, created_at=MONDAY_MORNING)
        for n in range(count)
    ]
    with desk.store.writing() as session:
        session.add_all(made)
        session.flush()
        return {one.id: one.name for one in made}


def at_once(act: Callable[[int], int], people: Iterable[int]) -> list[int | str]:
    """What became of everybody who did the same at the same instant: their number, or the words they were refused with."""
    people = list(people)
    together = Barrier(len(people))

    def one(who: int) -> int | str:
        together.wait()
        try:
            return act(who)
        except Conflict as error:
            return error.message

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(one, people))


async def test_of_twenty_advisors_who_claim_at_once_exactly_one_gets_the_chat(either_database: Desk) -> None:
    desk, names = either_database, many_advisors(either_database)
    for state in (State.WAITING, State.WITH_BOT, State.CLOSED):
        conversation, _, _ = desk.store.open("en", [])
        if state is not State.WITH_BOT:
            desk.store.move(conversation.id, state, hand_off=HandOff(reason="asked"))

        def claim(advisor_id: int, wanted: str = conversation.id, seen: State = state) -> int:
            return desk.store.move(wanted, State.WITH_ADVISOR, expected=seen, owner_id=advisor_id).owner_id or 0

        results = at_once(claim, names)
        (winner,) = [r for r in results if isinstance(r, int)]
        assert desk.store.access_for_staff(conversation.id).owner_id == winner
        assert [r for r in results if isinstance(r, str)] == [f"{names[winner]} has this conversation."] * (CLAIMING - 1)


async def test_a_chat_passed_to_twenty_colleagues_at_once_goes_to_one(either_database: Desk) -> None:
    desk, names = either_database, many_advisors(either_database)
    first, *others = names
    conversation, _, _ = desk.store.open("en", [])
    desk.store.move(conversation.id, State.WITH_ADVISOR, owner_id=first)

    def pass_on(advisor_id: int) -> int:
        return desk.store.move(conversation.id, State.WITH_ADVISOR, expected=State.WITH_ADVISOR, held_by=first, owner_id=advisor_id).owner_id or 0

    results = at_once(pass_on, others)
    (winner,) = [r for r in results if isinstance(r, int)]
    assert desk.store.access_for_staff(conversation.id).owner_id == winner
    assert set(results) - {winner} == {f"{names[winner]} has this conversation."}


async def test_of_a_student_who_deletes_and_twenty_advisors_who_claim_nobody_is_left_with_half_a_chat(either_database: Desk) -> None:
    desk, names = either_database, many_advisors(either_database)
    for _ in range(5):
        conversation, _, _ = desk.store.open("en", [Draft("bot", "hello", "en")])
        desk.store.move(conversation.id, State.WAITING, hand_off=HandOff(reason="asked"))

        def act(who: int, wanted: str = conversation.id) -> int:
            if who == 0:
                return int(desk.store.delete(wanted))
            try:
                moved, _ = desk.store.move_saying(wanted, State.WITH_ADVISOR, [Draft("system", "joined", "en")], expected=State.WAITING, owner_id=who)
                return moved.owner_id or 0
            except NotFound:
                return -1

        results = at_once(act, [0, *names])
        assert results[0] == 1, "a deletion is never refused for somebody's being quicker"
        assert len([r for r in results[1:] if isinstance(r, int) and r > 0]) <= 1
        with desk.store.reading() as session:
            left = [
                session.scalar(select(func.count()).select_from(row).where(row.conversation_id == conversation.id))
                for row in (HandOffRow, MessageRow)
            ]
        assert left == [0, 0]


async def test_a_student_who_writes_while_an_advisor_opens_the_closed_chat_again_is_heard_by_one_of_both(either_database: Desk) -> None:
    desk, (advisor,) = either_database, many_advisors(either_database, 1)
    for n in range(10):
        conversation, _, _ = desk.store.open("en", [])
        desk.store.move(conversation.id, State.CLOSED)

        def act(who: int, wanted: str = conversation.id, number: int = n) -> int:
            if who:
                return desk.store.move(wanted, State.WITH_ADVISOR, expected=State.CLOSED, owner_id=who).owner_id or 0
            return desk.store.add_from_student(wanted, Draft("student", "one more", "en", f"m{number}", pending=True)).message.seq

        wrote, opened = at_once(act, [0, advisor])
        now = desk.store.access_for_staff(conversation.id)
        assert wrote == 1
        assert (now.state, now.owner_id) == ((State.WITH_ADVISOR, advisor) if opened == advisor else (State.WITH_BOT, None))


async def test_two_desks_on_one_database_never_both_own_a_conversation(wired: Wire, bot: ScriptedBot) -> None:
    one, two = wired(bot), wired(bot)
    conversation, _, _ = one.store.open("en", [])
    results = await asyncio.gather(one.service.take(conversation.id, 1, "One"), two.service.take(conversation.id, 2, "Two"), return_exceptions=True)
    assert sorted(type(r).__name__ for r in results) == ["Conflict", "Conversation"]


# -- the queue -------------------------------------------------------------------------------------------------------


async def test_the_queue_puts_danger_first_and_then_who_waits_longest(desk_app: Desk, student: Student, clock: SetClock) -> None:
    early, late, grave = student, await Student.arrives(student.http), await Student.arrives(student.http)
    for one in (early, late):
        await one.post("handoff")
        clock.goes_on(minutes=5)
    await grave.writes("i want to kill myself")
    await settled(desk_app)
    assert [(i["id"], i["urgency"]) for i in desk_app.store.queue()] == [(grave.id, "crisis"), (early.id, "normal"), (late.id, "normal")]
    assert (await early.post("handoff")).json()["wait"]["position"] == 2


async def test_the_queue_shows_the_students_last_words_and_who_has_the_chat(desk_app: Desk, student: Student, staff: SignIn) -> None:
    await student.writes("first words")
    await student.writes("last words")
    await settled(desk_app)
    await student.post("handoff")
    await (await staff(desk_app, "advisor")).submits(f"/desk/conversations/{student.id}/take")
    (item,) = desk_app.store.queue()
    assert (item["last"], item["owner"], item["state"]) == ("last words", "Advisor One", "with_advisor")


async def test_a_hand_off_is_recorded_from_asking_to_its_end(desk_app: Desk, student: Student, staff: SignIn, clock: SetClock) -> None:
    advisor = await staff(desk_app, "advisor")
    await student.post("handoff")
    clock.goes_on(minutes=3)
    await advisor.submits(f"/desk/conversations/{student.id}/take")
    clock.goes_on(minutes=7)
    await advisor.submits(f"/desk/conversations/{student.id}/close")
    with desk_app.store.reading() as session:
        (row,) = session.scalars(select(HandOffRow)).all()
    times = [round((t - MONDAY_MORNING).total_seconds() / 60) for t in (row.asked_at, row.taken_at, row.ended_at) if t]
    assert (times, row.reason, row.outcome) == ([0, 3, 10], "asked", "closed")
    assert row.taken_by is not None
