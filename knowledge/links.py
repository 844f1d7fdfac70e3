"""Do the pages we link to still answer? Politely: one request at a time to a host, a pause between, few retries.

The outcome is kept in a JSON file beside the index, so that staff see when each link last worked. Without a network
nothing is judged: that is said, and no link is called dead.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import socket
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from language.whole_files import whole

Outcome = Literal["works", "moved", "dead", "unclear"]
TIMEOUT_S, PAUSE_S, TRIES, AT_ONCE = 10.0, 1.0, 2, 6
_AGENT = {"User-Agent": "Waymark link check (an advising assistant checks the official pages it points to)"}


@dataclass(frozen=True)
class Checked:
    """`unclear`: the host could not be reached or refused a program; that says nothing about the page."""

    url: str
    outcome: Outcome
    detail: str
    checked_on: str


class NoNetwork(Exception):
    """Nothing could be reached, so nothing was judged."""


Get = Callable[[str], requests.Response]


class _PublicOnly(HTTPAdapter):
    """No address inside the house is asked, also not where a page sends us on: somebody at the desk may write any link."""

    def send(self, request: requests.PreparedRequest, *given: Any, **named: Any) -> requests.Response:
        if not is_public(urlsplit(request.url or "").hostname or ""):
            raise requests.exceptions.InvalidURL("not a public address")
        return super().send(request, *given, **named)


def is_public(host: str) -> bool:
    """What has no address here is left to the request, which says so."""
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return True
    return all(ipaddress.ip_address(str(one[4][0]).partition("%")[0]).is_global for one in found)


def polite_get(url: str) -> requests.Response:
    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, _PublicOnly())
        return session.get(url, timeout=TIMEOUT_S, headers=_AGENT, allow_redirects=True, stream=True)


@dataclass(frozen=True)
class Manners:
    """`pause_s`: between two requests to a host. `stop`: set, the rest is left alone."""

    pause_s: float = PAUSE_S
    stop: threading.Event = field(default_factory=threading.Event)


def check(
    urls: Iterable[str], today: dt.date, get: Get = polite_get, manners: Manners | None = None, seen: Callable[[Checked], object] = lambda one: None
) -> list[Checked]:
    """Each address once, hosts side by side, one request at a time within a host. `seen` is told of each. Raises NoNetwork."""
    manners = manners or Manners()
    by_host = [list(group) for _, group in groupby(sorted(sorted(set(urls)), key=_host), key=_host)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = [one for group in pool.map(lambda urls: _check_host(urls, today, get, manners, seen), by_host) for one in group]
    if found and all(one.detail == "no connection" for one in found):
        raise NoNetwork("No page could be reached: there seems to be no network. Nothing was judged; run it again when there is one.")
    return sorted(found, key=lambda one: one.url)


def keep(found: list[Checked], path: Path) -> None:
    known = {one["url"]: one for one in json.loads(path.read_text(encoding="utf-8"))} if path.exists() else {}
    known.update({one.url: asdict(one) for one in found})
    with whole(path) as file:
        file.write((json.dumps(sorted(known.values(), key=lambda one: one["url"]), indent=1, ensure_ascii=False) + "\n").encode())


def kept(path: Path) -> dict[str, Checked]:
    """What was found last, by address; empty if links were never looked at."""
    if not path.exists():
        return {}
    return {one["url"]: Checked(**one) for one in json.loads(path.read_text(encoding="utf-8"))}


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _check_host(urls: list[str], today: dt.date, get: Get, manners: Manners, seen: Callable[[Checked], object]) -> list[Checked]:
    found: list[Checked] = []
    for url in urls:
        if manners.stop.wait(manners.pause_s if found else 0):
            break
        outcome, detail = _look(url, get)
        found.append(Checked(url, outcome, detail, today.isoformat()))
        seen(found[-1])
    return found


def _look(url: str, get: Get) -> tuple[Outcome, str]:
    outcome: tuple[Outcome, str] = ("unclear", "not tried")
    for _ in range(TRIES):
        try:
            response = get(url)
        except requests.ConnectionError:
            outcome = ("unclear", "no connection")
        except requests.RequestException as error:
            outcome = ("unclear", type(error).__name__)
        else:
            response.close()
            if response.status_code in (404, 410):
                return "dead", str(response.status_code)
            if response.ok:
                moved = urlsplit(response.url)[1:3] != urlsplit(url)[1:3]
                return ("moved", response.url) if moved else ("works", str(response.status_code))
            outcome = ("unclear", str(response.status_code))
    return outcome
