"""Any text at all, through the student API, masking, the assistant and back: an answer, or a plain refusal."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.app import create_app
from tests.integration.conftest import Wire
from tests.integration.fakes import AbsentBot
from tests.integration.people import Student

NUMBERS = itertools.count()
PIECES = st.sampled_from(
    [
        "fafsa",
        "sunrise grant",
        "how much",
        "¿cuánto",
        "/restart",
        "536-22-8145",
        "4111 1111 1111 1111",
        "{fafsa.opens}",
        "[[",
        "\n",
        "a@b.co",
        "i want to die",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=4100),
    st.text(alphabet=st.characters(), max_size=60),
    st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=12).map(" ".join),
)


class Chat:
    """One loop and one conversation for every example: opening a desk for each would take most of the time."""

    def __init__(self, wired: Wire) -> None:
        import httpx

        self.runner = asyncio.Runner()
        self.desk = wired(AbsentBot(), messages_per_minute=1_000_000)
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app(desk=self.desk), raise_app_exceptions=False), base_url="http://desk.test"
        )
        self.student = self.runner.run(Student.arrives(self.http))

    def says(self, body: dict[str, object]) -> tuple[int, str, list[dict[str, object]]]:
        return self.runner.run(self._says(body))

    async def _says(self, body: dict[str, object]) -> tuple[int, str, list[dict[str, object]]]:
        content = json.dumps(body).encode("ascii")
        sent = await self.http.post(
            f"{self.student.path}/messages", content=content, headers={**self.student.headers, "Content-Type": "application/json"}
        )
        await self.desk.turns.drain()
        after = await self.student.reads(after=sent.json()["message"]["seq"]) if sent.status_code == 202 else []
        return sent.status_code, sent.text, after


@pytest.fixture
def chat(wired: Wire) -> Iterator[Chat]:
    made = Chat(wired)
    yield made
    made.runner.run(made.http.aclose())
    made.runner.close()


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=TEXTS)
def test_any_text_is_answered_or_refused_in_plain_words(chat: Chat, text: str) -> None:
    status, said, replies = chat.says({"client_id": f"f{next(NUMBERS)}", "text": text})
    assert status in (202, 413, 422), said
    assert "Traceback" not in said
    if status == 202:
        assert replies and replies[-1]["text"], "a message that is accepted is answered"
        assert "536-22-8145" not in json.dumps(replies)
    else:
        assert json.loads(said)["error"]["message"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    body=st.dictionaries(
        st.sampled_from(["client_id", "text", "choice_id", "x"]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=90), st.lists(st.text(max_size=3), max_size=2)),
    )
)
def test_any_body_is_taken_or_refused_in_the_one_shape(chat: Chat, body: dict[str, object]) -> None:
    status, said, _ = chat.says(body)
    assert status in (202, 409, 413, 422), said
    assert status == 202 or set(json.loads(said)["error"]) >= {"code", "message"}
