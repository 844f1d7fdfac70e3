"""A real nginx with our sample in front of two desks: streams stay streams, headers stay, a killed desk is stepped over."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.contracts.test_deploy import nginx_conf
from tests.faults.desk_process import DeskProcess, prepare
from tests.faults.steadfast import SteadfastStudent
from tests.servers import needs

pytestmark = pytest.mark.timeout(200)


@asynccontextmanager
async def nginx(folder: Path, *desks: DeskProcess) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the nginx before these desks."""
    servers = ";\n server ".join(f"127.0.0.1:{desk.port} max_fails=2 fail_timeout=3s" for desk in desks)
    path, port = nginx_conf(folder, "DESKS")
    path.write_text(path.read_text(encoding="utf-8").replace("DESKS max_fails=2 fail_timeout=3s", servers), encoding="utf-8")
    process = subprocess.Popen([str(needs("nginx", "nginx-light")), "-c", str(path), "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    try:
        async with httpx.AsyncClient(base_url=f"https://127.0.0.1:{port}", verify=False, timeout=15) as http:
            async with asyncio.timeout(10):
                while not await _answers(http):
                    await asyncio.sleep(0.05)
            yield http
    finally:
        process.terminate()
        process.wait(10)


async def _answers(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/health")).status_code == 200
    except httpx.HTTPError:
        return False


async def test_behind_nginx_a_student_is_served_at_once_and_steps_over_a_killed_desk(tmp_path: Path, postgres_url: str, redis_url: str) -> None:
    prepare(postgres_url)
    desks = [DeskProcess(tmp_path, n, DATABASE_URL=postgres_url, REDIS_URL=redis_url) for n in range(2)]
    await asyncio.gather(*(desk.start() for desk in desks))
    try:
        async with nginx(tmp_path, *desks) as http:
            page = await http.get("/")
            assert page.headers["strict-transport-security"] and "default-src 'self'" in page.headers["content-security-policy"]
            assert (await http.get("/metrics")).status_code == 403
            student = SteadfastStudent(http, "s")
            await student.arrives()
            await student.has_heard(1)
            for n in range(6):
                if n == 3:
                    desks[0].kill()
                begun = time.monotonic()
                await student.posts(f"s-{n}", f"what is the sunrise grant {n}")
                async with asyncio.timeout(30):
                    await student.has_heard(1 + 2 * (n + 1))
                assert time.monotonic() - begun < 12
            assert [m["seq"] for m in student.heard] == list(range(1, 14))
            await student.leaves()
            tries = [(await http.post("/desk/sign-in", data={"email": "x@example.org", "password": "y"})).status_code for _ in range(14)]
            assert 503 in tries, "nginx bounds sign-in for all desks together"
    finally:
        for desk in desks:
            desk.end()
    log = (tmp_path / "access.log").read_text()
    assert student.student.id not in log and "POST 202" in log, "no log holds a conversation's address"
