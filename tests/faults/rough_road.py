"""A road between students and desks that breaks: a TCP relay that cuts connections off by chance, in the middle of whatever they carry."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager


class RoughRoad:
    """Each connection goes to the next desk in turn. A share `doomed` of them is cut within `life_s` seconds."""

    def __init__(self, desk_ports: Sequence[int], seed: int, doomed: float = 0.4, life_s: float = 1.5) -> None:
        self._ports, self._chance, self._doomed, self._life_s = list(desk_ports), random.Random(seed), doomed, life_s
        self._taken = 0
        self.cut = 0
        self.smooth = False

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._taken += 1
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._ports[self._taken % len(self._ports)])
        except OSError:
            writer.transport.abort()
            return
        ways = [asyncio.create_task(_pour(reader, back)), asyncio.create_task(_pour(there, writer))]
        doomed = not self.smooth and self._chance.random() < self._doomed
        patience = self._chance.uniform(0, self._life_s) if doomed else None
        _, running = await asyncio.wait(ways, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        self.cut += doomed and len(running) == 2
        for way in running:
            way.cancel()
        for end in (writer, back):
            end.transport.abort()


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await source.read(65536):
            target.write(piece)
            await target.drain()


@asynccontextmanager
async def rough_road(desk_ports: Sequence[int], seed: int = 5) -> AsyncIterator[tuple[RoughRoad, str]]:
    """The road and the address at its near end."""
    road = RoughRoad(desk_ports, seed)
    server = await asyncio.start_server(road.carry, "127.0.0.1", 0)
    try:
        yield road, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
