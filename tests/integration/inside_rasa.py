"""Runs in Rasa's own environment, see test_rasa_on_engines.py: our lock store and tracker store on real servers, as JSON on the last line."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from pathlib import Path
from typing import Any

from bot.stand_in import leave_out_tensorflow

leave_out_tensorflow(Path("config.yml"))

from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402

from bot.lock_store import SharedLockStore  # noqa: E402
from bot.tracker_store import ShortTrackerStore  # noqa: E402

REDIS, NOBODY, POSTGRES = sys.argv[1:]
DOMAIN = Domain.from_dict({"intents": ["ask"], "slots": {"county": {"type": "text", "mappings": [{"type": "custom"}]}}})


def locks() -> dict[str, Any]:
    one, two = (SharedLockStore(EndpointConfig(REDIS)) for _ in range(2))
    first, second = one.issue_ticket("c"), two.issue_ticket("c")
    before = two.get_or_create_lock("c").is_locked(second)
    one.cleanup("c", first)
    after = two.get_or_create_lock("c").is_locked(second)
    two.cleanup("c", second)
    return {"second waits": before, "until the first is done": not after, "nothing left": one.get_lock("c") is None}


def locks_without(url: str) -> bool:
    """A turn can be locked and ended all the same."""
    store = SharedLockStore(EndpointConfig(url))
    ticket = store.issue_ticket("c")
    locked = store.get_or_create_lock("c").is_locked(ticket)
    store.cleanup("c", ticket)
    return not locked and store.get_lock("c") is None


def tracker(text: str) -> DialogueStateTracker:
    events = [ActionExecuted("action_listen"), UserUttered(text, {"name": "ask"}), SlotSet("county", "Yakima"), ActionExecuted("action_listen")]
    return DialogueStateTracker.from_events("c1", events, slots=DOMAIN.slots)


def trackers() -> dict[str, Any]:
    made: list[ShortTrackerStore] = []
    starting = [threading.Thread(target=lambda: made.append(ShortTrackerStore(DOMAIN, POSTGRES))) for _ in range(4)]
    for thread in starting:
        thread.start()
    for thread in starting:
        thread.join()
    one, two, *_ = made
    at_once = [threading.Thread(target=lambda s=s: asyncio.run(s.save(tracker("hello")))) for s in (one, two) * 4]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()
    found = asyncio.run(two.retrieve("c1"))
    assert found is not None
    return {
        "county": found.get_slot("county"),
        "text": found.latest_message.text if found.latest_message else None,
        "kept": len(list(asyncio.run(one.keys()))),
    }


FOUND = {"locks": locks(), "away": locks_without(NOBODY), "none": locks_without(""), "trackers": trackers()}
print(json.dumps(FOUND))
