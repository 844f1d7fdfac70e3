"""Plugs the parts of this folder together, for desk/wiring.py."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Engine

from desk.advising.alarm_store import AlarmStore
from desk.advising.alarms import Alarms
from desk.advising.canned import CannedReplies
from desk.advising.letter_store import LetterStore
from desk.advising.letters import Letters
from desk.advising.line import Line
from desk.advising.notes import Notes
from desk.advising.offices import Offices
from desk.advising.presence import Presence
from desk.advising.tending import Tending
from desk.advising.waiting_room import WaitingRoom
from desk.conversations.key_store import Keys
from desk.conversations.service import ConversationService
from desk.conversations.store import Clock
from desk.mail.outbox import Outbox
from desk.office import OfficeHours
from desk.settings import Settings
from knowledge.assistant import Assistant


@dataclass(frozen=True)
class People:
    """Everything about advisors and how they and students find each other."""

    line: Line
    presence: Presence
    room: WaitingRoom
    letters: Letters
    alarms: Alarms
    keys: Keys
    offices: Offices
    canned: CannedReplies
    notes: Notes


def wire(settings: Settings, engine: Engine, clock: Clock, hours: OfficeHours, assistant: Assistant, outbox: Outbox) -> People:
    line, presence = Line(engine, clock), Presence(engine, clock)
    keys, offices = Keys(engine, clock, settings.secret_key), Offices(engine)
    letters = Letters(LetterStore(engine, clock), outbox, assistant, settings.address, keys, hours.zone)
    alarms = Alarms(AlarmStore(engine), outbox, presence, offices, hours, clock, settings.crisis_email_list, settings.address)
    room = WaitingRoom(line, presence, hours, assistant, clock, outbox.works)
    return People(line, presence, room, letters, alarms, keys, offices, CannedReplies(engine), Notes(engine, clock))


def tending(settings: Settings, line: Line, service: ConversationService) -> Tending:
    waiting = dt.timedelta(hours=settings.stale_waiting_hours)
    return Tending(line, service, waiting, dt.timedelta(minutes=settings.stale_advisor_minutes))
