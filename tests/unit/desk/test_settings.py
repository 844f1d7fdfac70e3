from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from desk.settings import DEVELOPMENT_SECRET, Settings

LONG = "a-secret-of-more-than-24-characters"


def given(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


def test_development_starts_with_nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    assert given().environment == "development"


@pytest.mark.parametrize("name", ["secret_key", "rasa_token"])
@pytest.mark.parametrize("weak", [DEVELOPMENT_SECRET, "", "short"])
def test_production_refuses_a_default_or_short_secret_and_offers_a_good_one(name: str, weak: str) -> None:
    values = {"secret_key": LONG, "rasa_token": LONG, name: weak}
    with pytest.raises(ValidationError, match=f"{name.upper()} must be a secret.*for example: .{{43}}"):
        given(environment="production", **values)


def test_production_starts_with_real_secrets() -> None:
    assert given(environment="production", secret_key=LONG, rasa_token=LONG).environment == "production"


@pytest.mark.parametrize(
    "values",
    [
        {"port": 0},
        {"redis_url": "localhost:6379"},
        {"port": 70000},
        {"bot_timeout_s": 0},
        {"message_limit": 1},
        {"environment": "staging"},
        {"office_hours": "always"},
        {"time_zone": "Mars"},
    ],
)
def test_a_value_that_makes_no_sense_stops_the_start(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        given(**values)


def test_a_plain_postgresql_address_means_the_driver_we_ship() -> None:
    assert given(database_url="postgresql://u:p@h/d").database_url == "postgresql+psycopg://u:p@h/d"
    assert given(database_url="postgresql+psycopg://u:p@h/d").database_url == "postgresql+psycopg://u:p@h/d"


def test_origins_are_read_as_a_list() -> None:
    assert given(allowed_origins=" https://a.example , https://b.example,").origins == ["https://a.example", "https://b.example"]
    assert given(allowed_origins="").origins == []
