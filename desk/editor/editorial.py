"""What editors and advisors do with documents: open, draft, submit, publish, take back, bring back an older text.

Every step answers with an Outcome: done, or why not, with nothing typed lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from desk.editor.catalogue import Catalogue
from desk.editor.checks import Remark, faults_of, remark
from desk.editor.fields import fields_of
from desk.editor.forms import Flat, body_from, flat_of, posted, read, rechecked, redated, whole
from desk.editor.merging import Merge, merge
from desk.editor.trying import Trying
from desk.errors import Forbidden, NotFound
from desk.staff.accounts import User
from desk.staff.audit import Audit
from knowledge.assistant import Assistant
from knowledge.editing import Editing
from knowledge.errors import RevisionConflict, UnknownDocument
from knowledge.kinds import KINDS
from knowledge.references import users_of
from knowledge.regression_gate import Culprit
from knowledge.runtime import Runtime
from knowledge.schema import Document
from knowledge.store import Stored
from knowledge.trial import Trials

NOT_YET = Stored("", "", None, None, 0, False)


@dataclass(frozen=True)
class Opened:
    """A document as somebody opens it: `flat` is its draft, or what is published. A new one has no stored row yet."""

    model: type[Document]
    stored: Stored
    flat: Flat
    published: Flat | None

    @property
    def new(self) -> bool:
        return self.stored.revision == 0


@dataclass(frozen=True)
class Outcome:
    """`done`: the word for what happened; without one, `faults` say why not, `culprits` which questions would be answered
    wrongly, or `merge` what somebody else changed meanwhile."""

    flat: Flat
    done: str = ""
    key: str = ""
    faults: tuple[Remark, ...] = ()
    merge: Merge | None = None
    culprits: tuple[Culprit, ...] = ()
    opened: int = 0


class Editorial:
    """`second_person`: whoever publishes must not be the one who last changed the draft."""

    def __init__(self, store: Editing, assistant: Assistant, runtime: Runtime, audit: Audit, second_person: bool = False) -> None:
        self.store, self.assistant, self.second_person = store, assistant, second_person
        self._audit, self.vectors = audit, runtime.vectors
        self.trying = Trying(Trials(runtime), store, assistant.today)
        self.catalogue = Catalogue(assistant.runtime.snapshot, store.unfinished, assistant.today)

    # -- looking -------------------------------------------------------------------------------------------------------

    def model(self, kind: str) -> type[Document]:
        if kind not in KINDS:
            raise NotFound(f"There is no kind of document called {kind!r}.")
        return KINDS[kind]

    def open(self, kind: str, key: str) -> Opened:
        model = self.model(kind)
        try:
            stored = self.store.get(kind, key)
        except UnknownDocument as error:
            raise NotFound(str(error)) from None
        if stored.draft is None and stored.body is None:
            raise NotFound(f"The {kind} {key!r} was discarded.")
        published = flat_of(model, stored.body) if stored.body is not None else None
        return Opened(model, stored, flat_of(model, stored.draft if stored.draft is not None else stored.body or {}), published)

    def blank(self, kind: str) -> Opened:
        model = self.model(kind)
        flat = flat_of(model, {})
        if "checked_on" in flat:
            flat["checked_on"] = self.assistant.today().isoformat()
        return Opened(model, NOT_YET, flat, None)

    def typed(self, opened: Opened, form: Mapping[str, list[str]]) -> Flat:
        """What a browser sent about this document, with what never changes and the days of writing and checking filled in."""
        flat = posted(fields_of(opened.model), form)
        if not opened.new:
            flat.update({name: opened.flat[name] for name in opened.model.fixed})
        elif "facet" in flat:
            flat["id"] = _entry_id(flat)
        fits = form.get("spanish_fits", [""])[-1] == "true"
        today = self.assistant.today()
        return (
            redated(opened.model, {}, flat, today, fits)
            if opened.new
            else rechecked(opened.flat, redated(opened.model, opened.flat, flat, today, fits), today)
        )

    # -- writing -------------------------------------------------------------------------------------------------------

    def draft(self, who: User, opened: Opened, flat: Flat, revision: int) -> Outcome:
        """Keep it as it is, whole or not."""
        if (stop := self._met_another(opened, flat, revision)) or (stop := self._nameless(opened, flat)):
            return stop
        body = whole(opened.model, body_from(opened.model, flat))
        return self._write(who, opened, flat, revision, "draft", lambda key: self.store.keep_draft(opened.model.kind, key, body, revision, who.email))

    def submit(self, who: User, opened: Opened, flat: Flat, revision: int, why: str) -> Outcome:
        """Keep it, and ask somebody to publish it."""
        saved = self.draft(who, opened, flat, revision)
        if not saved.done:
            return saved
        kind = opened.model.kind
        return self._write(who, opened, flat, saved.opened, "submit", lambda key: self.store.submit(kind, key, saved.opened, who.email, why), why)

    def give_back(self, who: User, opened: Opened, revision: int, why: str) -> Outcome:
        kind = opened.model.kind
        return self._write(who, opened, opened.flat, revision, "return", lambda key: self.store.give_back(kind, key, revision, who.email, why), why)

    def discard(self, who: User, opened: Opened, revision: int, why: str) -> Outcome:
        if not who.may("editor") and opened.stored.drafted_by != who.email:
            raise Forbidden("Only an editor may discard somebody else's draft.")
        kind = opened.model.kind
        return self._write(who, opened, opened.flat, revision, "discard", lambda key: self.store.discard(kind, key, revision, who.email, why), why)

    def publish(self, who: User, opened: Opened, flat: Flat, revision: int, why: str, override: str = "") -> Outcome:
        """Make it the answer from now on, unless something speaks against it.

        `override`: the reason to publish although accepted questions would be answered differently; it goes into the history.
        """
        if (stop := self._met_another(opened, flat, revision)) or (stop := self._nameless(opened, flat)):
            return stop
        document, wrong = read(opened.model, flat)
        if document is None:
            return Outcome(flat, faults=tuple(remark(opened.model, field, words) for field, words in wrong), opened=revision)
        faults = [*self._alone(who, opened, flat), *faults_of(document, self.assistant.runtime.snapshot(), self.assistant.today())]
        if faults:
            return Outcome(flat, faults=tuple(faults), opened=revision)
        return self._publish(who, opened, document, flat, revision, why, override)

    def bring_back(self, who: User, opened: Opened, old: int, revision: int, why: str, override: str = "") -> Outcome:
        """Publish the text of an older revision again. It was published before, so nobody else need look."""
        found = self.store.at(opened.model.kind, opened.stored.key, old)
        if found is None or found.body is None:
            raise NotFound(f"There is no revision {old} with a text.")
        flat = flat_of(opened.model, found.body)
        seen_before = found.action in ("publish", "load")
        document, wrong = read(opened.model, flat)
        if document is None or not seen_before:
            words = "; ".join(text for _, text in wrong) or "it was never published; open it as a draft"
            return Outcome(flat, faults=(Remark("document", f"Revision {old}", words),), opened=revision)
        faults = faults_of(document, self.assistant.runtime.snapshot(), self.assistant.today())
        if faults:
            return Outcome(flat, faults=tuple(faults), opened=revision)
        return self._publish(who, opened, document, flat, revision, why or f"revision {old} again", override)

    def retire(self, who: User, opened: Opened, revision: int, why: str, override: str = "") -> Outcome:
        """Publish it no more; its text stays as a draft."""
        kind, key = opened.model.kind, opened.stored.key
        if users := users_of(self.assistant.runtime.snapshot(), kind, key):
            names = ", ".join(f"{user.kind} {user.key}" for user in users[:8]) + (" …" if len(users) > 8 else "")
            return Outcome(opened.flat, faults=(Remark("id", "Still used", f"{names} → take it out there first"),), opened=revision)
        if (found := self.trying.harm(without=((kind, key),))) and not override:
            return Outcome(opened.flat, culprits=tuple(found), opened=revision)
        why = _told(why, override, found)
        return self._write(who, opened, opened.flat, revision, "retire", lambda key: self.store.retire(kind, key, revision, who.email, why), why)

    # -- inside --------------------------------------------------------------------------------------------------------

    def _publish(self, who: User, opened: Opened, document: Document, flat: Flat, revision: int, why: str, override: str) -> Outcome:
        if (found := self.trying.harm(put=(document,))) and not override:
            return Outcome(flat, culprits=tuple(found), opened=revision)
        why = _told(why, override, found)
        made = self._write(who, opened, flat, revision, "publish", lambda _: self.store.publish(document, revision, who.email, why), why)
        if made.done:
            self.assistant.runtime.current()  # so that the next student does not wait for the index
        return made

    def _alone(self, who: User, opened: Opened, flat: Flat) -> list[Remark]:
        """The rule of two: words of one's own need another's eye."""
        own = opened.stored.draft is None or flat != opened.flat or opened.stored.drafted_by == who.email
        if not (self.second_person and own):
            return []
        return [Remark("document", "A second person", "whoever wrote it cannot publish it here → send it for review")]

    def _met_another(self, opened: Opened, flat: Flat, revision: int) -> Outcome | None:
        """Somebody saved while this was being written: what joins, and what must be chosen."""
        if opened.stored.revision == revision:
            return None
        kind, key = opened.model.kind, opened.stored.key
        began = self.store.at(kind, key, revision)
        base = flat_of(opened.model, began.body) if began and began.body else flat_of(opened.model, {})
        return Outcome(flat, merge=merge(opened.model, base, opened.flat, flat), opened=opened.stored.revision)

    def _nameless(self, opened: Opened, flat: Flat) -> Outcome | None:
        """A new document needs a name that may be one and is not taken."""
        if not opened.new:
            return None
        kind, key = opened.model.kind, flat.get("id", "")
        _, wrong = read(opened.model, flat)
        faults = [remark(opened.model, "id", words) for field, words in wrong if field == "id"]
        try:
            taken = bool(key) and self.store.get(kind, key).revision > 0
        except UnknownDocument:
            taken = False
        if taken:
            faults.append(remark(opened.model, "id", f"{key} is taken by another {kind}"))
        return Outcome(flat, faults=tuple(faults)) if faults else None

    def _write(self, who: User, opened: Opened, flat: Flat, revision: int, action: str, change: Callable[[str], Stored], why: str = "") -> Outcome:
        key = opened.stored.key or flat["id"]
        try:
            stored = change(key)
        except RevisionConflict:
            met = self._met_another(self.open(opened.model.kind, key), flat, revision)
            return met or Outcome(flat, opened=revision)
        self._audit.note(who.email, action, f"{opened.model.kind} {key}", why=why)
        return Outcome(flat, done=action, key=key, opened=stored.revision)


def _told(why: str, override: str, found: list[Culprit]) -> str:
    """The reason as the history keeps it, with what was overridden."""
    if not found:
        return why
    return f"{why} ({len(found)} accepted questions are answered differently: {override})".strip()


def _entry_id(flat: Flat) -> str:
    """An entry's name begins with topic and facet; what was typed is the word after them."""
    stem, typed = f"{flat.get('topic', '')}.{flat.get('facet', '')}", flat.get("id", "").strip(".")
    return stem if typed in ("", stem) else typed if typed.startswith(f"{stem}.") else f"{stem}.{typed}"
