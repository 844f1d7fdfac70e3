"""One action on a group of missed questions, from proposal to live answer, and back.

Advisors propose, editors publish. What is published answers the next question; the lines join the regression set, so that no
later change loses them again. An undo takes lines, pairs and settlement back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from desk.errors import Conflict, Forbidden, Invalid, NotFound
from desk.learning.changes import checked, really_new, taken_elsewhere, with_phrasings, without_phrasings
from desk.learning.decision_store import DecisionStore
from desk.learning.learner import target_name
from desk.learning.model import Decision, NewDecision, Phrasings
from desk.learning.new_entries import NewEntries
from desk.staff.accounts import User
from desk.staff.audit import Audit
from knowledge import regression
from knowledge.assistant import Assistant
from knowledge.editing import Editing
from knowledge.errors import RevisionConflict, UnknownDocument
from knowledge.regression_gate import Culprit
from knowledge.schema import LANGUAGES, Document, Entry, Refusal
from knowledge.store import Body

Harm = Callable[[tuple[Document, ...]], list[Culprit]]
KIND_OF = {"phrasing": "entry", "entry": "entry", "out_of_scope": "refusal"}
MODELS: dict[str, type[Entry] | type[Refusal]] = {"entry": Entry, "refusal": Refusal}


class Decisions:
    """`second_person`: whoever publishes must not be the one who proposed. `harm`: accepted questions a change would turn wrong.

    Each method returns the decision as it stands afterwards, and raises Invalid, Conflict or Forbidden in plain words."""

    def __init__(self, store: DecisionStore, knowledge: Editing, assistant: Assistant, audit: Audit, harm: Harm, second_person: bool = False) -> None:
        self.store, self.knowledge, self.assistant, self.second_person = store, knowledge, assistant, second_person
        self._audit, self._harm = audit, harm
        self.new_entries = NewEntries(store, knowledge, assistant.runtime.snapshot, audit, assistant.today)

    def dismiss(self, miss_ids: Sequence[int], who: User, note: str) -> Decision:
        """Nothing to change. Whoever may propose may do this; it can be undone."""
        made = self.store.add(NewDecision("dismiss", note=note), miss_ids, who.email, "dismissed")
        self._audit.note(who.email, "dismissed_misses", f"decision {made.id}", misses=len(miss_ids), why=note)
        return made

    def publish_at_once(self, new: NewDecision, miss_ids: Sequence[int], who: User) -> Decision:
        """An editor's one press. What would turn right answers wrong is refused before anything is kept."""
        ready = self._ready(new)
        document = self._document(ready.kind, ready.key)
        self._check_harm(with_phrasings(document, ready.phrasings))
        return self.publish(self.propose(new, miss_ids, who).id, who, checked=True)

    def propose(self, new: NewDecision, miss_ids: Sequence[int], who: User) -> Decision:
        """Ask an editor to publish it."""
        ready = self._ready(new)
        made = self.store.add(ready, miss_ids, who.email)
        self._audit.note(who.email, "proposed", f"decision {made.id}", document=f"{ready.kind} {ready.key}", misses=len(miss_ids))
        return made

    def publish(self, decision_id: int, who: User, checked: bool = False) -> Decision:
        """Make it live: from now on these questions lead there. `checked`: it is known to harm no other answer."""
        decision = self.store.get(decision_id)
        if decision.state != "proposed":
            raise Conflict(f"This was {decision.state} meanwhile.", back=f"/desk/misses/decisions/{decision_id}")
        if decision.action == "entry":
            raise Invalid("Its answer must be written first. Publish it in the editor; the questions are then settled by themselves.")
        if not who.may("editor"):
            raise Forbidden("An editor publishes what you propose.")
        if self.second_person and decision.proposed_by == who.email:
            raise Forbidden("Another editor publishes what you proposed: here publishing needs a second person.")
        document = self._document(decision.kind, decision.key)
        self._ready(NewDecision(decision.action, decision.kind, decision.key, decision.phrasings))
        after = with_phrasings(document, decision.phrasings)
        if not checked:
            self._check_harm(after)
        self._put(document, after, who, f"decision {decision.id}: {_told(decision.phrasings)}")
        self._hold_to(decision, who)
        self._audit.note(who.email, "published", f"decision {decision.id}", document=f"{decision.kind} {decision.key}")
        return self.store.move(decision_id, "live", who.email)

    def decline(self, decision_id: int, who: User) -> Decision:
        """The questions go back to the inbox."""
        if not who.may("editor"):
            raise Forbidden("An editor decides on what is proposed.")
        self._audit.note(who.email, "declined", f"decision {decision_id}")
        return self.store.move(decision_id, "declined", who.email)

    def undo(self, decision_id: int, who: User) -> Decision:
        """As if it had not been decided: lines and regression pairs are taken back, the questions are open again."""
        decision = self.store.get(decision_id)
        if decision.state not in ("live", "dismissed"):
            raise Conflict(f"This is {decision.state}; there is nothing to undo.", back=f"/desk/misses/decisions/{decision_id}")
        if decision.state == "live":
            if not who.may("editor"):
                raise Forbidden("An editor undoes what was published.")
            self._take_back(decision, who)
        self._audit.note(who.email, "undid", f"decision {decision_id}")
        return self.store.move(decision_id, "undone", who.email)

    # -- inside --------------------------------------------------------------------------------------------------------

    def _ready(self, new: NewDecision) -> NewDecision:
        """With lines that may be added to a document that exists; only the lines it did not have are kept."""
        kind = KIND_OF[new.action]
        lines = checked(new.phrasings)
        document = self._document(kind, new.key)
        if told := taken_elsewhere(self.assistant.runtime.snapshot(), kind, new.key, lines):
            raise Invalid(f"{' '.join(told[:4])} Take it out here, or there first.")
        fresh = really_new(document, lines)
        if not any(fresh.values()):
            raise Invalid("These are among its ways of asking already. Write it in other words, or choose where else it should lead.")
        with_phrasings(document, fresh)  # raises what is wrong with it
        return replace(new, kind=kind, phrasings=fresh)

    def _check_harm(self, after: Entry | Refusal) -> None:
        if found := self._harm((after,)):
            told = "; ".join(f"“{c.question}” leads to {c.before} and would get {c.after}" for c in found[:3])
            more = f" and {len(found) - 3} more" if len(found) > 3 else ""
            raise Invalid(
                f"This would turn right answers wrong: {told}{more}. Reword or leave out the line that does it, or publish it in the editor with a reason."
            )

    def _document(self, kind: str, key: str) -> Entry | Refusal:
        try:
            stored = self.knowledge.get(kind, key)
        except UnknownDocument:
            stored = None
        if stored is None or stored.body is None:
            raise NotFound(f"There is no published {kind} named {key!r}. Choose another.")
        return MODELS[kind].model_validate(stored.body)

    def _put(self, before: Entry | Refusal, after: Entry | Refusal, who: User, why: str) -> None:
        """Publish; a draft somebody is writing gets the same lines and stays a draft."""
        stored = self.knowledge.get(before.kind, before.key)
        if stored.body != before.model_dump(mode="json", exclude_defaults=True) and MODELS[before.kind].model_validate(stored.body) != before:
            raise Conflict("Somebody published this entry just now. Please press once more.")
        try:
            published = self.knowledge.publish(after, stored.revision, who.email, why)
            if stored.draft is not None:
                self.knowledge.keep_draft(before.kind, before.key, _with_lines(stored.draft, after), published.revision, who.email)
        except RevisionConflict:
            raise Conflict("Somebody saved this entry just now. Please press once more.") from None

    def _hold_to(self, decision: Decision, who: User) -> None:
        for language, lines in decision.phrasings.items():
            for line in lines:
                regression.add(self.knowledge, line, language, target_name(decision.kind, decision.key), who.email)

    def _take_back(self, decision: Decision, who: User) -> None:
        if decision.action == "entry":
            self.new_entries.take_back(decision, who)
            return
        for language, lines in decision.phrasings.items():
            for line in lines:
                regression.take_back(self.knowledge, line, language, who.email)
        try:
            document = self._document(decision.kind, decision.key)
        except NotFound:
            return  # somebody retired it meanwhile: nothing is left to take away
        self._put(document, without_phrasings(document, decision.phrasings), who, f"undo of decision {decision.id}")


def _with_lines(draft: Body, document: Entry | Refusal) -> Body:
    """The draft, which need not be whole yet, with all the lines of the published document."""
    own = draft.get("phrasings") or {}
    lines = {language: list(dict.fromkeys([*own.get(language, ()), *document.phrasings.in_language(language)])) for language in LANGUAGES}
    return {**draft, "phrasings": lines}


def _told(phrasings: Phrasings) -> str:
    lines = [line for found in phrasings.values() for line in found]
    return f"students ask “{lines[0][:80]}”" + (f" and {len(lines) - 1} more" if len(lines) > 1 else "") if lines else ""
