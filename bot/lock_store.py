"""Rasa's locks, one turn of a conversation at a time: in Redis when several Rasa processes share it, in memory otherwise.

The desk already lets one process at a time answer a conversation, so a lock here is a second guard and never worth failing
a turn for: while Redis is away the locks are in memory.
"""

import json
import logging
import time
from typing import Any, Callable, Optional, Text, TypeVar

import redis
from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore, LockStore
from rasa.utils.endpoints import EndpointConfig

log = logging.getLogger(__name__)

T = TypeVar("T")
AGAIN_AFTER_S = 2.0
# A lock whose Rasa died is of no use to anybody; nor is one of a turn that the desk has given up.
KEPT_S = 30


class SharedLockStore(LockStore):
    """The endpoint's ``url`` is REDIS_URL; empty: locks in memory only."""

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        self._memory = InMemoryLockStore()
        self._redis = redis.Redis.from_url(endpoint_config.url, socket_timeout=1, socket_connect_timeout=0.5) if endpoint_config.url else None
        self._away_until = 0.0
        super().__init__()

    def get_lock(self, conversation_id: Text) -> Optional[TicketLock]:
        kept = self._in_redis(lambda store: store.get(_key(conversation_id)))
        return TicketLock.from_dict(json.loads(kept)) if kept else self._memory.get_lock(conversation_id)

    def save_lock(self, lock: TicketLock) -> None:
        if not self._in_redis(lambda store: store.set(_key(lock.conversation_id), lock.dumps(), ex=KEPT_S)):
            self._memory.save_lock(lock)

    def delete_lock(self, conversation_id: Text) -> None:
        self._in_redis(lambda store: store.delete(_key(conversation_id)))
        self._memory.delete_lock(conversation_id)

    def _in_redis(self, work: Callable[["redis.Redis[Any]"], T]) -> Optional[T]:
        """What `work` gives; None without Redis, and for a moment after it failed."""
        if self._redis is None or time.monotonic() < self._away_until:
            return None
        try:
            return work(self._redis)
        except redis.RedisError as error:
            self._away_until = time.monotonic() + AGAIN_AFTER_S
            log.warning("Redis is away, locks are in memory: %s", type(error).__name__)
            return None


def _key(conversation_id: Text) -> Text:
    return f"waymark:lock:{conversation_id}"
