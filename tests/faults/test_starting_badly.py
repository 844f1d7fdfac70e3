"""The desk started with something wrong around it: a plain line says what and how to mend it, never a traceback."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    return {
        **kept, "PYTHONPATH": str(ROOT), "ENCODER": "hashing", "DATABASE_URL": f"sqlite:///{folder / 'w.db'}", "GAZETTEER_FILE": str(folder / "g.json"),
        "RASA_URL": "http://127.0.0.1:9", "ACTIONS_URL": "http://127.0.0.1:9", "PORT": str(free_port()), **more,
    }  # fmt: skip


def desk(folder: Path, *verb: str, **more: str) -> subprocess.CompletedProcess[str]:
    """One command of the desk, in a folder without a .env file."""
    return subprocess.run(
        [sys.executable, "-m", "desk", *verb], env=environment(folder, **more), cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


@contextlib.contextmanager
def served(folder: Path, **more: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    given = environment(folder, **more)
    process = subprocess.Popen(
        [sys.executable, "-m", "desk", "serve"], env=given, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield f"http://127.0.0.1:{given['PORT']}", process
    finally:
        process.terminate()
        process.wait(15)
        if process.stdout:
            process.stdout.close()


def health(url: str, within_s: float = 30) -> dict[str, str]:
    until = time.monotonic() + within_s
    while True:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
                report: dict[str, str] = json.load(answer)
                return report
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


UNREACHABLE = {
    "no server": ("postgresql://waymark:sesame@127.0.0.1:9/waymark", "127.0.0.1:9"),
    "no such folder and none can be made": ("sqlite:////dev/null/below/w.db", "/dev/null/below/w.db"),
    "a folder for a file": ("sqlite:////", "sqlite:////"),
    "no address": ("what is this", "DATABASE_URL"),
    "a database we do not know": ("nosuchthing://host/db", "nosuchthing"),
    "a driver that is not installed": ("oracle://u:sesame@host/db", "oracle"),
}


@pytest.mark.parametrize("kind", UNREACHABLE)
@pytest.mark.parametrize("verb", ["migrate", "first-user", "verify-audit"])
def test_a_database_out_of_reach_is_named_with_the_mend_and_without_its_password(tmp_path: Path, kind: str, verb: str) -> None:
    url, named = UNREACHABLE[kind]
    ended = desk(tmp_path, verb, DATABASE_URL=url)
    assert ended.returncode == 1
    assert named in ended.stderr and "DATABASE_URL" in ended.stderr
    assert "Traceback" not in ended.stderr and "sesame" not in ended.stderr
    assert len(ended.stderr.splitlines()) <= 4


def test_serving_without_a_database_starts_says_why_and_reports_it_down(tmp_path: Path) -> None:
    with served(tmp_path, DATABASE_URL="postgresql://waymark:sesame@127.0.0.1:9/waymark") as (url, process):
        report = health(url)
        assert (report["status"], report["database"]) == ("down", "down")
        process.terminate()
        logged = process.communicate(timeout=15)[0]
    assert "knowledge_unavailable" in logged and "check DATABASE_URL" in logged
    assert "Traceback" not in logged and "sesame" not in logged


def test_serving_a_database_nobody_migrated_does_not_crash(tmp_path: Path) -> None:
    with served(tmp_path) as (url, _):
        assert (health(url)["database"], health(url)["status"]) == ("down", "down"), "a database that cannot be used is not up"
        request = urllib.request.Request(f"{url}/api/conversations", method="POST")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=5)
    assert refused.value.code == 503
    refused.value.close()


def test_migrated_but_without_knowledge_the_desk_greets(tmp_path: Path) -> None:
    assert desk(tmp_path, "migrate").returncode == 0
    assert desk(tmp_path, "migrate").returncode == 0, "twice changes nothing"
    with served(tmp_path) as (url, _):
        health(url)
        with urllib.request.urlopen(urllib.request.Request(f"{url}/api/conversations", method="POST"), timeout=10) as answer:
            assert answer.status == 201 and json.load(answer)["messages"][0]["text"]


def test_the_first_account_is_made_once_and_never_in_production(tmp_path: Path) -> None:
    desk(tmp_path, "migrate")
    production = {"ENVIRONMENT": "production", "SECRET_KEY": "s" * 32, "RASA_TOKEN": "t" * 32}
    assert desk(tmp_path, "first-user", **production).stdout == ""
    first, second = desk(tmp_path, "first-user"), desk(tmp_path, "first-user")
    assert "admin@example.org with the password" in first.stdout and second.stdout == ""


def test_an_account_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    desk(tmp_path, "migrate")
    short = desk(tmp_path, "create-user", "a@example.org", "--role", "advisor", "--password", "short")
    assert (short.returncode, short.stderr.strip()) == (1, "The password needs at least 12 characters.")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"ENVIRONMENT": "production"}, "SECRET_KEY"),
        ({"PORT": "no number"}, "PORT"),
        ({"OFFICE_HOURS": "whenever"}, "OFFICE_HOURS"),
        ({"TIME_ZONE": "Mars"}, "TIME_ZONE"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_in_one_line(tmp_path: Path, wrong: dict[str, str], named: str) -> None:
    ended = desk(tmp_path, "serve", **wrong)
    assert ended.returncode == 1
    assert named in ended.stderr and "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_taken_port_ends_the_start_and_says_so(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = desk(tmp_path, "serve", PORT=str(taken.getsockname()[1]))
    assert ended.returncode != 0
    assert "address already in use" in (ended.stderr + ended.stdout)
