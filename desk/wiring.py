"""The one place that plugs real things in. Everything is replaceable by passing another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from fastapi import Request
from sqlalchemy import Engine

from desk.advising import wiring as advising
from desk.advising.wiring import People
from desk.announcements.pausing import PausingBot
from desk.announcements.store import Announcements
from desk.announcements.telling import Telling
from desk.api.limits import RateLimit
from desk.bot_client import Bot, RasaBot
from desk.conversations.events import Hub
from desk.conversations.service import ConversationService
from desk.conversations.store import Clock, ConversationStore
from desk.conversations.turns import TurnRunner
from desk.digest.sending import Digests, Weekly
from desk.digest.told import FromTheDesk
from desk.editor.editorial import Editorial
from desk.editor.link_round import LinkRound
from desk.fallback_bot import KnowledgeBot
from desk.health import Health
from desk.learning.learning import Learning, put_together
from desk.mail.outbox import Outbox
from desk.mail.outbox_store import OutboxStore
from desk.mail.post import Post, make_post
from desk.office import OfficeHours
from desk.rasas import Rasas
from desk.retention.keeper import RetentionKeeper
from desk.retention.schedule import Schedule
from desk.retention.store import RetentionStore
from desk.review.review_store import ReviewStore
from desk.settings import Settings
from desk.staff.accounts import Accounts
from desk.staff.audit import Audit
from desk.staff.district import District
from desk.staff.tries import SignInTries
from knowledge import links
from knowledge.assistant import Assistant
from knowledge.editing import Editing
from knowledge.runtime import Runtime
from knowledge.store import make_engine
from knowledge.vocabulary import terms_of, write_gazetteer
from language import encoder
from language.safety_reader import SafetyReader

LINKS_PER_MINUTE = 60
"""Links of e-mails one address may try; a whole school can share one address, and a guess has 256 bits to find."""


@dataclass(frozen=True)
class Desk:
    """Everything a route needs."""

    settings: Settings
    engine: Engine
    hub: Hub
    store: ConversationStore
    service: ConversationService
    turns: TurnRunner
    learning: Learning
    review: ReviewStore
    people: People
    assistant: Assistant
    knowledge: Editing
    editorial: Editorial
    accounts: Accounts
    audit: Audit
    health: Health
    limit_opening: RateLimit
    limit_sending: RateLimit
    limit_links: RateLimit
    sign_in_tries: SignInTries
    announcements: Announcements
    telling: Telling
    retention: RetentionKeeper
    district: District
    digests: Digests
    outbox: Outbox
    link_round: LinkRound


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def wire(
    settings: Settings,
    *,
    bot: Bot | None = None,
    clock: Clock = utc_now,
    engine: Engine | None = None,
    post: Post | None = None,
    fetch: links.Get = links.polite_get,
) -> Desk:
    """Build a desk. `bot` replaces Rasa (tests, demonstrations), `clock` the time, `post` the way e-mail goes, `fetch` the web."""
    engine = engine or make_engine(settings.database_url)
    hours = OfficeHours.parse(settings.office_hours, settings.time_zone)
    knowledge = Editing(engine)
    runtime = Runtime(
        knowledge, encoder.load(settings.encoder, settings.index_folder), terms_of, write_gazetteer(settings.gazetteer_file), settings.index_folder
    )
    assistant = Assistant(runtime, lambda: clock().astimezone(hours.zone).date())
    hub = _hub(settings.redis_url)
    store = ConversationStore(engine, clock, settings.desk_name)
    rasa = bot or Rasas({url: RasaBot(url, settings.rasa_token, settings.bot_timeout_s) for url in settings.rasa_urls})
    announcements, knowing = Announcements(engine, clock), KnowledgeBot(assistant)
    pausing, telling = PausingBot(rasa, knowing, announcements, assistant), Telling(announcements, store, hub)
    audit = Audit(engine, clock, settings.secret_key)
    editorial = Editorial(knowledge, assistant, runtime, audit, settings.publishing_needs_second_person)
    harm = editorial.trying.harm
    learning = put_together(store, assistant, knowledge, audit, hub, harm, settings.publishing_needs_second_person)
    outbox = Outbox(OutboxStore(engine, clock), post or make_post(settings))
    accounts = Accounts(engine, clock, settings.session_hours, settings.session_idle_minutes)
    told = FromTheDesk(assistant, editorial.catalogue, learning.inbox, settings.links_file)
    weekly = Weekly(settings.digest_weekday, settings.digest_hour, hours.zone)
    people = advising.wire(settings, engine, clock, hours, assistant, outbox)
    retention = RetentionKeeper(RetentionStore(engine, clock), audit, rasa, Schedule.of(settings), settings.log_folder, clock)
    reader = SafetyReader.shipped(assistant.runtime.encoder.name)
    turns = TurnRunner(store, hub, pausing, knowing, assistant, people.room, learning.learner, reader)
    service = ConversationService(store, hub, turns, assistant, people.room, settings.message_limit, telling)
    return Desk(
        settings, engine, hub, store, service, turns, learning, ReviewStore(engine, clock), people, assistant, knowledge, editorial,
        accounts, audit,
        Health(settings, engine, runtime, hub, outbox), RateLimit(settings.conversations_per_minute), RateLimit(settings.messages_per_minute), RateLimit(LINKS_PER_MINUTE),
        SignInTries(engine, clock, settings.secret_key), announcements, telling, retention, District(settings),
        Digests(outbox, accounts, told, weekly, settings.address, clock), outbox,
        LinkRound(settings.links_file, clock, fetch),
    )  # fmt: skip


def _hub(redis_url: str) -> Hub:
    if not redis_url:
        return Hub()
    from desk.conversations.redis_hub import RedisHub  # sixty modules that a desk alone has no use for

    return RedisHub(redis_url)


async def desk_of(request: Request) -> Desk:
    """Not a plain function: FastAPI would run that in a thread, for each request."""
    desk: Desk = request.app.state.desk
    return desk
