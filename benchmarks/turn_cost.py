"""What a turn costs in processor time: each process as the system counts it, and the stages within, each run alone.

Processor time, not time on the clock: it says how many students a core serves, and depends little on what else runs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.bots import Bot
from benchmarks.matcher_alone import questions
from benchmarks.messages import A_CONVERSATION
from benchmarks.processes import ROOT, run, tree, with_environment
from benchmarks.turns import one_by_one

PROGRAMS = {"desk": "desk serve", "actions": "actions.serve", "rasa": "bot.serve"}
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
TIMES = 5


@dataclass(frozen=True)
class Stages:
    """Milliseconds on one core for one message. `intake`: masking, danger, language. `encoding`: the sentence to a vector.

    `storing`: the desk's transactions of a turn. `matching`: which entry is meant, the vector at hand. `composing`: the answer made of it.
    """

    intake: float
    encoding: float
    storing: float
    matching: float
    composing: float


@dataclass(frozen=True)
class TurnCost:
    """Milliseconds of processor time a turn takes: in each program, all its processes together, and by stage."""

    programs: dict[str, float]
    stages: Stages


def processor_ms(root: int) -> dict[str, float]:
    """What each program of this family of processes has used so far."""
    used = dict.fromkeys(PROGRAMS, 0.0)
    for pid in tree(root):
        try:
            command = (Path("/proc") / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            fields = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
        except (OSError, ProcessLookupError):
            continue  # it ended in this moment
        for name, words in PROGRAMS.items():
            if words in command:
                used[name] += (int(fields[11]) + int(fields[12])) * 1000 / TICKS_PER_S
    return used


async def by_program(bot: Bot, process: subprocess.Popen[bytes], conversations: int) -> dict[str, float]:
    """Milliseconds a turn, over so many conversations, one after another."""
    await one_by_one(bot, 4000, 2)  # not measured: what is done for the very first time
    before = processor_ms(process.pid)
    await one_by_one(bot, 4100, conversations)
    after, turns = processor_ms(process.pid), conversations * A_CONVERSATION
    return {name: round((after[name] - before[name]) / turns, 2) for name in PROGRAMS}


def stages_in_a_process(database: Path, folder: Path, texts: int) -> Stages:
    """In a process of their own, one thread of arithmetic, as the product runs."""
    out = folder / "stages.json"
    command = [sys.executable, "-m", "benchmarks.turn_cost", str(database), str(out), str(texts)]
    run(with_environment({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}, command), ROOT, folder / "stages.log", 600)
    return Stages(**json.loads(out.read_text("utf-8")))


def stages_of(database: Path, folder: Path, texts: Sequence[str]) -> Stages:
    """`folder`: where a database of conversations is made to try."""
    from desk.conversations.intake import take_in
    from knowledge.assistant import Assistant
    from knowledge.memory import Memory
    from knowledge.runtime import Runtime
    from knowledge.store import Store, make_engine
    from knowledge.vocabulary import terms_of
    from language import encoder

    store = Store(make_engine(f"sqlite:///{database}"))
    runtime = Runtime(store, encoder.load("both"), terms_of)
    assistant = Assistant(runtime)
    _, matcher = runtime.current()
    vectors = {text: runtime.vectors_of(text) for text in texts}

    def encode(text: str) -> None:
        runtime.encoder.forget()  # what was asked before is remembered; here it is the work that is wanted
        runtime.vectors_of(text)

    def match(text: str) -> None:
        matcher._recent.clear()
        runtime.encoder.learn(vectors[text])
        matcher.match(text)

    def answer(text: str) -> None:
        matcher._recent.clear()
        runtime.encoder.learn(vectors[text])
        assistant.ask(text, "en", Memory())

    matching, answering = _alone(match, texts), _alone(answer, texts)
    return Stages(
        intake=_alone(lambda text: take_in(text, "en", 4000), texts), encoding=_alone(encode, texts),
        storing=_alone(_storing(folder), texts), matching=matching, composing=round(max(answering - matching, 0.0), 3),
    )  # fmt: skip


def _storing(folder: Path) -> Callable[[str], object]:
    """The transactions of a turn, in one conversation that goes on and on."""
    import datetime as dt

    from desk.conversations.model import Draft
    from desk.conversations.states import BOT_SPEAKS
    from desk.conversations.store import ConversationStore
    from desk.database import migrate
    from knowledge.store import make_engine

    engine = make_engine(f"sqlite:///{folder / 'stages.db'}")
    migrate(engine)
    store = ConversationStore(engine, lambda: dt.datetime.now(dt.UTC))
    conversation, token, _ = store.open("en", [Draft("bot", "Hello", "en")])
    numbers = iter(range(1_000_000))

    def turn(text: str) -> None:
        store.access_for_student(conversation.id, token)
        message = store.add_from_student(conversation.id, Draft("student", text, "en", str(next(numbers)), pending=True)).message
        store.turns.next_message(conversation.id)
        store.finish_turn(conversation.id, message.seq, [Draft("bot", text * 10, "en")], {}, BOT_SPEAKS, None)
        store.turns.next_message(conversation.id)

    return turn


def _alone(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """Milliseconds a text, the best of several rounds: what others do on the machine only adds."""
    rounds = []
    for _ in range(TIMES):
        begun = time.thread_time()
        for text in texts:
            work(text)
        rounds.append((time.thread_time() - begun) * 1000 / len(texts))
    return round(min(rounds), 3)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turn_cost")
    parser.add_argument("database", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("texts", type=int)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = stages_of(arguments.database, Path(folder), questions(arguments.texts))
    arguments.out.write_text(json.dumps(asdict(found)), encoding="utf-8")


if __name__ == "__main__":
    main()
