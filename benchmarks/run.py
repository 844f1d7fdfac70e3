"""One run: every part measured in turn, everything it starts ended."""

from __future__ import annotations

import datetime as dt
import statistics
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks import delivery, machine, memory, turn_cost, turns
from benchmarks.bots import Bot
from benchmarks.default_bot import DefaultProject
from benchmarks.delivery import Step
from benchmarks.figures import Spread, growth
from benchmarks.matcher_alone import in_a_process
from benchmarks.processes import tree
from benchmarks.result import BotFigures, Result
from benchmarks.training import train
from benchmarks.turn_cost import TurnCost
from benchmarks.turns import Throughput
from benchmarks.waymark import Started, Waymark, copy_database


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    conversations: int
    starts: int
    long_turns: int
    long_conversations: int
    students: int
    crowds: int
    streams: tuple[int, ...]
    posts: int
    large_entries: int
    large_rows: int
    matcher_texts: int


FULL = Size(60, 3, 200, 3, 50, 5, (1000, 2000, 4000, 10_000), 60, 10_000, 100_000, 300)
QUICK = Size(6, 1, 40, 1, 10, 1, (100,), 20, 1_000, 10_000, 60)


@dataclass(frozen=True)
class _Talked:
    """What talking to both bots found, before it is told apart."""

    turns: list[list[float]]
    long: list[list[float]]
    throughput: Throughput


def say(words: str) -> None:
    print(f"{dt.datetime.now():%H:%M:%S} {words}", flush=True)


async def measure(folder: Path, database: Path, size: Size, quick: bool, default_model: Path | None) -> Result:
    """`folder`: scratch, everything is written below it."""
    here, at_start = machine.Machine.here(), machine.load()
    begun_on = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    copy = copy_database(database, folder)
    say(f"training Rasa from nothing (load {at_start}) …")
    training = train(folder / "training")
    say(f"trained in {training.seconds} s; making the default bot …")
    project = DefaultProject(folder / "default")
    default_training_s = project.ready(default_model)
    ours = Waymark(folder / "ours", copy)
    starts = [await _start_once(ours) for _ in range(size.starts)]
    with ExitStack() as started:
        process, begun = started.enter_context(ours.running())
        starts.append(await ours.wait_until_up(begun))
        say(f"ours: all up after {starts[-1].all_up_s} s; starting the default bot …")
        programs = await turn_cost.by_program(ours.bot, process, size.conversations)
        with project.running() as (default_process, default_begun):
            default_start_s = await project.wait_until_up(default_begun)
            say(f"default: up after {default_start_s} s; talking …")
            alone_before = await ours.answered_without_rasa()
            talked = await _talk(ours.bot, project.bot, size)
            memories = [_memory(p) for p in (process, default_process)]
            without_rasa = round(await ours.answered_without_rasa() - alone_before)
        say("opening event streams …")
        steps: list[Step] = await delivery.climb(ours.port, list(size.streams), size.posts)
    say("the matcher alone …")
    stages = turn_cost.stages_in_a_process(copy, folder, size.matcher_texts // 3)
    small, large = in_a_process(copy, folder, size.large_entries, size.large_rows, size.matcher_texts)
    warm = starts[1:]
    return Result(
        begun_on, quick, here, at_start, machine.load(),
        _figures(statistics.median(s.all_up_s for s in warm), talked[0], memories[0], size),
        _figures(default_start_s, talked[1], memories[1], size),
        statistics.median(s.first_answer_s for s in warm), starts[0].all_up_s, [s.all_up_s for s in warm],
        without_rasa, training, default_training_s, small, large, steps, TurnCost(programs, stages),
    )  # fmt: skip


async def _start_once(ours: Waymark) -> Started:
    with ours.running() as (_, begun):
        return await ours.wait_until_up(begun)


async def _talk(ours: Bot, default: Bot, size: Size) -> tuple[_Talked, _Talked]:
    short = await turns.side_by_side(ours, default, size.conversations)
    long = [
        await turns.long_conversations(ours, size.long_turns + 2, size.long_conversations),
        await turns.long_conversations(default, size.long_turns + 2, 1),
    ]
    say(f"{size.crowds} crowds of {size.students} students at once …")
    crowds = await turns.crowds(ours, default, size.students, size.crowds)
    found = [_Talked(*parts) for parts in zip(short, long, crowds, strict=True)]
    return found[0], found[1]


def _memory(process: subprocess.Popen[bytes]) -> memory.Memory:
    return memory.of(tree(process.pid))


def _figures(start_s: float, talked: _Talked, taken: memory.Memory, size: Size) -> BotFigures:
    early, late = growth(talked.long, 5, size.long_turns)
    opening = Spread.of([conversation[0] for conversation in talked.turns])
    every = Spread.of([ms for conversation in talked.turns for ms in conversation])
    return BotFigures(start_s, opening, every, size.long_turns, early, late, talked.throughput, taken)
