"""A deleted conversation leaves nothing behind, in whatever table an engineer puts it."""

from __future__ import annotations

import datetime as dt
import importlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint, func, insert, select
from sqlalchemy.orm import Session

from desk.bot_client import BotUnavailable, Turn
from desk.conversations.model import Draft
from desk.retention.kept import EXPORTED, NOT_OF_A_STUDENT
from desk.tables import Base, Moment
from desk.wiring import Desk
from tests.integration.conftest import Browser, SignIn, Wire
from tests.integration.fakes import ScriptedBot, SetClock
from tests.integration.people import Student

ROOT = Path(__file__).parents[2]
for _path in sorted((ROOT / "desk").rglob("tables.py")):
    importlib.import_module(".".join(_path.relative_to(ROOT).with_suffix("").parts))
CONVERSATIONS = Base.metadata.tables["desk_conversations"]
HOW = "give the column ForeignKey('desk_conversations.id', ondelete='CASCADE') and say in desk/retention/kept.py what of it goes into a student's export"


def keys_to_conversations(table: Table) -> list[tuple[Column[Any], ForeignKey]]:
    return [(column, key) for column in table.columns for key in column.foreign_keys if key.column.table is CONVERSATIONS]


TABLES = [t for t in Base.metadata.sorted_tables if keys_to_conversations(t)]


def test_every_table_that_names_a_conversation_is_deleted_with_it() -> None:
    named = {f"{t.name}.{c.name}" for t in Base.metadata.sorted_tables for c in t.columns if "conversation" in c.name}
    covered = {f"{t.name}.{c.name}" for t in TABLES for c, key in keys_to_conversations(t) if key.ondelete == "CASCADE"}
    assert named - covered - set(NOT_OF_A_STUDENT) == set(), HOW
    assert set(NOT_OF_A_STUDENT) <= named


def test_every_such_table_says_what_of_it_a_student_gets() -> None:
    assert {t.name for t in TABLES} == set(EXPORTED), HOW
    for name, columns in EXPORTED.items():
        if isinstance(columns, tuple):
            assert set(columns) <= set(Base.metadata.tables[name].columns.keys())


def a_value(column: Column[Any], conversation_id: str) -> Any:
    """Something that fits the column. Users and other keys are number 1."""
    if any(key.column.table is CONVERSATIONS for key in column.foreign_keys):
        return conversation_id
    if column.foreign_keys and column.nullable:
        return None
    if isinstance(column.type, Moment):
        return dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    unique = column.primary_key or any(isinstance(c, UniqueConstraint) and column.name in c.columns for c in column.table.constraints)
    if unique and isinstance(column.type, String):
        return f"of {conversation_id}"  # no two conversations have the same
    kind = column.type.python_type if hasattr(column.type, "python_type") else str
    return {int: 1, float: 1.0, bool: False, dict: {}, list: [], bytes: b"x"}.get(kind, "here it is")


def test_rows_of_every_kind_go_with_their_conversation_and_nobody_elses(desk_app: Desk) -> None:
    mine, _, _ = desk_app.store.open("en", [])
    other, _, _ = desk_app.store.open("en", [])
    with Session(desk_app.engine) as session, session.begin():
        for conversation in (mine, other):
            for table in TABLES:
                filled = {c.name: a_value(c, conversation.id) for c in table.columns if not (c.primary_key and c.name == "id")}
                if table.name != "desk_holds":
                    session.execute(insert(table).values(filled))
    assert desk_app.store.delete(mine.id)
    with Session(desk_app.engine) as session:
        for table in TABLES:
            if table.name != "desk_holds":
                column, _ = keys_to_conversations(table)[0]
                left = {i: session.scalar(select(func.count()).where(column == i)) for i in (mine.id, other.id)}
                assert left == {mine.id: 0, other.id: 1}, table.name


async def test_the_words_of_a_deleted_conversation_are_overwritten_in_the_file(desk_app: Desk, student: Student, database_file: Path) -> None:
    await student.writes("a very particular sentence about zebrafish")
    await desk_app.turns.drain()
    assert (await student.delete()).status_code == 204
    desk_app.engine.dispose()
    with sqlite3.connect(database_file) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    assert b"zebrafish" not in database_file.read_bytes()
    assert not Path(f"{database_file}-wal").exists() or b"zebrafish" not in Path(f"{database_file}-wal").read_bytes()


async def test_an_export_says_what_else_is_kept(desk_app: Desk, student: Student) -> None:
    await student.post("handoff")
    exported = (await student.get("export")).json()
    assert [h["reason"] for h in exported["handoffs"]] == ["asked"] and exported["misses"] == []


class ForgetfulBot(ScriptedBot):
    """Cannot be reached for the first `times` times it is told to forget."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    async def forget(self, conversation_id: str) -> None:
        self.times -= 1
        if self.times >= 0:
            raise BotUnavailable("Rasa is down")
        await super().forget(conversation_id)


async def test_rasa_is_told_to_forget_until_it_confirms(wired: Wire, browser: Browser, clock: SetClock) -> None:
    bot = ForgetfulBot(times=2)
    desk = wired(bot)
    student = await Student.arrives(browser(desk))
    assert (await student.delete()).status_code == 204
    assert bot.forgotten == [] and desk.retention.store.to_forget(clock()) == [student.id]
    clock.goes_on(minutes=2)
    assert await desk.retention.forget() == 0
    assert await desk.retention.forget() == 1
    assert bot.forgotten == [student.id] and desk.retention.store.to_forget(clock()) == []


async def test_a_turn_that_reached_rasa_after_the_deletion_is_forgotten_too(
    desk_app: Desk, student: Student, bot: ScriptedBot, clock: SetClock
) -> None:
    await student.delete()
    assert bot.forgotten == [student.id]
    await desk_app.retention.look()
    await bot.reply(Turn(student.id, "came late", "en"))
    clock.goes_on(minutes=2)
    await desk_app.retention.look()
    assert bot.forgotten == [student.id, student.id]


# -- holds -----------------------------------------------------------------------------------------------------------


async def test_a_hold_keeps_a_conversation_that_its_student_wants_to_delete_until_it_ends(desk_app: Desk, student: Student, staff: SignIn) -> None:
    admin = await staff(desk_app, "admin", "/desk/retention")
    assert (await admin.submits("/desk/retention/holds", conversation=student.id, reason="records request 12")).status_code == 303
    refused = await student.delete()
    assert refused.status_code == 409 and refused.json()["error"]["code"] == "on_hold"
    assert "legal duty" in refused.json()["error"]["message"]
    assert len(await student.reads()) == 1
    shown = await admin.opens("/desk/retention")
    assert "records request 12" in shown.text and "the student asked to delete it" in shown.text
    assert (await admin.submits(f"/desk/retention/holds/{student.id}/release")).status_code == 303
    assert (await student.get("messages")).status_code == 401, "the wish is fulfilled when the hold ends"
    assert [(r.action, r.who) for r in desk_app.audit.recent()][:2] == [("released_hold", "admin@example.org"), ("put_on_hold", "admin@example.org")]


@pytest.mark.parametrize(
    ("conversation", "reason", "status"), [("nothing", "a good reason", 404), ("", "a good reason", 404), (None, "", 422), (None, "x" * 301, 422)]
)
async def test_a_hold_that_makes_no_sense_is_refused(
    desk_app: Desk, student: Student, staff: SignIn, conversation: str | None, reason: str, status: int
) -> None:
    admin = await staff(desk_app, "admin", "/desk/retention")
    answer = await admin.submits("/desk/retention/holds", conversation=student.id if conversation is None else conversation, reason=reason)
    assert answer.status_code == status


async def test_a_redacted_record_says_nothing_of_who_it_is(desk_app: Desk, student: Student, staff: SignIn) -> None:
    desk_app.store.add_from_student(
        student.id, Draft("student", "My name is Ana Maria Lopez, student id 1234567, see https://me.example/ana", "en", "x1")
    )
    admin = await staff(desk_app, "admin", "/desk/retention")
    record = (await admin.http.get(f"/desk/retention/records/{student.id}")).json()
    assert record["messages"][1]["text"] == "My name is [name removed], [student number removed], see [address removed]"
    assert student.id not in str(record)
