"""Rasa's memory of a conversation, kept short: one row a conversation, the last few turns and the slots.

Rasa computes states over all events of a tracker, so a turn's cost grows with the conversation (25 to 150 ms after 120
turns, measured). The transcript lives at the desk; here only what the next turn needs is kept, and a turn stays one read
and one write. What the bot said is not kept: no rule looks at it. Works on SQLite and PostgreSQL (SQLAlchemy 1.4, the version Rasa brings).
"""

import json
import time
from contextlib import closing
from typing import Any, Dict, Iterable, List, Optional, Text

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, BotUttered, Event, Restarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

TURNS = 3
KEPT_S = 7 * 24 * 3600
"""A conversation that nobody has touched for so long is forgotten here; the desk goes on knowing it."""
LOOKS_EVERY_S = 3600
_ONLY_NOW = ("metadata", "intent_ranking")
_METADATA = sa.MetaData()
_TRACKERS = sa.Table(
    "rasa_trackers",
    _METADATA,
    sa.Column("sender_id", sa.String(80), primary_key=True),
    sa.Column("events", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
# Put together once and given to the driver as it is: going through SQLAlchemy takes five times as long as carrying them out.
_THIS = _TRACKERS.c.sender_id == sa.bindparam("sender")
_KEPT = sa.select(_TRACKERS.c.events).where(_THIS)
_CHANGED = sa.update(_TRACKERS).where(_THIS).values(events=sa.bindparam("said"), at=sa.bindparam("now"))
_ADDED = sa.insert(_TRACKERS).values(sender_id=sa.bindparam("sender"), events=sa.bindparam("said"), at=sa.bindparam("now"))
_FORGOTTEN = sa.delete(_TRACKERS).where(_THIS)
_OLD = sa.delete(_TRACKERS).where(_TRACKERS.c.at < sa.bindparam("before"))


class ShortTrackerStore(TrackerStore):
    """`host` is the endpoint's ``url``: an SQLAlchemy address."""

    def __init__(self, domain: Optional[Domain], host: Text, event_broker: Optional[EventBroker] = None, **kwargs: Any) -> None:
        # SQLAlchemy 1.4 opens a file anew for each transaction unless told to keep connections (2.2 ms → 0.3 ms a turn).
        kept = {"poolclass": sa.pool.QueuePool, "connect_args": {"check_same_thread": False}}
        # A connection that a restarted server has closed is noticed and made anew.
        checked = {"pool_pre_ping": True, "connect_args": {"connect_timeout": 2}}
        self._engine = sa.create_engine(host, future=True, **(kept if host.startswith("sqlite") else checked))
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _tune_sqlite)
        try:
            _METADATA.create_all(self._engine)
        except (sa.exc.OperationalError, sa.exc.ProgrammingError, sa.exc.IntegrityError):
            _METADATA.create_all(self._engine)  # another Rasa made the table in the same moment; anything else fails again
        self._looked, self._said = 0.0, {}  # type: float, Dict[Any, Any]
        super().__init__(domain, event_broker)

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self.stream_events(tracker)
        self._forget_old(time.time())
        if isinstance(tracker.events[-1] if tracker.events else None, Restarted):
            self._delete(tracker.sender_id)
            return
        events = json.dumps([as_remembered(e) for e in shorten(tracker) if not isinstance(e, BotUttered)], ensure_ascii=False)
        row = {"sender": tracker.sender_id, "said": events, "now": time.time()}
        if not self._change(_CHANGED, row):
            try:
                self._change(_ADDED, row)
            except self._engine.dialect.dbapi.IntegrityError:  # another Rasa was first
                self._change(_CHANGED, row)

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        with closing(self._engine.raw_connection()) as connection:
            found = self._run(connection, _KEPT, {"sender": sender_id}).fetchone()
        if found is None:
            return None
        data: List[Dict[Text, Any]] = json.loads(found[0])
        return DialogueStateTracker.from_dict(sender_id, data, self.domain.slots)

    async def keys(self) -> Iterable[Text]:
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(_TRACKERS.c.sender_id)).scalars())

    def _change(self, statement: Any, row: Dict[Text, Any]) -> int:
        """How many rows it changed."""
        with closing(self._engine.raw_connection()) as connection:
            changed = self._run(connection, statement, row).rowcount
            connection.commit()
        return int(changed)

    def _run(self, connection: Any, statement: Any, row: Dict[Text, Any]) -> Any:
        """The cursor. A connection that is closed without a commit has changed nothing."""
        said = self._said.get(statement)
        if said is None:
            said = self._said[statement] = statement.compile(dialect=self._engine.dialect)
        cursor = connection.cursor()
        cursor.execute(said.string, [row[name] for name in said.positiontup] if said.positional else row)
        return cursor

    def _forget_old(self, now: float) -> None:
        if now >= self._looked + LOOKS_EVERY_S:
            self._looked = now
            self._change(_OLD, {"before": now - KEPT_S})

    def _delete(self, sender_id: Text) -> None:
        self._change(_FORGOTTEN, {"sender": sender_id})


def shorten(tracker: DialogueStateTracker) -> List[Event]:
    """The slots and the active form as they were, then the events of the last TURNS user messages."""
    events = list(tracker.events)
    starts = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(starts) <= TURNS:
        return events
    cut = starts[-TURNS]
    # Events before the first kept message begin with the action_listen it answered.
    while cut > 0 and not isinstance(events[cut - 1], UserUttered) and _listens(events[cut - 1]):
        cut -= 1
    earlier = DialogueStateTracker.from_events(tracker.sender_id, events[:cut], slots=tracker.slots.values())
    slots: List[Event] = [SlotSet(name, slot.value) for name, slot in earlier.slots.items() if slot.value is not None]
    loop: List[Event] = [ActiveLoop(earlier.active_loop_name)] if earlier.active_loop_name else []
    return slots + loop + events[cut:]


def as_remembered(event: Event) -> Dict[Text, Any]:
    """An event as a later turn needs it: which act and names a message held, not its vector, its memory or the acts it was not."""
    said = event.as_dict()
    if isinstance(event, UserUttered):
        said["metadata"] = {}
        said["parse_data"] = {name: value for name, value in said["parse_data"].items() if name not in _ONLY_NOW}
    return said


def _listens(event: Event) -> bool:
    return getattr(event, "action_name", None) == "action_listen"


def _tune_sqlite(connection: Any, _record: Any) -> None:
    for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
