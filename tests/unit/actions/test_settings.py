"""actions.settings and knowledge.settings: the same names as the desk's, PostgreSQL addresses understood."""

from __future__ import annotations

import pytest
from pydantic_settings import BaseSettings

from actions.settings import Settings as ActionSettings
from desk.settings import Settings as DeskSettings
from knowledge.settings import Settings as KnowledgeSettings


@pytest.mark.parametrize("kind", [ActionSettings, KnowledgeSettings])
def test_a_setting_means_the_same_in_every_process(kind: type[BaseSettings]) -> None:
    for name, field in kind.model_fields.items():
        assert name in DeskSettings.model_fields, f"{name} is unknown to the desk"
        assert field.default == DeskSettings.model_fields[name].default, name


@pytest.mark.parametrize("kind", [ActionSettings, KnowledgeSettings, DeskSettings])
def test_a_postgresql_address_means_the_driver_we_install(kind: type[BaseSettings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@h/d")
    assert kind().database_url == "postgresql+psycopg://u:p@h/d"  # type: ignore[attr-defined]
