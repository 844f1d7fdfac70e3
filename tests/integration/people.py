"""A student and a member of staff, each talking to the desk over HTTP as their browsers do."""

from __future__ import annotations

import itertools
import re
from typing import Any

import httpx

_NUMBERS = itertools.count(1)


class Student:
    """One conversation through the student API."""

    def __init__(self, http: httpx.AsyncClient, conversation_id: str, token: str) -> None:
        self.http, self.id, self.token = http, conversation_id, token

    @classmethod
    async def arrives(cls, http: httpx.AsyncClient, language: str = "en") -> Student:
        opened = await http.post("/api/conversations", json={"language": language})
        assert opened.status_code == 201, opened.text
        return cls(http, opened.json()["conversation_id"], opened.json()["token"])

    @property
    def path(self) -> str:
        return f"/api/conversations/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, what: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return await self.http.post(f"{self.path}/{what}", json=body, headers=self.headers)

    async def get(self, what: str = "", **parameters: Any) -> httpx.Response:
        return await self.http.get(f"{self.path}/{what}", params=parameters, headers=self.headers)

    async def delete(self, what: str = "") -> httpx.Response:
        return await self.http.delete(f"{self.path}/{what}".rstrip("/"), headers=self.headers)

    async def writes(self, text: str, client_id: str | None = None) -> httpx.Response:
        return await self.post("messages", {"client_id": client_id or f"m{next(_NUMBERS)}", "text": text})

    async def presses(self, choice_id: str) -> httpx.Response:
        return await self.post("messages", {"client_id": f"c{next(_NUMBERS)}", "choice_id": choice_id})

    async def reads(self, after: int = 0) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = (await self.get("messages", after=after)).json()["messages"]
        return messages

    async def state(self) -> str:
        return str((await self.get("messages")).json()["state"])


class Staff:
    """A signed-in browser at the desk: keeps the cookie, reads the CSRF token from a page as a form would send it."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http, self.csrf = http, ""

    async def signs_in(self, email: str, password: str, page: str = "/desk/queue") -> Staff:
        answer = await self.http.post("/desk/sign-in", data={"email": email, "password": password, "next": page})
        assert answer.status_code == 303, answer.text
        self.http.cookies.set("waymark_staff", answer.cookies["waymark_staff"])
        await self.opens(page)
        return self

    async def opens(self, page: str) -> httpx.Response:
        answer = await self.http.get(page, headers={"Accept": "text/html"})
        if found := re.search(r'name="csrf" value="([^"]+)"', answer.text):
            self.csrf = found[1]
        return answer

    async def submits(self, path: str, **fields: str | list[str]) -> httpx.Response:
        return await self.http.post(path, data={"csrf": self.csrf, **fields})
