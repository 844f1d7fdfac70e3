"""A whole desk in this process, on a database file of its own, with a little knowledge and bots of our own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import structlog
from sqlalchemy import Engine

from desk.app import create_app
from desk.bot_client import Bot
from desk.database import migrate
from desk.mail.post import Post
from desk.pages.rendering import COOKIE
from desk.settings import Settings
from desk.staff.accounts import ROLES, Accounts
from desk.wiring import Desk, wire
from knowledge import content_files, loader
from knowledge.matcher import Matcher
from knowledge.snapshot import Snapshot
from knowledge.store import Store, make_engine
from tests.conftest import TINY
from tests.integration.fakes import AbsentBot, KeptPost, ScriptedBot, SetClock, no_web
from tests.integration.people import Staff, Student

PASSWORD = "correct horse battery"
Wire = Callable[..., Desk]
Browser = Callable[[Desk], httpx.AsyncClient]
SignIn = Callable[..., Awaitable[Staff]]


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> Iterator[None]:
    """One line an event; the default draws every local variable of every frame, which takes seconds."""
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
    )
    yield
    structlog.reset_defaults()


@dataclass(frozen=True)
class Prepared:
    """A database made once and copied for each test; what was learnt of its phrasings; a session cookie for each role."""

    file: Path
    warm: tuple[Snapshot, Matcher]
    cookies: dict[str, str]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A migrated database with the tiny content and one signed-in account a role."""
    path = tmp_path_factory.mktemp("database") / "loaded.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    content = content_files.read_or_raise(TINY)
    content.documents.update(content_files.shipped_sentences().documents)
    loader.load(content, Store(engine))
    accounts = Accounts(engine, SetClock(), session_hours=10)
    cookies = {}
    for role in ROLES:
        accounts.create(f"{role}@example.org", f"{role.title()} One", role, PASSWORD)
        cookies[role], _ = accounts.sign_in(f"{role}@example.org", PASSWORD)
    warm = wire(_settings(path), bot=ScriptedBot(), engine=engine).assistant.runtime.current()
    engine.dispose()
    return Prepared(path, warm, cookies)


def _settings(path: Path, **changes: object) -> Settings:
    given: dict[str, object] = {
        "database_url": f"sqlite:///{path}", "encoder": "hashing", "gazetteer_file": path.parent / "gazetteer.json", "log_folder": path.parent / "log",
        "links_file": path.parent / "links.json",
        "index_folder": path.parent / "index",  # not the one of the product, which keeps three and forgets the rest
        "rasa_url": "http://127.0.0.1:9", "actions_url": "http://127.0.0.1:9", **changes,
    }  # fmt: skip
    return Settings(_env_file=None, **given)  # type: ignore[arg-type]


@pytest.fixture
def database_file(prepared: Prepared, tmp_path: Path) -> Path:
    return Path(shutil.copy(prepared.file, tmp_path / "desk.db"))


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def bot() -> ScriptedBot:
    return ScriptedBot()


@pytest.fixture
def engines() -> Iterator[list[Engine]]:
    """Every engine a test made, closed at its end."""
    made: list[Engine] = []
    yield made
    for engine in made:
        engine.dispose()


@pytest.fixture
def wired(prepared: Prepared, database_file: Path, clock: SetClock, engines: list[Engine]) -> Wire:
    """Makes a desk on the test's database; a second call is a second process on the same database."""

    def make(bot: Bot | None = None, path: Path = database_file, post: Post | None = None, **changes: object) -> Desk:
        settings = _settings(path, **{"desk_number": len(engines), **changes})
        engines.append(make_engine(settings.database_url))
        desk = wire(settings, bot=bot, clock=clock, engine=engines[-1], post=post, fetch=no_web)
        desk.assistant.runtime._current = prepared.warm  # same version: no need to learn the phrasings again
        return desk

    return make


@pytest.fixture
def desk_app(wired: Wire, bot: ScriptedBot) -> Desk:
    """A desk whose bot says back what it hears."""
    return wired(bot)


@pytest.fixture
def post() -> KeptPost:
    return KeptPost()


@pytest.fixture
def mailing_desk(wired: Wire, bot: ScriptedBot, post: KeptPost) -> Desk:
    """The same with a mail server of our own."""
    return wired(bot, post=post, public_url="https://ask.example.org/", crisis_emails="dean@example.org, Nurse@Example.org")


@pytest.fixture
def knowing_desk(wired: Wire) -> Desk:
    """A desk whose Rasa is down: it answers from knowledge."""
    return wired(AbsentBot())


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Makes HTTP clients that talk to a desk in this process."""
    made: list[tuple[httpx.AsyncClient, Desk]] = []

    def make(desk: Desk) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(create_app(desk=desk), raise_app_exceptions=False)
        made.append((httpx.AsyncClient(transport=transport, base_url="http://desk.test"), desk))
        return made[-1][0]

    yield make
    for client, desk in made:
        await desk.turns.drain()
        await client.aclose()


@pytest.fixture
async def student(desk_app: Desk, browser: Browser) -> Student:
    return await Student.arrives(browser(desk_app))


@pytest.fixture
async def asker(knowing_desk: Desk, browser: Browser) -> Student:
    """A student at the desk that answers from knowledge."""
    return await Student.arrives(browser(knowing_desk))


@pytest.fixture
def staff(prepared: Prepared, browser: Browser) -> SignIn:
    """Somebody already signed in, looking at a page: ``await staff(desk, "editor", "/desk/knowledge")``."""

    async def sign_in(desk: Desk, role: str, page: str = "/desk/queue") -> Staff:
        person = Staff(browser(desk))
        person.http.cookies.set(COOKIE, prepared.cookies[role])
        await person.opens(page)
        return person

    return sign_in
