"""What an advisor may put into a reply."""

from __future__ import annotations

from desk.wiring import Desk
from tests.integration.conftest import SignIn

ANSWER = "sunrise_grant.what_is"


async def test_the_first_source_follows_the_answer_unless_the_answer_names_that_page_itself(knowing_desk: Desk, staff: SignIn) -> None:
    advisor = await staff(knowing_desk, "advisor")
    asked = "/desk/suggest?q=what+is+the+sunrise+grant"
    first = (await advisor.http.get(asked)).json()["suggestions"][0]
    page = first["text"].removeprefix(first["answer"]).strip()
    assert first["id"] == ANSWER and page.startswith("https://")
    stored = knowing_desk.knowledge.get("entry", ANSWER)
    entry = knowing_desk.assistant.runtime.snapshot().entries[ANSWER]
    said = entry.answer.model_copy(update={"en": f"Look here: {page}."})
    knowing_desk.knowledge.publish(entry.model_copy(update={"answer": said}), stored.revision, "editor@example.org")
    again = (await advisor.http.get(asked)).json()["suggestions"][0]
    assert again["text"] == f"Look here: {page}."
