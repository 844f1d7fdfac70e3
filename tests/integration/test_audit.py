"""The audit log: everything staff do is in it, and whatever is done to it afterwards shows."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update

from desk.__main__ import main
from desk.staff.audit import Audit, AuditFault, AuditHead
from desk.tables import AuditRow
from desk.wiring import Desk
from tests.integration.conftest import PASSWORD, Browser, SignIn
from tests.integration.fakes import SetClock
from tests.integration.people import Staff


def written(desk: Desk, rows: int = 5) -> Audit:
    for n in range(rows):
        desk.audit.note("a@example.org", "did", f"thing {n}", detail={"á": n})
    assert desk.audit.verify() is None
    return desk.audit


async def test_what_staff_do_is_noted_and_the_chain_holds_until_somebody_changes_it(desk_app: Desk, browser: Browser, staff: SignIn) -> None:
    conversation, _, _ = desk_app.store.open("en", [])
    await Staff(browser(desk_app)).signs_in("advisor@example.org", PASSWORD)
    advisor = await staff(desk_app, "advisor")
    await advisor.opens(f"/desk/conversations/{conversation.id}")
    for verb in ("take", "return"):
        await advisor.submits(f"/desk/conversations/{conversation.id}/{verb}")
    rows = list(reversed(desk_app.audit.recent()))
    assert [(r.who, r.action) for r in rows] == [("advisor@example.org", a) for a in ("signed_in", "read", "took", "returned")]
    assert desk_app.audit.verify() is None
    with desk_app.engine.begin() as connection:
        connection.execute(update(AuditRow).where(AuditRow.id == rows[1].id).values(who="nobody@example.org"))
    assert desk_app.audit.verify() == AuditFault("changed", rows[1].id)


async def test_a_removed_row_breaks_the_chain(desk_app: Desk) -> None:
    for n in range(3):
        desk_app.audit.note("a@example.org", "did", f"thing {n}", detail={"á": n})
    assert desk_app.audit.verify() is None
    with desk_app.engine.begin() as connection:
        connection.execute(AuditRow.__table__.delete().where(AuditRow.id == 2))  # type: ignore[attr-defined]
    assert desk_app.audit.verify() == AuditFault("missing", 3)


async def test_a_failed_sign_in_is_noted_without_the_password(desk_app: Desk, browser: Browser) -> None:
    await browser(desk_app).post("/desk/sign-in", data={"email": "advisor@example.org", "password": "hunter2hunter2"})
    (row,) = desk_app.audit.recent()
    assert (row.who, row.action) == ("advisor@example.org", "sign_in_failed")
    assert "hunter2" not in str(vars(row))


DONE_TO_IT = {
    "a word changed": ("UPDATE desk_audit SET subject='thing 9' WHERE id=3", AuditFault("changed", 3)),
    "a detail changed": ("UPDATE desk_audit SET details='{}' WHERE id=3", AuditFault("changed", 3)),
    "the first row removed": ("DELETE FROM desk_audit WHERE id=1", AuditFault("missing", 2)),
    "a row in the middle removed": ("DELETE FROM desk_audit WHERE id=3", AuditFault("missing", 4)),
    "the newest row cut off": ("DELETE FROM desk_audit WHERE id=5", AuditFault("cut")),
    "the newest rows cut off": ("DELETE FROM desk_audit WHERE id>2", AuditFault("cut")),
    "all rows removed": ("DELETE FROM desk_audit", AuditFault("cut")),
    "two rows changed places": ("UPDATE desk_audit SET id = CASE id WHEN 2 THEN -3 ELSE -2 END WHERE id IN (2,3); UPDATE desk_audit SET id=-id WHERE id<0", AuditFault("missing", 2)),
    "a row written twice": (
        "INSERT INTO desk_audit (at,who,action,subject,details,previous,hash) SELECT at,who,action,subject,details,previous,hash FROM desk_audit WHERE id=5",
        AuditFault("missing", 6),
    ),
    "cut, and the count set to fit": (
        "DELETE FROM desk_audit WHERE id>2; UPDATE desk_audit_head SET count=2, hash=(SELECT hash FROM desk_audit WHERE id=2)", AuditFault("forged"),
    ),
    "the head removed": ("DELETE FROM desk_audit_head", AuditFault("unsigned")),
    "said to begin later": (
        "DELETE FROM desk_audit WHERE id<3; UPDATE desk_audit_head SET pruned=2, start=(SELECT previous FROM desk_audit WHERE id=3)", AuditFault("forged"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", DONE_TO_IT)
async def test_whatever_is_done_to_the_log_shows(desk_app: Desk, database_file: Path, what: str) -> None:
    audit = written(desk_app)
    sql, fault = DONE_TO_IT[what]
    with sqlite3.connect(database_file) as database:
        database.executescript(sql)
    database.close()
    assert audit.verify() == fault
    audit.note("a@example.org", "did", "something after it")
    assert audit.verify() is not None, "going on writing does not hide it"


async def test_all_of_it_removed_with_its_head_is_told_by_a_head_kept_in_another_place(desk_app: Desk) -> None:
    audit = written(desk_app)
    kept = audit.head()
    assert audit.holds(kept)
    audit.note("a@example.org", "did", "more")
    assert audit.holds(kept), "a longer log still runs through it"
    with desk_app.engine.begin() as connection:
        connection.execute(delete(AuditRow))
        connection.execute(text("DELETE FROM desk_audit_head"))
    written(desk_app)
    assert audit.verify() is None and not audit.holds(kept)


async def test_old_rows_leave_by_schedule_and_the_rest_still_verifies(desk_app: Desk, clock: SetClock) -> None:
    audit = written(desk_app, 3)
    kept = audit.head()
    clock.goes_on(days=10)
    audit.note("a@example.org", "did", "later")
    assert audit.prune(clock() - dt.timedelta(days=5)) == 3
    assert audit.verify() is None and [row.subject for row in audit.recent()] == ["later"]
    assert audit.holds(kept) and not audit.holds(AuditHead(3, "f" * 64)) and audit.head().count == 4
    assert audit.prune(clock() - dt.timedelta(days=5)) == 0


async def test_a_log_that_does_not_verify_is_kept_as_evidence(desk_app: Desk, clock: SetClock) -> None:
    audit = written(desk_app)
    with desk_app.engine.begin() as connection:
        connection.execute(text("UPDATE desk_audit_head SET count = count - 1"))
    clock.goes_on(days=10)
    assert audit.prune(clock()) == 0 and len(audit.recent()) == 5


async def test_another_secret_does_not_fit_until_an_operator_signs_anew(desk_app: Desk, clock: SetClock) -> None:
    written(desk_app)
    other = Audit(desk_app.engine, clock, "another secret")
    assert other.verify() == AuditFault("forged")
    assert other.seal() == desk_app.audit.head()
    assert other.verify() is None


async def test_the_command_tells_and_exports_and_compares(
    desk_app: Desk, database_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database_file}")
    written(desk_app)
    kept = tmp_path / "head.json"
    assert main(["verify-audit", "--export", str(kept)]) == 0
    assert json.loads(kept.read_text())["count"] == 5 and "whole: 5 rows" in capsys.readouterr().out
    assert main(["verify-audit", "--against", str(kept)]) == 0
    with desk_app.engine.begin() as connection:
        connection.execute(update(AuditRow).where(AuditRow.id == 2).values(who="x"))
    assert main(["verify-audit"]) == 1 and "row 2 is not what was written" in capsys.readouterr().out
    with desk_app.engine.begin() as connection:
        connection.execute(update(AuditRow).where(AuditRow.id == 2).values(who="a@example.org"))
    kept.write_text(json.dumps({"count": 5, "hash": "0" * 64}))
    assert main(["verify-audit", "--against", str(kept)]) == 1 and "does not run through" in capsys.readouterr().out
