"""A student over HTTP, against a product of ours that lives in this process."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from evaluation import set_files, set_running
from evaluation.student import Student
from tests.unit.evaluation.examples import reply


class Product:
    """The student API, answering everything with what `answer` makes of the text. Replies come at the second look."""

    def __init__(self, answer: dict[str, dict[str, Any]]) -> None:
        self.answer, self.looks, self.deleted = answer, 0, 0
        self.said: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE":
            self.deleted += 1
            return httpx.Response(204)
        if request.url.path == "/api/conversations":
            return httpx.Response(201, json={"conversation_id": "c1", "token": "t1", "messages": []})
        assert request.headers["authorization"] == "Bearer t1"
        if request.method == "POST":
            body = json.loads(request.content)
            self.said.append(body.get("text") or body["choice_id"])
            self.looks = 0
            return httpx.Response(202, json={"message": {"seq": 2}})
        self.looks += 1
        mine = {"sender": "student", "language": "en", "answer": None, "choices": []}
        found = [mine, self.answer.get(self.said[-1], reply())] if self.looks > 1 else [mine]
        return httpx.Response(200, json={"state": "with_bot", "messages": found})


def client_of(product: Product) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url="http://product", transport=httpx.MockTransport(product))


async def test_a_student_waits_for_the_reply_and_hears_only_others() -> None:
    product = Product({})
    async with client_of(product) as client:
        student = await Student.begin(client, "en")
        heard = await student.say("hello")
        await student.choose("entry:fafsa.cost")
        await student.leave()
    assert [m["sender"] for m in heard.replies] == ["bot"]
    assert heard.latency_ms > 0
    assert product.said == ["hello", "entry:fafsa.cost"]
    assert product.deleted == 1


async def test_every_turn_of_a_script_is_said_in_one_conversation_and_nothing_is_left_behind() -> None:
    product = Product({"b": reply("answered", "ap.cost")})
    turns = [{"say": "a", "kind": "first", "topic": "fafsa"}, {"say": "b", "kind": "new_topic", "topic": "ap"}]
    script = set_files.Script.model_validate({"id": "s", "language": "en", "turns": turns})
    async with client_of(product) as client:
        verdicts = await set_running.script(set_running.talker(client, 1), script)
    assert [v.right for v in verdicts] == [True, True]
    assert product.said == ["a", "b"]
    assert product.deleted == 1


async def test_a_conversation_is_left_even_when_the_product_fails() -> None:
    product = Product({})

    def broken(request: httpx.Request) -> httpx.Response:
        return httpx.Response(500) if request.url.path.endswith("/messages") else product(request)

    async with httpx.AsyncClient(base_url="http://product", transport=httpx.MockTransport(broken)) as client:
        with pytest.raises(httpx.HTTPStatusError):
            await set_running.talker(client, 1)("en", ["hello"])
    assert product.deleted == 1


def test_some_of_a_set_are_always_the_same_ones_in_their_order() -> None:
    asked = list(range(100))
    assert set_running.some(asked, 10) == set_running.some(asked, 10) == sorted(set_running.some(asked, 10))
    assert len(set_running.some(asked, 10)) == 10
    assert set_running.some(asked, None) == asked


async def test_a_set_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match="no such set: weather"):
        await set_running.run("http://product", ["weather"])
