"""What one turn of a conversation does: a question, a button, a repair, or an act that may hide a question.

Both the action server and the desk (when Rasa is away) answer through this class, so they cannot disagree.
"""

from __future__ import annotations

from knowledge import checklists, composing, follow_up
from knowledge.answering import MISSES_BEFORE_PERSON, Answering, Outcome
from knowledge.index import OUT_OF_SCOPE
from knowledge.memory import Memory
from knowledge.replies import AnswerStatus
from knowledge.schema import Language
from knowledge.wishes import ASKS_FOR_PERSON, Hint
from language.normalise import words

SMALL_TALK_YIELDS = 0.75
PERSON_YIELDS = 0.85
SEARCH_YIELDS, ASKED_FOR_SURE = 0.45, 0.9
SEARCHED = {"where_offered": 0.8, "options": 0.6}
"""How sure the matcher must be of the topic that a question, not a search, is meant: for the facets that a search answers as well,
and for the rest. Where it is told what to search for and where, it must be so sure of one entry."""
STEPS_FOR_SURE = 0.6
MAY_GO_ON = frozenset({"chitchat", "bot_challenge"})

__all__ = ["Assistant", "Hint", "Outcome"]


class Assistant(Answering):
    """One turn in, one outcome out."""

    def choose(self, choice_id: str, language: Language, memory: Memory) -> Outcome:
        """A button was pressed."""
        snapshot, _ = self.runtime.current()
        kind, _, value = choice_id.partition(":")
        if kind == "entry" and value in snapshot.entries:
            return self._answer(snapshot, snapshot.entries[value], None, language, memory)
        if kind == "checklist" and value.split("/")[0] in snapshot.checklists:
            return self.checklist(value.split("/")[0], language, memory, value.partition("/")[2])
        if kind == "language":
            return self.switch_language("es" if value == "es" else "en", memory)
        if choice_id == composing.HUMAN:
            told = snapshot.entries.get(memory.entry or "")
            return self.hand_off("topic" if told and told.person_helps else "asked", language, memory)
        return self.repair(language, memory)

    def not_that(self, text: str, language: Language, memory: Memory, hint: Hint | None = None) -> Outcome:
        """“no, that's not it”; or, when it names what was meant (“no, the Husky Promise”), an answer to that."""
        alone = self.runtime.current()[1].match(text)
        meant = [topic for topic in alone.named if topic != memory.topic]
        if meant or not (memory.entry or memory.offered):
            return self.ask(text, language, memory, hint)
        return self.repair(language, memory)

    def repair(self, language: Language, memory: Memory) -> Outcome:
        """“None of these”, “that's not it”: other candidates, then a person."""
        snapshot, _ = self.runtime.current()
        gone = list(dict.fromkeys([*memory.declined, *memory.offered, *([memory.entry] if memory.entry else [])]))
        memory = memory.model_copy(update={"declined": gone[-30:], "misses": memory.misses + 1})
        topic = memory.topic or (snapshot.entries[gone[-1]].topic if gone and gone[-1] in snapshot.entries else None)
        near = [e for e in snapshot.entries.values() if e.topic == topic and e.id not in gone]
        if memory.misses >= MISSES_BEFORE_PERSON or not near:
            return self.hand_off("misses", language, memory)
        outcome = self._clarify(snapshot, near[:3], None, language, memory, "clarify_again")
        return Outcome(outcome.replies, outcome.memory.model_copy(update={"misses": memory.misses}))

    def switch_language(self, language: Language, memory: Memory) -> Outcome:
        """Confirm in the new language, and say the last answer again in it."""
        snapshot, _ = self.runtime.current()
        reply = self._own(snapshot, "switched_language", language, AnswerStatus.SMALL_TALK).model_copy(update={"switch_language": language})
        replies = [reply]
        if memory.entry and memory.entry in snapshot.entries:
            replies += self._answer(snapshot, snapshot.entries[memory.entry], None, language, memory).replies
        return Outcome(replies, memory)

    # -- acts that may hide a question ---------------------------------------------------------------------------------

    def chat(self, wording: str, text: str, language: Language, memory: Memory, hint: Hint | None = None) -> Outcome:
        """Small talk, unless a question or a wish for a person is in it."""
        wanted = self.wishes.person_wanted(self.runtime.current()[1], text, hint)
        if wanted or self._certain_of(text, SMALL_TALK_YIELDS) or self._goes_on(text, memory, hint):
            return self.ask(text, language, memory, hint)
        return Outcome([self.own_reply(wording, language, AnswerStatus.SMALL_TALK)], memory)

    def _goes_on(self, text: str, memory: Memory, hint: Hint | None) -> bool:
        """“how old do you have to be?” sounds like chat and goes on about the topic."""
        if memory.topic is None or hint is None or hint.intent not in MAY_GO_ON or len(words(text)) < 3:
            return False
        alone = self.runtime.current()[1].match(text)
        return follow_up.leans_on_topic(text, alone, memory.topic)

    def complained(self, text: str, language: Language, memory: Memory, hint: Hint | None = None) -> Outcome:
        """Anger at the run-around is a request for help: answer the question in it, or bring a person."""
        if self._certain_of(text, PERSON_YIELDS, besides=ASKS_FOR_PERSON):
            return self.ask(text, language, memory, hint)
        return self.hand_off("frustration", language, memory)

    def question_rather(self, text: str, language: Language, memory: Memory, hint: Hint, told_enough: bool = False) -> Outcome | None:
        """What sounded like a search for programs, answered as a question; None if a search it is.

        `told_enough`: what to search for, and where; otherwise “where is a list of apprenticeships?” gets its answer at once, not questions back.
        """
        match = self.runtime.current()[1].match(text)
        best = match.best_of(match.topic)
        facet = best.target.facet if best else ""
        if best is None or best.probability < SEARCH_YIELDS:  # “help me find a program” is near many a program, and asks about none
            return None
        if told_enough and (facet in SEARCHED or best.probability < ASKED_FOR_SURE):
            return None
        if not self._certain_of(text, SEARCHED.get(facet, SEARCH_YIELDS)):
            return None
        return self.ask(text, language, memory, hint)

    def change_language(self, wanted: Language, text: str, language: Language, memory: Memory, hint: Hint | None = None) -> Outcome:
        """“in Spanish please”; but “can I take the GED in Spanish?” is a question."""
        if self.runtime.current()[1].match(text).named and self._certain_of(text, SMALL_TALK_YIELDS):
            return self.ask(text, language, memory, hint)
        return self.switch_language(wanted, memory)

    def _certain_of(self, text: str, least: float, besides: str = OUT_OF_SCOPE) -> bool:
        """Is the matcher sure of some topic other than `besides` and out-of-scope?"""
        _, matcher = self.runtime.current()
        match = matcher.match(text)
        return match.topic not in (OUT_OF_SCOPE, besides) and match.certainty >= least and match.nearness >= matcher.calibration.near

    def start_over(self, language: Language) -> Outcome:
        return Outcome([self.own_reply("start_over", language, AnswerStatus.SMALL_TALK)], Memory())

    def step_by_step(self, text: str, language: Language, memory: Memory, hint: Hint | None = None) -> Outcome:
        """Go on with a checklist, begin the one asked for, or offer them."""
        snapshot, matcher = self.runtime.current()
        match = matcher.match(text)
        if memory.checklist in snapshot.checklists and memory.checklist and (not match.named or match.certainty < matcher.calibration.answer):
            ahead = checklists.NEXT_WORDS & set(words(text))
            return self.checklist(memory.checklist, language, memory, checklists.NEXT if ahead else "")
        if match.topic == OUT_OF_SCOPE and match.certainty >= matcher.calibration.refuse:
            return self._decide(snapshot, matcher, match, language, memory, hint)
        best = match.scored[:1]
        listed = [s.target.id for s in match.scored if s.target.kind == "checklist" and (s.target.topic == match.topic or s in best)]
        if listed:
            return self.checklist(listed[0], language, memory)
        if (match.named and self._sure(matcher, match)) or (hint and hint.confidence < STEPS_FOR_SURE):
            return self._decide(snapshot, matcher, match, language, memory, hint)
        reply = composing.checklist_menu(snapshot, language, self.today())
        return Outcome([reply], memory.model_copy(update={"offered": []}))
