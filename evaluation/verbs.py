"""What each verb of the command line does: arguments in, words printed, exit code out."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import sys
from typing import TYPE_CHECKING, Any

from evaluation import accepted, asking, noise, scorecard, scoring
from evaluation.questions import Question, read

if TYPE_CHECKING:
    from knowledge.runtime import Runtime


def ask(arguments: argparse.Namespace) -> int:
    questions = read(arguments.questions)
    if arguments.typos is not None:
        questions = noise.with_slips(questions, arguments.typos)
    asyncio.run(asking.ask_all(questions, arguments.url, arguments.out, arguments.at_once))
    return 0


def score(arguments: argparse.Namespace) -> int:
    replies = scoring.read_replies(arguments.replies)
    questions = [q for q in read(arguments.questions) if q.id in replies]
    judged = [scoring.judge(q, replies[q.id]) for q in questions]
    rows = scoring.table(judged)
    _print(rows)
    p50, p95 = scoring.latency(judged)
    print(f"{'POST to reply, ms':55} p50 {p50:.0f}, p95 {p95:.0f}")
    if arguments.clean:
        _print_loss(scoring.read_replies(arguments.clean), replies, questions)
    if arguments.misses:
        print("\n" + "\n".join(scoring.misses(judged)))
    if arguments.json:
        scoring.save(rows, arguments.json)
    return 0


def _print_loss(clean: dict[str, dict[str, Any]], slipped: dict[str, dict[str, Any]], questions: list[Question]) -> None:
    both = [q for q in questions if q.id in clean and q.id in slipped]
    same = noise.as_clean([clean[q.id]["question"] for q in both], [slipped[q.id]["question"] for q in both])
    print(f"\nloss to slips ({len(both) - same} of {len(both)} texts have one)")
    for name, hit in noise.MARKS.items():
        lost = noise.loss([scoring.judge(q, clean[q.id]) for q in both], [scoring.judge(q, slipped[q.id]) for q in both], hit)
        print(f"{name:55} {lost}" + (f": {', '.join(lost.lost)}" if lost.lost else ""))


def report(arguments: argparse.Namespace) -> int:
    from evaluation import report as reports

    reports.write(reports.make(read(arguments.questions), scoring.read_replies(arguments.replies), dt.date.today()), arguments.out)
    print(f"{arguments.out / 'report.json'}\n{arguments.out / 'report.html'}")
    return 0


def sets(arguments: argparse.Namespace) -> int:
    from evaluation import set_running, set_scoring

    verdicts = asyncio.run(set_running.run(arguments.url, arguments.only or set_running.NAMES, arguments.at_once, arguments.most))
    rows = set_scoring.marks(verdicts)
    _print(rows)
    if arguments.misses:
        print("\n" + "\n".join(f"{v.set} {v.kind} {v.id}: {v.told}" for v in verdicts if not v.right))
    if arguments.json:
        scoring.save(rows, arguments.json)
    return 0


def compare(arguments: argparse.Namespace) -> int:
    before = accepted.load(arguments.accepted)
    if not before:
        print("Nothing was accepted yet, so nothing is compared. To accept these: python -m evaluation accept SCORES.json")
        return 0
    changes = accepted.compare(before, {name: s for path in arguments.scores for name, s in scoring.load(path).items()}, arguments.margin)
    print("\n".join(map(str, changes)))
    failed = [c for c in changes if c.failed]
    if failed:
        print(f"{len(failed)} mark(s) fell beyond the margin.", file=sys.stderr)
    return 1 if failed else 0


def accept(arguments: argparse.Namespace) -> int:
    marks = {name: s for path in arguments.scores for name, s in scoring.load(path).items()}
    accepted.accept(marks, dt.date.today(), arguments.accepted)
    scorecard.publish(accepted.load(arguments.accepted), dt.date.today(), arguments.scorecard)
    print(f"{len(marks)} marks accepted in {arguments.accepted}, published in {arguments.scorecard}")
    return 0


def _runtime() -> Runtime:
    from knowledge.runtime import Runtime
    from knowledge.settings import Settings
    from knowledge.store import Store, make_engine
    from knowledge.vocabulary import terms_of
    from language import encoder

    settings = Settings()
    return Runtime(
        Store(make_engine(settings.database_url)), encoder.load(settings.encoder, settings.index_folder), terms_of, index_folder=settings.index_folder
    )


def tune(arguments: argparse.Namespace) -> int:
    from evaluation import tuning

    snapshot, matcher = _runtime().current()
    if not matcher.index.targets:
        print("The knowledge base is empty → run `make content`", file=sys.stderr)
        return 1
    tuning.tune(snapshot, matcher, [q for path in arguments.questions for q in read(path)], write=arguments.write)
    return 0


def project(arguments: argparse.Namespace) -> int:
    from evaluation import projecting

    runtime = _runtime()
    projecting.run(runtime.snapshot(), runtime.vectors, runtime.encoder.name, write=arguments.write)
    return 0


def safety(arguments: argparse.Namespace) -> int:
    from evaluation import safety_fitting

    safety_fitting.run(_runtime(), write=arguments.write)
    return 0


def person(arguments: argparse.Namespace) -> int:
    from evaluation import person_fitting

    runtime = _runtime()
    person_fitting.run(runtime.encoder, runtime.vectors, runtime.snapshot(), write=arguments.write)
    return 0


def published(arguments: argparse.Namespace) -> int:
    from evaluation import published as against
    from evaluation import published_files
    from language import encoder

    sets = [published_files.clinc(arguments.clinc, not arguments.threshold_only)] if arguments.clinc else []
    sets += published_files.hint3(arguments.hint3) if arguments.hint3 else []
    if not sets:
        print("Say which: --clinc data_full.json or --hint3 FOLDER", file=sys.stderr)
        return 2
    for data in sets:
        against.compare(data, encoder.load(arguments.encoder))
    return 0


def _print(rows: dict[str, scoring.Share]) -> None:
    for name, value in rows.items():
        print(f"{name:55} {value}")
