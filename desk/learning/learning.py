"""The parts of learning from misses, put together."""

from __future__ import annotations

from dataclasses import dataclass

from desk.conversations.events import Hub
from desk.conversations.store import ConversationStore
from desk.learning.decision_store import DecisionStore
from desk.learning.decisions import Decisions, Harm
from desk.learning.inbox import Inbox
from desk.learning.learner import Learner
from desk.learning.miss_store import MissStore
from desk.learning.telling import Telling
from desk.staff.audit import Audit
from knowledge.assistant import Assistant
from knowledge.editing import Editing


@dataclass(frozen=True)
class Learning:
    misses: MissStore
    learner: Learner
    inbox: Inbox
    decisions: Decisions
    telling: Telling


def put_together(
    conversations: ConversationStore, assistant: Assistant, knowledge: Editing, audit: Audit, hub: Hub, harm: Harm, second_person: bool = False
) -> Learning:
    """`second_person`: whoever publishes must not be the one who proposed."""
    engine, clock = knowledge.engine, conversations.clock
    misses, store = MissStore(engine, clock), DecisionStore(engine, clock)
    learner = Learner(misses, conversations, assistant)
    decisions = Decisions(store, knowledge, assistant, audit, harm, second_person)
    return Learning(misses, learner, Inbox(learner, assistant), decisions, Telling(misses, store, conversations, assistant, hub))
