"""A missed question that needs an answer nobody has written yet: a draft is begun, and its publication settles the misses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from desk.errors import Conflict, Invalid
from desk.learning.changes import checked
from desk.learning.decision_store import DecisionStore
from desk.learning.model import Decision, NewDecision, Phrasings
from desk.staff.accounts import User
from desk.staff.audit import Audit
from knowledge import regression
from knowledge.editing import Editing
from knowledge.errors import RevisionConflict, UnknownDocument
from knowledge.references import users_of
from knowledge.schema import Facet, Key
from knowledge.snapshot import Snapshot
from knowledge.store import Stored


@dataclass(frozen=True)
class Wish:
    """What the new entry is to answer. `word` tells it apart from another entry of the same topic and facet; may be empty."""

    topic: str
    facet: str
    word: str
    question_en: str
    question_es: str

    @property
    def key(self) -> str:
        return ".".join(filter(None, (self.topic, self.facet, self.word.strip().lower().replace(" ", "_"))))


class NewEntries:
    def __init__(
        self, store: DecisionStore, knowledge: Editing, snapshot: Callable[[], Snapshot], audit: Audit, today: Callable[[], dt.date]
    ) -> None:
        self._store, self._knowledge, self._snapshot, self._audit, self._today = store, knowledge, snapshot, audit, today

    def begin(self, wish: Wish, phrasings: Phrasings, miss_ids: Sequence[int], who: User) -> Decision:
        """A draft with question and ways of asking in it, for somebody to write the answer. Raises Invalid, or Conflict if the misses were settled meanwhile."""
        lines = checked(phrasings)
        self._check(wish)
        made = self._store.add(NewDecision("entry", "entry", wish.key, lines), miss_ids, who.email)
        day = self._today().isoformat()
        body = {
            "id": wish.key, "topic": wish.topic, "facet": wish.facet, "question": {"en": wish.question_en.strip(), "es": wish.question_es.strip()},
            "answer": {"en": "", "es": ""}, "phrasings": dict(lines), "sources": [], "written": {"en": day, "es": day},
        }  # fmt: skip
        try:
            self._knowledge.keep_draft("entry", wish.key, body, 0, who.email)
        except RevisionConflict:
            self._store.move(made.id, "declined", who.email)
            raise self._taken(wish.key) from None
        self._audit.note(who.email, "began", f"entry {wish.key}", decision=made.id, misses=len(miss_ids))
        return made

    def settle(self) -> list[Decision]:
        """Drafts that somebody has published meanwhile: their questions are settled and held to them."""
        settled = []
        for decision in self._store.listed("proposed"):
            if decision.action != "entry" or (stored := self._stored(decision.key)) is None or stored.body is None:
                continue
            author = next((r.author for r in self._knowledge.history("entry", decision.key) if r.action == "publish"), decision.proposed_by)
            published = stored.body.get("phrasings") or {}
            for language, lines in decision.phrasings.items():
                for line in (line for line in lines if line in published.get(language, ())):
                    regression.add(self._knowledge, line, language, decision.key, author)
            settled.append(self._store.move(decision.id, "live", author))
        return settled

    def take_back(self, decision: Decision, who: User) -> None:
        """Publish the entry no more; its text stays as a draft. Conflict if other entries point to it."""
        if users := users_of(self._snapshot(), "entry", decision.key):
            names = ", ".join(user.key for user in users[:5])
            raise Conflict(f"Other entries point to it: {names}. Take that out first.", back=f"/desk/misses/decisions/{decision.id}")
        for language, lines in decision.phrasings.items():
            for line in lines:
                regression.take_back(self._knowledge, line, language, who.email)
        stored = self._stored(decision.key)
        if stored is not None and stored.body is not None:
            self._knowledge.retire("entry", decision.key, stored.revision, who.email, f"undo of decision {decision.id}")

    def _check(self, wish: Wish) -> None:
        if wish.topic not in self._snapshot().topics or wish.facet not in set(Facet):
            raise Invalid("Choose a topic and what is asked about it.")
        if not wish.question_en.strip():
            raise Invalid("Write the question in English as students will see it.")
        try:
            TypeAdapter(Key).validate_python(wish.key)
        except ValidationError:
            raise Invalid("The word that tells it apart may hold small letters, digits and _ only.") from None
        if self._stored(wish.key) is not None:
            raise self._taken(wish.key)

    def _taken(self, key: str) -> Invalid:
        return Invalid(f"There already is an entry named {key}. Let the questions lead to it, or add a word that tells the new one apart.")

    def _stored(self, key: str) -> Stored | None:
        try:
            return self._knowledge.get("entry", key)
        except UnknownDocument:
            return None
