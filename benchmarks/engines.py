"""A real PostgreSQL and a real Redis of our own, on free ports and in folders that are gone afterwards: for tests and measurements.

Nothing of the machine's own servers is touched. Each can be stopped, killed and started again where it was.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psycopg

from benchmarks.processes import free_ports

PATIENCE_S = 30.0
# Root may not run PostgreSQL; one of these does it then.
_OTHER_USERS = ("postgres", "nobody")


S = TypeVar("S", bound="Server")


class ProgramMissing(Exception):
    """A server's program is not installed."""


def program(name: str, package: str) -> Path:
    """The newest installed program of that name. Raises ProgramMissing with the way to get it."""
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: int(p.parts[4]) if p.parts[4].isdigit() else 0)
    found = [str(beside[-1])] if beside else [shutil.which(name), shutil.which(name, path="/usr/sbin:/usr/local/bin:/opt/homebrew/bin")]
    for path in filter(None, found):
        return Path(path)
    raise ProgramMissing(f"{name} is not installed. On Debian: apt-get install {package}")


class Server:
    """One process that listens on `port` and keeps its data in `folder`."""

    def __init__(self, folder: Path, user: str | None = None) -> None:
        self.folder, self._user = folder, user
        (self.port,) = free_ports(1)
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str]:
        raise NotImplementedError

    def start(self) -> None:
        """Returns when it listens; the same port and data as before. Raises RuntimeError with its last words if it ends."""
        if self.answers():
            raise RuntimeError(f"port {self.port} is taken")
        log = self.folder / "log.txt"
        with log.open("ab") as words:
            self._process = subprocess.Popen(
                self.command(), cwd=self.folder, stdout=words, stderr=words, user=self._user, start_new_session=True, env=_plain_environment()
            )
        end = time.monotonic() + PATIENCE_S
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.command()[0]} did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def pid(self) -> int:
        """Of the running server."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """An orderly end, at once: whoever is connected is cut off."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """As a power cut ends it."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(PATIENCE_S)
            self._process = None


class Postgres(Server):
    """`durable` off: no waiting for the disk. A killed server still loses nothing then, only a machine without power would."""

    def __init__(self, folder: Path, durable: bool = False) -> None:
        user = None if os.geteuid() else _another_user()
        super().__init__(folder, user)
        self._bin = program("postgres", "postgresql").parent
        self._durable, self._made = durable, 0
        for path in (folder, folder.parent):  # PostgreSQL's user must be able to walk in
            path.chmod(0o755)
        if user:
            shutil.chown(folder, user)
        initdb = [self._bin / "initdb", "--pgdata", folder / "data", "--username", "waymark", "--auth", "trust", "--encoding", "UTF8", "--no-sync"]
        done = subprocess.run(
            [*initdb, "--locale", "C.UTF-8"], user=user, cwd=folder, capture_output=True, text=True, env=_plain_environment(), check=False
        )
        if done.returncode:
            raise RuntimeError(f"initdb failed: {done.stderr[-2000:]}")

    def command(self) -> Sequence[str]:
        hasty = {} if self._durable else {"fsync": "off", "full_page_writes": "off"}
        settings = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "300", **hasty}
        given = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [str(self._bin / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), *given]

    def answers(self) -> bool:
        try:
            with psycopg.connect(self._address("postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def new_database(self, like: str = "") -> str:
        """The address of an empty database, as DATABASE_URL takes it; with `like`, a copy of the one at that address."""
        self._made += 1
        name = f"waymark_{self._made}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like.rpartition('/')[2] or 'template1'}")
        return self._address(name)

    def run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One of PostgreSQL's own programs (pg_dump, psql …). Raises CalledProcessError."""
        return subprocess.run([str(self._bin / name), *arguments], capture_output=True, text=True, check=True, env=_plain_environment())

    def _address(self, database: str) -> str:
        return f"postgresql://waymark@127.0.0.1:{self.port}/{database}"


class Redis(Server):
    """Keeps nothing between starts, as we use it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._program = program("redis-server", "redis-server")

    def command(self) -> Sequence[str]:
        return [str(self._program), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(self.folder)]

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"


@contextmanager
def postgres(durable: bool = False) -> Iterator[Postgres]:
    with _folder("postgres") as folder, _running(Postgres(folder, durable)) as server:
        yield server


@contextmanager
def redis() -> Iterator[Redis]:
    with _folder("redis") as folder, _running(Redis(folder)) as server:
        yield server


@contextmanager
def _running(server: S) -> Iterator[S]:
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    """Not in pytest's own folders: those are shut to other users, and PostgreSQL runs as one."""
    with tempfile.TemporaryDirectory(prefix=f"waymark-{name}-", ignore_cleanup_errors=True) as folder:
        inner = Path(folder) / name
        inner.mkdir()
        yield inner


def _another_user() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _OTHER_USERS if name in known)


def _plain_environment() -> dict[str, str]:
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
