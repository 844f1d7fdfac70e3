"""A document as a student would see it in the chat, before it is published: the message the widget is given. Pure, given the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from desk.editor.forms import Flat
from knowledge import checklists, composing
from knowledge.memory import Memory
from knowledge.rendering import render
from knowledge.replies import Answer, AnswerStatus, Reply
from knowledge.schema import LANGUAGES, Checklist, Document, Entry, Language, Refusal, Wording
from knowledge.snapshot import Snapshot

Message = dict[str, Any]
_TEXTS = ("answer", "text", "about")


def previews(kind: str, document: Document | None, flat: Flat, snapshot: Snapshot, today: dt.date) -> dict[Language, Message]:
    """By language; a text that is not whole yet is shown without sources and choices. Nothing for kinds no message is made of."""
    if kind not in (Entry.kind, Checklist.kind, Refusal.kind, Wording.kind):
        return {}
    would = snapshot.changed([document], [], f"{snapshot.version}+draft") if document else snapshot
    return {language: _message(_reply(document, flat, would, language, today)) for language in LANGUAGES}


def _reply(document: Document | None, flat: Flat, snapshot: Snapshot, language: Language, today: dt.date) -> Reply:
    if isinstance(document, Entry):
        return composing.answered(snapshot, document, language, today, None)
    if isinstance(document, Checklist):
        return checklists.show(snapshot, document.id, language, Memory(), "", today)[0]
    template = next((flat[f"{name}.{language}"] for name in _TEXTS if flat.get(f"{name}.{language}")), "")
    sources = composing.shown_sources(snapshot, document.sources) if isinstance(document, Refusal) else []
    answer = Answer(status=AnswerStatus.OUT_OF_SCOPE, sources=sources)
    return Reply(text=render(template, snapshot.facts, language, today).text, language=language, answer=answer)


def _message(reply: Reply) -> Message:
    """As the student API sends it."""
    answer = reply.answer.model_dump(mode="json") if reply.answer else None
    return {
        "seq": 1, "client_id": None, "sender": "bot", "text": reply.text, "language": reply.language, "created_at": None,
        "choices": [choice.model_dump() for choice in reply.choices], "answer": answer,
    }  # fmt: skip
