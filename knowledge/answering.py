"""From a message to the right answer, the right question back, or an honest “not me”. No SQL, no HTTP, no Rasa."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge import checklists, composing, follow_up, told
from knowledge.index import OUT_OF_SCOPE
from knowledge.matcher import Match, Matcher
from knowledge.memory import Memory
from knowledge.rendering import render
from knowledge.replies import Answer, AnswerStatus, HandOff, Reply
from knowledge.runtime import Knowledge
from knowledge.schema import Entry, Facet, Language
from knowledge.snapshot import Snapshot
from knowledge.splitting import questions
from knowledge.wishes import ASKS_FOR_PERSON, Hint, Wishes
from language.normalise import words

MISSES_BEFORE_PERSON = 2


@dataclass(frozen=True)
class Outcome:
    """Replies in order, and what to remember."""

    replies: list[Reply]
    memory: Memory


class Answering:
    """Answers questions from the published knowledge. `today` returns the day answers are given on."""

    def __init__(self, runtime: Knowledge, today: Callable[[], dt.date] = dt.date.today) -> None:
        self.runtime, self.today, self.wishes = runtime, today, Wishes.shipped(runtime.encoder.name)

    # -- the program's own words -------------------------------------------------------------------------------------

    def say(self, wording: str, language: Language) -> str:
        return composing.say(self.runtime.snapshot(), wording, language, self.today())

    def own_reply(self, wording: str, language: Language, status: AnswerStatus, hand_off: HandOff | None = None) -> Reply:
        return composing.own_reply(self.runtime.snapshot(), wording, language, status, self.today(), hand_off)

    def learn(self, vectors: Mapping[str, np.ndarray]) -> None:
        """Vectors of a message that the desk has made already."""
        self.runtime.encoder.learn(vectors)

    # -- a question ----------------------------------------------------------------------------------------------------

    def ask(self, text: str, language: Language, memory: Memory, hint: Hint | None = None) -> Outcome:
        """Answer a message: one question, several, or one that leans on what was said before."""
        snapshot, matcher = self.runtime.current()
        if not any(c.isalpha() for c in text) or not words(text):
            return self._missed(snapshot, memory, self._own(snapshot, "not_readable", language, AnswerStatus.NOT_COVERED))
        before = memory.facts
        memory = memory.model_copy(update={"facts": told.read(text, matcher.index.gazetteer.find(text), before)})
        whole = self._match(matcher, snapshot, text, memory)
        if hint and hint.intent == "inform" and memory.facts != before and not self._sure(matcher, whole):
            return Outcome([self._own(snapshot, "told_noted", language, AnswerStatus.SMALL_TALK)], memory)
        if same := self._same_question(snapshot, whole, text, memory):
            return self._answer(snapshot, same, whole, language, memory)
        if self.wishes.person_wanted(matcher, text, hint, self._leans(matcher, snapshot, text, memory)):
            return self._bring_person(snapshot, matcher, whole, language, memory)
        return self._answer_parts(snapshot, matcher, whole, language, memory) or self._decide(snapshot, matcher, whole, language, memory, hint)

    def _answer_parts(self, snapshot: Snapshot, matcher: Matcher, whole: Match, language: Language, memory: Memory) -> Outcome | None:
        parts = questions(whole.text)
        several = self._several(snapshot, matcher, parts, whole) if len(parts) > 1 else []
        return self._answer_several(snapshot, several, language, memory) if len(several) > 1 else None

    def _bring_person(self, snapshot: Snapshot, matcher: Matcher, whole: Match, language: Language, memory: Memory) -> Outcome:
        """“… when is it due? i want to talk to somebody”: what can be answered surely is, and a person comes too."""
        asked = [part for part in questions(whole.text) if not self.wishes.person_wanted(matcher, part)]
        answers = []
        if asked and asked != [whole.text]:
            match = self._match(matcher, snapshot, " ".join(asked), memory)
            outcome = self._answer_parts(snapshot, matcher, match, language, memory) or self._decide(snapshot, matcher, match, language, memory, None)
            answers = [r for r in outcome.replies if r.answer and r.answer.status == AnswerStatus.ANSWERED and r.answer.topic != ASKS_FOR_PERSON]
            memory = outcome.memory if answers else memory
        upset = whole.topic == ASKS_FOR_PERSON and whole.scored[0].target.facet == Facet.STATUS_PROBLEM
        handed = self.hand_off("frustration" if upset else "asked", language, memory)
        return Outcome([*answers, *handed.replies], handed.memory)

    def _match(self, matcher: Matcher, snapshot: Snapshot, text: str, memory: Memory) -> Match:
        """The message as it stands; or, if it leans on the topic being talked about, among that topic's entries."""
        return matcher.match(text, within=memory.topic if self._leans(matcher, snapshot, text, memory) else None)

    def _leans(self, matcher: Matcher, snapshot: Snapshot, text: str, memory: Memory) -> bool:
        return memory.topic in snapshot.topics and follow_up.leans_on_topic(text, matcher.match(text), memory.topic or "")

    def _same_question(self, snapshot: Snapshot, match: Match, text: str, memory: Memory) -> Entry | None:
        """“what about the WASFA?” after a FAFSA deadline: the other topic's entry on the same facet."""
        before = snapshot.entries.get(memory.entry or "")
        other = follow_up.same_question_of(text, match, memory.topic)
        if before is None or other is None:
            return None
        return snapshot.entries.get(f"{other}.{before.facet.value}")

    def _decide(self, snapshot: Snapshot, matcher: Matcher, match: Match, language: Language, memory: Memory, hint: Hint | None) -> Outcome:
        limits = matcher.calibration
        best = match.best_of(match.topic)
        sure = self._sure(matcher, match)
        topic = snapshot.topics.get(match.topic)
        if match.elsewhere and (topic is None or topic.place != "between"):
            return self._refuse(snapshot, match, language, memory)
        if match.topic == OUT_OF_SCOPE and match.certainty >= limits.refuse:
            return self._refuse(snapshot, match, language, memory)
        if sure and best is not None and hint_agrees(hint, match, limits.answer_alone):
            if match.topic == ASKS_FOR_PERSON:
                return self._person(snapshot, best.target.id, match, language, memory)
            if best.target.kind == "checklist":
                return self.checklist(best.target.id, language, memory)
            return self._answer(snapshot, snapshot.entries[best.target.id], match, language, memory)
        entries = self._candidates(snapshot, match, memory)
        in_scope = sum(p for topic, p in match.topics if topic != OUT_OF_SCOPE)
        if entries and in_scope >= limits.cover and match.nearness >= limits.near_clarify:
            return self._clarify(snapshot, entries, match, language, memory)
        if match.topic == OUT_OF_SCOPE:
            return self._refuse(snapshot, match, language, memory)
        return self._not_covered(snapshot, match, language, memory)

    def _sure(self, matcher: Matcher, match: Match) -> bool:
        limits = matcher.calibration
        return match.topic != OUT_OF_SCOPE and match.certainty >= limits.answer and match.nearness >= limits.near

    def _answer(self, snapshot: Snapshot, entry: Entry, match: Match | None, language: Language, memory: Memory) -> Outcome:
        score = match.certainty if match else None
        reply = composing.answered(snapshot, entry, language, self.today(), score, composing.provenance_of(match))
        return Outcome([reply], memory.model_copy(update={"topic": entry.topic, "entry": entry.id, "offered": [], "misses": 0}))

    def _candidates(self, snapshot: Snapshot, match: Match, memory: Memory) -> list[Entry]:
        """Up to three entries worth offering: the best of each likely topic first, never one already declined."""
        gone = set(memory.declined)
        found = [s for s in match.scored if s.target.kind == "entry" and s.target.id not in gone and s.target.topic != ASKS_FOR_PERSON]
        firsts: dict[str, str] = {}
        for topic, _ in match.topics:
            best = next((s for s in found if s.target.topic == topic), None)
            if best:
                firsts[topic] = best.target.id
        ids = [*firsts.values(), *(s.target.id for s in found)]
        return [snapshot.entries[i] for i in dict.fromkeys(ids)][:3]

    def _clarify(
        self, snapshot: Snapshot, entries: list[Entry], match: Match | None, language: Language, memory: Memory, wording: str = "clarify"
    ) -> Outcome:
        offered = [e.id for e in entries]
        if offered == memory.offered:
            return self._not_covered(snapshot, match, language, memory)
        reply = composing.clarify(snapshot, entries, match, language, self.today(), wording)
        return Outcome([reply], memory.model_copy(update={"offered": offered}))

    def _refuse(self, snapshot: Snapshot, match: Match, language: Language, memory: Memory) -> Outcome:
        best = match.best_of(OUT_OF_SCOPE)
        refusal = snapshot.refusals.get(match.elsewhere or (best.target.id if best else ""))
        if refusal is None:
            return self._missed(snapshot, memory, self._own(snapshot, "out_of_scope", language, AnswerStatus.OUT_OF_SCOPE))
        made = render(refusal.answer.in_language(language), snapshot.facts, language, self.today())
        answer = Answer(
            status=AnswerStatus.OUT_OF_SCOPE, score=match.certainty, knowledge_version=snapshot.version,
            sources=composing.shown_sources(snapshot, refusal.sources),
        )  # fmt: skip
        reply = Reply(text=made.text, language=language, answer=answer, provenance={"refusal": refusal.id, **composing.provenance_of(match)})
        return Outcome([reply], memory)

    def _not_covered(self, snapshot: Snapshot, match: Match | None, language: Language, memory: Memory) -> Outcome:
        if memory.misses + 1 >= MISSES_BEFORE_PERSON:
            return self.hand_off("misses", language, memory)
        reply = self._own(snapshot, "not_covered", language, AnswerStatus.NOT_COVERED)
        reply = reply.model_copy(update={"provenance": composing.provenance_of(match)})
        return self._missed(snapshot, memory, reply)

    def _missed(self, snapshot: Snapshot, memory: Memory, reply: Reply) -> Outcome:
        choices = reply.choices or [composing.human_choice(snapshot, reply.language, self.today())]
        return Outcome([reply.model_copy(update={"choices": choices})], memory.model_copy(update={"misses": memory.misses + 1, "offered": []}))

    def _person(self, snapshot: Snapshot, target: str, match: Match, language: Language, memory: Memory) -> Outcome:
        """A question about the people here; who wishes for one has got one before."""
        entry = snapshot.entries[target]
        outcome = self._answer(snapshot, entry, match, language, memory)
        if entry.facet != "other":
            return outcome
        # “Are you a robot?” is small talk about us, not a question about a path.
        reply = outcome.replies[0]
        answer = reply.answer.model_copy(update={"status": AnswerStatus.SMALL_TALK}) if reply.answer else None
        return Outcome([reply.model_copy(update={"answer": answer})], memory)

    # -- several questions ---------------------------------------------------------------------------------------------

    def _several(self, snapshot: Snapshot, matcher: Matcher, parts: list[str], whole: Match) -> list[tuple[Entry, Match]]:
        """The questions of a message that have clear, different answers of their own."""
        limits = matcher.calibration
        found: dict[str, tuple[Entry, Match]] = {}
        about = whole.topic
        for part in parts:
            match = matcher.match(part)
            if about in snapshot.topics and follow_up.leans_on_topic(part, match, about):
                match = matcher.match(part, within=about)
            best = match.best_of(match.topic)
            clear = match.topic not in (OUT_OF_SCOPE, ASKS_FOR_PERSON) and match.certainty >= limits.part and match.nearness >= limits.near
            if clear and best and best.target.kind == "entry":
                found.setdefault(best.target.id, (snapshot.entries[best.target.id], match))
                about = match.topic
        return list(found.values())

    def _answer_several(self, snapshot: Snapshot, several: list[tuple[Entry, Match]], language: Language, memory: Memory) -> Outcome:
        replies: list[Reply] = []
        for entry, match in several[:3]:
            outcome = self._answer(snapshot, entry, match, language, memory)
            replies, memory = replies + outcome.replies, outcome.memory
        more = [composing.entry_choice(entry, language) for entry, _ in several[3:6]]
        if more:
            replies[-1] = replies[-1].model_copy(update={"choices": more})
        return Outcome(replies, memory)

    # -- a person, a checklist

    def hand_off(self, reason: Any, language: Language, memory: Memory) -> Outcome:
        snapshot, _ = self.runtime.current()
        wording = {"misses": "handoff_misses", "frustration": "frustrated"}.get(reason, "handoff_asked")
        asked = HandOff(reason=reason, urgency="high" if reason == "frustration" else "normal")
        reply = self._own(snapshot, wording, language, AnswerStatus.HANDOFF, asked)
        answer = reply.answer.model_copy(update={"topic": ASKS_FOR_PERSON, "facet": "contact"}) if reply.answer else None
        return Outcome([reply.model_copy(update={"answer": answer})], memory.model_copy(update={"misses": 0, "offered": []}))

    def checklist(self, checklist_id: str, language: Language, memory: Memory, step: str = "") -> Outcome:
        snapshot, _ = self.runtime.current()
        reply, memory = checklists.show(snapshot, checklist_id, language, memory, step, self.today())
        return Outcome([reply], memory)

    def _own(self, snapshot: Snapshot, wording: str, language: Language, status: AnswerStatus, hand_off: HandOff | None = None) -> Reply:
        return composing.own_reply(snapshot, wording, language, status, self.today(), hand_off)


def hint_agrees(hint: Hint | None, match: Match, alone: float) -> bool:
    """May the matcher's answer stand? Rasa must not be sure that the message is about nothing we know."""
    if hint is None or match.certainty >= alone:
        return True
    return not (hint.intent == "out_of_scope" and hint.confidence >= 0.7)
