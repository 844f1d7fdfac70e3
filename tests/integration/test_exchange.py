"""Knowledge taken away from the desk and read again."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

from desk.wiring import Desk
from knowledge import content_files, regression
from tests.integration.conftest import SignIn


async def test_the_zip_holds_all_that_is_published_desk_edits_too_and_reads_again(knowing_desk: Desk, staff: SignIn, tmp_path: Path) -> None:
    editor = await staff(knowing_desk, "editor", "/desk/knowledge")
    old = knowing_desk.assistant.runtime.snapshot().facts["sunrise_amount"]
    knowing_desk.knowledge.publish(old.model_copy(update={"value": 8100}), 1, "editor@example.org")
    answer = await editor.http.get("/desk/exchange/content.zip")
    assert answer.headers["content-type"] == "application/zip"
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    again = content_files.read_or_raise(tmp_path).documents
    snapshot = knowing_desk.assistant.runtime.snapshot()
    assert again == {(d.kind, d.key): d for those in snapshot.documents.values() for d in those.values()}
    assert getattr(again["fact", "sunrise_amount"], "value", None) == 8100
    assert {p.digest for p in regression.shipped(tmp_path / "regression.csv")} == {p.digest for p in regression.accepted(knowing_desk.knowledge)}


async def test_a_table_has_a_column_a_field_and_an_unknown_one_is_not_found(knowing_desk: Desk, staff: SignIn) -> None:
    editor = await staff(knowing_desk, "editor", "/desk/knowledge")
    rows = list(csv.reader(io.StringIO((await editor.http.get("/desk/exchange/programs.csv")).content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["id", "name", "aliases"]
    assert (await editor.opens("/desk/exchange/secrets.csv")).status_code == 404
