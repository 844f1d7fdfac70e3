"""Entries an advisor may put into a reply: searched like a student's question, told in the student's language."""

from __future__ import annotations

from typing import Literal

from anyio import to_thread
from fastapi import APIRouter
from pydantic import BaseModel

from desk.pages.rendering import Advisor, DeskHere
from desk.wiring import Desk
from knowledge import composing
from knowledge.schema import Language

router = APIRouter(prefix="/desk", include_in_schema=False)
MOST = 6


class Suggestion(BaseModel):
    """`text` is what goes into the reply: the answer of today, with its first source unless it names that page itself."""

    id: str
    topic: str
    question: str
    answer: str
    text: str


@router.get("/suggest")
async def suggest(desk: DeskHere, who: Advisor, q: str = "", language: Literal["en", "es"] = "en") -> dict[str, list[Suggestion]]:
    """The entries nearest to `q`, best first; none for an empty search."""
    found = await to_thread.run_sync(_nearest, desk, q[:500], language) if q.strip() else []
    return {"suggestions": found}


def _nearest(desk: Desk, q: str, language: Language) -> list[Suggestion]:
    snapshot, matcher = desk.assistant.runtime.current()
    ids = dict.fromkeys(scored.target.id for scored in matcher.match(q).scored if scored.target.kind == "entry")
    entries = [snapshot.entries[i] for i in ids if i in snapshot.entries and snapshot.entries[i].topic != "talk_to_human"][:MOST]
    suggestions: list[Suggestion] = []
    for entry in entries:
        reply = composing.answered(snapshot, entry, language, desk.assistant.today(), None)
        source = reply.answer.sources[0].url if reply.answer and reply.answer.sources else ""
        suggestions.append(
            Suggestion(
                id=entry.id, topic=snapshot.topics[entry.topic].name.en, question=entry.question.in_language(language),
                answer=reply.text, text=reply.text if source in reply.text else f"{reply.text}\n{source}",
            )
        )  # fmt: skip
    return suggestions
