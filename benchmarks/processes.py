"""Processes that a measurement starts, each ended when it is over, also by an error."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENDING_S = 12.0


def free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


def with_environment(names: Mapping[str, str], command: Sequence[str]) -> list[str]:
    """The command with these variables added to what it inherits."""
    return ["env", *(f"{name}={value}" for name, value in names.items()), *command]


@contextmanager
def running(command: Sequence[str], folder: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`command` runs in `folder`, its words go to `log`; at the end it and all it started are gone."""
    with log.open("ab") as words:
        process = subprocess.Popen(command, cwd=folder, stdout=words, stderr=words, start_new_session=True)
        try:
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask, wait, then make sure; what the process started is looked up before, while it still is its parent."""
    family = [(pid, _begun(pid)) for pid in tree(process.pid)]
    process.terminate()
    try:
        process.wait(ENDING_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid, begun in family:
        if begun is not None and _begun(pid) == begun:  # the same process, not a later one with its number
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it ended in this moment


def run(command: Sequence[str], folder: Path, log: Path, patience_s: float) -> float:
    """Run to the end; returns the seconds it took. Raises RuntimeError with the last words if it fails."""
    begun = time.perf_counter()
    with running(command, folder, log) as process:
        code = process.wait(patience_s)
    if code != 0:
        raise RuntimeError(f"{command[-1]} … ended with {code}:\n" + "\n".join(log.read_text(errors="replace").splitlines()[-20:]))
    return time.perf_counter() - begun


def tree(root: int) -> list[int]:
    """The process and all that it or its children started."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def processor_seconds(pids: Sequence[int]) -> float:
    """What these processes have had of the processor so far; those that are gone count nothing."""
    ticks = sum(int(fields[11]) + int(fields[12]) for pid in pids if (fields := _stat(pid)))
    return float(ticks / os.sysconf("SC_CLK_TCK"))


def _begun(pid: int) -> str | None:
    fields = _stat(pid)
    return fields[19] if fields and fields[0] != "Z" else None


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, from the state on; none if the process is gone."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (OSError, ProcessLookupError):
        return []
