"""schemathesis over the OpenAPI document of a served desk: every operation, with good and with broken input."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS  # noqa: F401  (registers them)

from desk.app import create_app
from desk.settings import Settings
from tests.browser.desk_server import DeskServer, prepare

STREAMS = r"/events$"
"""An event stream does not end, so it is asked elsewhere (tests/integration/test_events.py)."""
NOT_OURS = [schemathesis.checks.unsupported_method] if hasattr(schemathesis.checks, "unsupported_method") else []
schema = schemathesis.openapi.from_dict(
    create_app(Settings(_env_file=None, database_url="sqlite://", encoder="hashing")).openapi()  # type: ignore[call-arg]
).exclude(path_regex=STREAMS)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("served")
    server = DeskServer(prepare(folder), CONVERSATIONS_PER_MINUTE="100000", MESSAGES_PER_MINUTE="100000").start()
    yield server.url, folder / "desk.log"
    server.stop()


@pytest.fixture
def opened(served: tuple[str, Path]) -> dict[str, Any]:
    """A conversation of its own for each example of each operation."""
    return dict(httpx.post(f"{served[0]}/api/conversations", json={}).json())


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_answers_as_the_document_says(case: Any, served: tuple[str, Path], opened: dict[str, Any]) -> None:
    headers = {}
    if "conversation_id" in (case.path_parameters or {}):
        case.path_parameters["conversation_id"] = opened["conversation_id"]
        headers["Authorization"] = f"Bearer {opened['token']}"
    answer = case.call(base_url=served[0], headers=headers)
    assert answer.status_code < 500, answer.text[:300]
    assert "Traceback" not in answer.text and "site-packages" not in answer.text
    case.validate_response(answer, checks=[schemathesis.checks.not_a_server_error, *_shape_checks()])


def _shape_checks() -> list[Any]:
    from schemathesis.specs.openapi import checks

    return [checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance]


def test_no_failure_was_logged_meanwhile(served: tuple[str, Path]) -> None:
    logged = served[1].read_text(errors="replace")
    assert '"event": "unexpected"' not in logged and "Traceback" not in logged
