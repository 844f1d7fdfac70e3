"""Who may import what (docs: the map of rooms). One line of the rules, one test."""

from __future__ import annotations

import re

import pytest

from tests.house.sources import ROOMS, ROOT, Module, modules, tops

ALLOWED = {
    "language": set(),
    "knowledge": {"language"},
    "desk": {"knowledge", "language"},
    "actions": {"knowledge", "language"},
    "bot": {"language"},
    "migrations": {"knowledge", "desk"},
    "deploy": {"desk"},
}
SQL_MODULES = {
    "knowledge/store.py",
    "knowledge/vector_store.py",
    "knowledge/tables.py",
    "knowledge/regression.py",
    "knowledge/editing.py",
    "desk/tables.py",
    "desk/database.py",
    "desk/health.py",
    "desk/conversations/store.py",
    "desk/conversations/hand_off_store.py",
    "desk/conversations/key_store.py",
    "desk/conversations/rows.py",
    "desk/conversations/claims.py",
    "desk/conversations/turn_store.py",
    "desk/conversations/turn_rows.py",
    "desk/learning/tables.py",
    "desk/learning/miss_store.py",
    "desk/learning/decision_store.py",
    "desk/review/review_store.py",
    "desk/advising/alarm_store.py",
    "desk/advising/canned.py",
    "desk/advising/letter_store.py",
    "desk/advising/line.py",
    "desk/advising/notes.py",
    "desk/advising/offices.py",
    "desk/advising/presence.py",
    "desk/advising/tables.py",
    "desk/advising/wiring.py",  # the type of the engine it hands on
    "desk/insight/counting.py",
    "desk/mail/outbox_store.py",
    "desk/mail/tables.py",
    "desk/staff/accounts.py",
    "desk/announcements/store.py",
    "desk/announcements/tables.py",
    "desk/retention/removal.py",
    "desk/retention/store.py",
    "desk/retention/tables.py",
    "desk/staff/audit.py",
    "desk/staff/browsers.py",
    "desk/staff/tables.py",
    "desk/staff/tries.py",
    "desk/wiring.py",  # the type of the engine it hands on
    "desk/__main__.py",  # tells a wrong or unreachable address in plain words
    "bot/tracker_store.py",
}
ENVIRONMENT_MODULES = {"bot/serve.py", "bot/train.py", "actions/serve.py"}
# Rasa makes this component itself and gives it no settings of ours.
ENVIRONMENT_MODULES |= {"bot/nlu/gazetteer_extractor.py"}
VAGUE = {"utils", "util", "common", "core", "helpers", "helper", "misc", "lib", "shared", "base", "tools", "stuff"}

SHIPPED = [m for m in modules() if m.room != "tests"]


def named(module: Module) -> str:
    return module.place


@pytest.mark.parametrize("module", [m for m in SHIPPED if m.room in ALLOWED], ids=named)
def test_a_room_imports_only_the_rooms_it_may(module: Module) -> None:
    other_rooms = tops(module) & set(ROOMS) - {module.room}
    assert other_rooms <= ALLOWED[module.room], f"{module.place} imports {other_rooms - ALLOWED[module.room]}"


@pytest.mark.parametrize("module", SHIPPED, ids=named)
def test_rasa_is_imported_only_in_bot_and_its_sdk_only_in_actions(module: Module) -> None:
    assert "rasa" not in tops(module) or module.room == "bot"
    assert "rasa_sdk" not in tops(module) or module.room == "actions"


@pytest.mark.parametrize("module", SHIPPED, ids=named)
def test_sql_is_spoken_only_where_it_is_kept(module: Module) -> None:
    assert "sqlalchemy" not in tops(module) or module.place in SQL_MODULES or module.room == "migrations"


@pytest.mark.parametrize("module", SHIPPED, ids=named)
def test_the_environment_is_read_only_in_settings_and_start_scripts(module: Module) -> None:
    text = module.path.read_text(encoding="utf-8")
    reads = re.search(r"\bos\.environ\b|\bgetenv\b|\bBaseSettings\b", text)
    may = module.path.name == "settings.py" or module.place in ENVIRONMENT_MODULES or module.room == "deploy"
    assert not reads or may, f"{module.place} reads the environment"


@pytest.mark.parametrize("module", [m for m in SHIPPED if m.room == "bot"], ids=named)
def test_bot_does_not_touch_the_root_environments_packages(module: Module) -> None:
    assert not {"fastapi", "pydantic_settings", "structlog", "babel"} & tops(module)


def test_the_lists_of_exceptions_name_only_files_that_need_them() -> None:
    by_place = {m.place: m for m in SHIPPED}
    assert set(by_place) >= SQL_MODULES | ENVIRONMENT_MODULES
    assert all("sqlalchemy" in tops(by_place[place]) for place in SQL_MODULES)
    assert all("environ" in by_place[place].path.read_text(encoding="utf-8") for place in ENVIRONMENT_MODULES)


def test_no_room_or_module_has_a_name_that_says_nothing() -> None:
    names = {part for m in modules() for part in m.path.relative_to(ROOT).with_suffix("").parts}
    assert not VAGUE & names, VAGUE & names


def test_actions_is_flat() -> None:
    assert {m.path.parent for m in modules("actions")} == {ROOT / "actions"}


def test_every_room_says_what_it_is() -> None:
    import ast

    silent = [m.place for m in SHIPPED if not ast.get_docstring(m.tree) and m.room != "migrations"]
    assert silent == []
