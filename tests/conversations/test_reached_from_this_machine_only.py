"""Rasa listens on the loopback alone, and its own API asks for the token there too."""

from __future__ import annotations

import socket

import httpx


def test_rasa_is_reached_from_this_machine_only_and_asks_for_the_token(rasa: str) -> None:
    port = httpx.URL(rasa).port
    assert port is not None
    with socket.socket() as probe:
        probe.settimeout(1)
        assert probe.connect_ex(("127.0.0.2", port)) != 0, "another address of this machine: who listens everywhere would answer"
    here = f"http://127.0.0.1:{port}"
    for method, path in (
        ("GET", "/conversations/somebody/tracker"),
        ("PUT", "/conversations/somebody/tracker/events"),
        ("POST", "/model/parse"),
        ("GET", "/domain"),
    ):
        assert httpx.request(method, here + path, json=None if method == "GET" else []).status_code == 401, path
