"""Every table that speaks of a conversation, and what of it a student gets in their own export. The one list.

Deleting needs no list: the foreign keys of these tables cascade. tests/integration/test_nothing_stays.py finds a table
with a conversation in it that does not, or that is not named here.
"""

from __future__ import annotations

ELSEWHERE = "in the export under a name of its own"

EXPORTED: dict[str, tuple[str, ...] | str] = {
    # Columns that go into the export; or, as a sentence, why none does.
    "desk_messages": ELSEWHERE,
    "desk_feedback": ELSEWHERE,
    "desk_handoffs": ("reason", "asked_at", "taken_at", "ended_at", "outcome"),
    "desk_misses": ("seq", "why", "text", "at"),
    "desk_marks": "what staff think of the program's answer, not of the student",
    "desk_labels": "how the office sorts its work",
    "desk_notes": "private notes between advisors",
    "desk_keys": "what opens the conversation on another device, as a digest that opens nothing",
    "desk_outbox": "that an e-mail about it goes or went, without its words, which are the messages; the student's address is not in it",
    "desk_holds": "a duty of the office, told when the student asks to delete",
}

NOT_OF_A_STUDENT: dict[str, str] = {
    # Columns that name a conversation without a foreign key, and why they may.
    "desk_forgetting.conversation_id": "the id alone, until Rasa has confirmed that it forgot the conversation",
}
