"""An entry as a form, and back. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ValidationError

from knowledge import checking
from knowledge.content_files import Content
from knowledge.schema import Entry
from knowledge.snapshot import Snapshot


class EntryForm(BaseModel):
    """Phrasings are one a line. `opened` is the revision the editor began from.

    `spanish_fits`: the editor says the Spanish still holds although only the English changed.
    """

    question_en: str = ""
    question_es: str = ""
    answer_en: str = ""
    answer_es: str = ""
    phrasings_en: str = ""
    phrasings_es: str = ""
    sources: str = ""
    opened: int = 0
    why: str = ""
    spanish_fits: bool = False
    action: Literal["draft", "publish"] = "draft"
    csrf: str = ""

    @classmethod
    def of(cls, entry: Entry, revision: int) -> EntryForm:
        return cls(
            question_en=entry.question.en, question_es=entry.question.es, answer_en=entry.answer.en, answer_es=entry.answer.es,
            phrasings_en="\n".join(entry.phrasings.en), phrasings_es="\n".join(entry.phrasings.es), sources=", ".join(entry.sources), opened=revision,
        )  # fmt: skip


def read_form(form: EntryForm, before: Entry, snapshot: Snapshot, today: dt.date) -> tuple[Entry | None, list[str]]:
    """The entry a form describes, and what is wrong with it in plain words. Unchanged languages keep their date."""
    data = before.model_dump(mode="json")
    data["question"] = {"en": form.question_en.strip(), "es": form.question_es.strip()}
    data["answer"] = {"en": _text(form.answer_en), "es": _text(form.answer_es)}
    data["phrasings"] = {"en": _lines(form.phrasings_en), "es": _lines(form.phrasings_es)}
    data["sources"] = [s.strip() for s in form.sources.replace("\n", ",").split(",") if s.strip()]
    for language in ("en", "es"):
        if any(data[part][language] != getattr(getattr(before, part), language) for part in ("question", "answer")):
            data["written"][language] = today.isoformat()
    if form.spanish_fits:
        data["written"]["es"] = today.isoformat()
    try:
        entry = Entry.model_validate(data)
    except ValidationError as error:
        return None, [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
    return entry, faults_of(entry, snapshot, today)


def faults_of(entry: Entry, snapshot: Snapshot, today: dt.date) -> list[str]:
    """The faults `python -m knowledge check` would tell about this entry among all published knowledge."""
    documents = {(d.kind, d.key): d for kind in snapshot.documents.values() for d in kind.values()}
    documents[(entry.kind, entry.key)] = entry
    content = Content(documents, dict.fromkeys(documents, "desk"))
    own = f"desk:{entry.id}:"
    return [f"{f.where.removeprefix(own)}: {f.what} → {f.mend}" for f in checking.check(content, today) if f.where.startswith(own)]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
