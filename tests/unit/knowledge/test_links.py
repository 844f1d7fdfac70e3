"""Links are looked at politely, and nothing is called dead without having answered."""

from __future__ import annotations

import datetime as dt
import io
import json
import threading
from pathlib import Path

import pytest
import requests

from knowledge import links

TODAY = dt.date(2026, 11, 23)
QUICK = links.Manners(pause_s=0)


def answering(url: str) -> requests.Response:
    """A little web of our own."""
    response = requests.Response()
    response.raw = io.BytesIO()
    response.url = {"https://b.test/old": "https://b.test/new"}.get(url, url)
    response.status_code = {"https://a.test/gone": 404, "https://a.test/shy": 403}.get(url, 200)
    if url.startswith("https://away.test"):
        raise requests.ConnectionError
    return response


def test_each_outcome_is_told_apart() -> None:
    urls = ["https://a.test/", "https://a.test/gone", "https://a.test/shy", "https://b.test/old", "https://away.test/"]
    found = {one.url: (one.outcome, one.detail) for one in links.check(urls, TODAY, answering, QUICK)}
    assert found == {
        "https://a.test/": ("works", "200"),
        "https://a.test/gone": ("dead", "404"),
        "https://a.test/shy": ("unclear", "403"),
        "https://b.test/old": ("moved", "https://b.test/new"),
        "https://away.test/": ("unclear", "no connection"),
    }


def test_an_address_named_twice_is_asked_once() -> None:
    asked: list[str] = []
    links.check(["https://a.test/"] * 3, TODAY, lambda url: (asked.append(url), answering(url))[1], QUICK)
    assert asked == ["https://a.test/"]


def test_without_a_network_nothing_is_judged() -> None:
    with pytest.raises(links.NoNetwork, match="no network"):
        links.check(["https://away.test/1", "https://away.test/2"], TODAY, answering, QUICK)


def test_what_was_found_is_kept_and_renewed(tmp_path: Path) -> None:
    report = tmp_path / "links.json"
    links.keep(links.check(["https://a.test/", "https://a.test/gone"], TODAY, answering, QUICK), report)
    links.keep(links.check(["https://a.test/"], TODAY + dt.timedelta(days=1), answering, QUICK), report)
    kept = {one["url"]: one["checked_on"] for one in json.loads(report.read_text(encoding="utf-8"))}
    assert kept == {"https://a.test/": "2026-11-24", "https://a.test/gone": "2026-11-23"}


def test_each_is_told_as_soon_as_it_is_known_and_a_stop_leaves_the_rest_alone() -> None:
    stop, told = threading.Event(), list[str]()

    def hear(one: links.Checked) -> None:
        told.append(one.url)
        stop.set()

    found = links.check([f"https://a.test/{n}" for n in range(4)], TODAY, answering, links.Manners(0, stop), hear)
    assert told == [one.url for one in found] == ["https://a.test/0"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.1.2.3", "169.254.169.254", "::1", "0.0.0.0"])
def test_no_address_inside_the_house_is_asked(host: str) -> None:
    assert not links.is_public(host)
    with pytest.raises(requests.exceptions.InvalidURL):
        links.polite_get(f"http://{f'[{host}]' if ':' in host else host}:9/")


def test_a_public_address_may_be_asked() -> None:
    assert links.is_public("192.0.32.7")
