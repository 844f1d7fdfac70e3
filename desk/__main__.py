"""python -m desk serve|migrate|create-user|first-user|verify-audit|retain"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import secrets
import socket
import sys
from dataclasses import asdict
from pathlib import Path

import structlog
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from desk.bot_client import RasaBot
from desk.database import has_table, migrate, prepare_folder
from desk.errors import DeskError
from desk.retention.keeper import RetentionKeeper
from desk.retention.schedule import Schedule
from desk.retention.store import RetentionStore
from desk.settings import Settings
from desk.staff.accounts import ROLES, Accounts
from desk.staff.audit import Audit, AuditHead
from desk.wiring import utc_now
from knowledge.errors import StoreUnavailable
from knowledge.store import make_engine
from language import garbage


def _accounts(settings: Settings) -> Accounts:
    return Accounts(make_engine(settings.database_url), utc_now, settings.session_hours, settings.session_idle_minutes)


def _audit(settings: Settings) -> Audit:
    return Audit(make_engine(settings.database_url), utc_now, settings.secret_key)


def _serve(settings: Settings, arguments: argparse.Namespace) -> int:
    import logging

    import uvicorn

    from desk.app import create_app

    if "desk_number" in settings.model_fields_set:  # not in containers, which know nothing of each other and would all choose the same
        _stay_on_one_core(settings.desk_number, settings.desk_processes)
    # Without the frames' local variables: they hold what students typed, before it is masked, and tokens.
    tracebacks = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper("iso"), tracebacks, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )  # fmt: skip
    # The knowledge stays: looking through its 240,000 objects for garbage now and then would stop every turn meanwhile.
    app = create_app(settings, ready=garbage.set_aside)
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, log_level="warning", access_log=False, timeout_graceful_shutdown=3,
        server_header=False,
    )  # fmt: skip

    class Server(uvicorn.Server):
        """Asked to end, it ends the event streams first; it would wait for them otherwise."""

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.desk.hub.close()
            await super().shutdown(sockets)

    server = Server(config)
    server.run(sockets=[_shared_socket(settings)] if settings.desk_processes > 1 else None)
    return 0 if server.started else 1


def _stay_on_one_core(number: int, desks: int) -> None:
    """Python's threads take turns; on several cores they only wake each other for it (94 thread switches a turn, 18 on one core).

    While there are two cores for each desk: with fewer, the scheduler spreads all that runs better than we can.
    """
    if hasattr(os, "sched_setaffinity"):  # Linux
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) >= 2 * desks:
            os.sched_setaffinity(0, {cores[number % len(cores)]})


def _shared_socket(settings: Settings) -> socket.socket:
    """An address that several desk processes listen at; the system spreads the connections over them."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    shared = socket.socket(family, socket.SOCK_STREAM)
    shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    shared.bind((settings.host, settings.port))
    return shared


def _migrate(settings: Settings, arguments: argparse.Namespace) -> int:
    prepare_folder(settings.database_url)
    engine = make_engine(settings.database_url)
    had_head = has_table(engine, "desk_audit_head")
    migrate(engine)
    if not had_head:  # a log from before its end was signed; afterwards only an operator may sign it anew
        Audit(engine, utc_now, settings.secret_key).seal()
    return 0


def _create_user(settings: Settings, arguments: argparse.Namespace) -> int:
    password = arguments.password or getpass.getpass("Password (at least 12 characters): ")
    user = _accounts(settings).create(arguments.email, arguments.name, arguments.role, password)
    _audit(settings).note("command line", "created_account", user.email, role=user.role)
    print(f"Made the account {user.email} with the role {user.role}.")
    return 0


def _first_user(settings: Settings, arguments: argparse.Namespace) -> int:
    """In development only: make the first admin and print its password once."""
    accounts = _accounts(settings)
    if settings.environment == "development" and accounts.count() == 0:
        password = secrets.token_urlsafe(12)
        accounts.create("admin@example.org", "First admin", "admin", password)
        _audit(settings).note("command line", "created_account", "admin@example.org", role="admin")
        print(f"First sign-in: admin@example.org with the password {password} (shown only now)")
    return 0


def _verify_audit(settings: Settings, arguments: argparse.Namespace) -> int:
    audit = _audit(settings)
    if arguments.sign:
        audit.seal()
    fault, head = audit.verify(), audit.head()
    if fault:
        print(f"The audit log was changed: {fault.words}.")
        return 1
    if arguments.against:
        known = AuditHead(**json.loads(arguments.against.read_text(encoding="utf-8")))
        if not audit.holds(known):
            print(f"The audit log was changed: it does not run through the {known.count} rows that {arguments.against} speaks of.")
            return 1
    if arguments.export:
        arguments.export.write_text(json.dumps(asdict(head)) + "\n", encoding="utf-8")
    print(f"The audit log is whole: {head.count} rows." if head.count else "The audit log is empty: nothing was noted yet, or all of it was removed.")
    return 0


def _retain(settings: Settings, arguments: argparse.Namespace) -> int:
    engine = make_engine(settings.database_url)
    bot = RasaBot(settings.rasa_urls[0], settings.rasa_token, settings.bot_timeout_s)
    store = RetentionStore(engine, utc_now)
    keeper = RetentionKeeper(store, _audit(settings), bot, Schedule.of(settings), settings.log_folder, utc_now)
    report = keeper.plan() if arguments.dry_run else keeper.run()
    for name, count in asdict(report).items():
        print(f"{name.replace('_', ' '):<12} {count}")
    print("Nothing was deleted: this was a dry run." if arguments.dry_run else "Done; the running desk tells Rasa to forget.")
    return 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m desk", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    for name, run, text in (
        ("serve", _serve, "serve student API, widget and staff pages"),
        ("migrate", _migrate, "bring the database's tables up to date"),
        ("first-user", _first_user, "in development: make the first admin, if there is no account"),
    ):
        verbs.add_parser(name, help=text).set_defaults(run=run)
    verify = verbs.add_parser("verify-audit", help="check that no row of the audit log was changed, removed, moved or cut off")
    verify.add_argument("--export", type=Path, metavar="FILE", help="write where the log ends, to be kept in another place")
    verify.add_argument("--against", type=Path, metavar="FILE", help="also check that the log still runs through an exported end")
    verify.add_argument(
        "--sign", action="store_true", help="first sign the log as it stands: after a change of SECRET_KEY, once you have looked at it"
    )
    verify.set_defaults(run=_verify_audit)
    retain = verbs.add_parser("retain", help="delete what is past its time, as the running desk does every hour; tells counts only")
    retain.add_argument("--dry-run", action="store_true", help="only tell what would be deleted")
    retain.set_defaults(run=_retain)
    create = verbs.add_parser("create-user", help="make an account for an advisor, editor or admin")
    create.add_argument("email")
    create.add_argument("--name", default="")
    create.add_argument("--role", choices=ROLES, required=True)
    create.add_argument("--password", help="asked for when left out")
    create.set_defaults(run=_create_user)
    arguments = parser.parse_args(argv)
    try:
        settings = Settings()
    except ValidationError as error:
        for fault in error.errors():
            print(_setting_fault(fault), file=sys.stderr)
        return 1
    try:
        return int(arguments.run(settings, arguments))
    except (DeskError, StoreUnavailable) as error:
        print(error, file=sys.stderr)
    except (SQLAlchemyError, OSError, ImportError) as error:
        print(f"The database {_address(settings.database_url)} cannot be used: {getattr(error, 'orig', None) or error}", file=sys.stderr)
        print("→ check DATABASE_URL and that the server is running.", file=sys.stderr)
    return 1


def _setting_fault(fault: ErrorDetails) -> str:
    """A setting and what is wrong with it, never its value: it may be a secret."""
    name = ".".join(map(str, fault["loc"])).upper()
    what = fault["msg"].removeprefix("Value error, ")
    return f"{name}: {what}" if name else what


def _address(url: str) -> str:
    """Where a database is, without password; also for an address nobody can read."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "named by DATABASE_URL"


if __name__ == "__main__":
    sys.exit(main())
