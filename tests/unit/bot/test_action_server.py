from __future__ import annotations

from typing import Any


def test_calls_share_a_connection_and_survive_its_end(inside: dict[str, Any]) -> None:
    calls = inside["calls"]
    assert calls["answers"] == [{"events": [], "responses": [{"text": "¿Sí?"}]}] * 3
    assert calls["connections"] == 2  # one until the server hung up, one since


def test_a_refusal_is_rasas_own_error(inside: dict[str, Any]) -> None:
    assert inside["calls"]["refused"] == "ClientResponseError 404"


def test_a_server_that_is_away_is_an_error_of_connecting(inside: dict[str, Any]) -> None:
    assert inside["calls"]["away"] == "ClientConnectionError"


def test_an_action_gets_what_happened_since_the_last_message(inside: dict[str, Any]) -> None:
    assert inside["read"] == {"domain": {}, "next_action": "a", "tracker": {"slots": {}, "events": [{"event": "slot", "name": "county"}]}}


def test_an_action_that_asks_for_the_domain_gets_it(inside: dict[str, Any]) -> None:
    assert inside["with domain"]["domain"] == {"forms": {}}
