"""python -m evaluation ask|score|report|sets|compare|accept|tune|published"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import sys
from pathlib import Path

from evaluation import accepted, asking, noise, scoring
from evaluation.questions import QuestionFileError, read

URL = "http://127.0.0.1:8000"


def _ask(arguments: argparse.Namespace) -> int:
    questions = read(arguments.questions)
    if arguments.typos is not None:
        questions = noise.with_slips(questions, arguments.typos)
    asyncio.run(asking.ask_all(questions, arguments.url, arguments.out, arguments.at_once))
    return 0


def _score(arguments: argparse.Namespace) -> int:
    replies = scoring.read_replies(arguments.replies)
    questions = [q for q in read(arguments.questions) if q.id in replies]
    judged = [scoring.judge(q, replies[q.id]) for q in questions]
    rows = scoring.table(judged)
    _print(rows)
    p50, p95 = scoring.latency(judged)
    print(f"{'POST to reply, ms':55} p50 {p50:.0f}, p95 {p95:.0f}")
    if arguments.clean:
        before = scoring.read_replies(arguments.clean)
        lost = noise.loss([scoring.judge(q, before[q.id]) for q in questions if q.id in before], judged)
        print(f"{'loss against the clean run':55} {lost}\nlost: {', '.join(lost.lost) or 'none'}")
    if arguments.misses:
        print("\n" + "\n".join(scoring.misses(judged)))
    if arguments.json:
        scoring.save(rows, arguments.json)
    return 0


def _report(arguments: argparse.Namespace) -> int:
    from evaluation import report

    report.write(report.make(read(arguments.questions), scoring.read_replies(arguments.replies), dt.date.today()), arguments.out)
    print(f"{arguments.out / 'report.json'}\n{arguments.out / 'report.html'}")
    return 0


def _sets(arguments: argparse.Namespace) -> int:
    from evaluation import set_running, set_scoring

    verdicts = asyncio.run(set_running.run(arguments.url, arguments.only or set_running.NAMES, arguments.at_once, arguments.most))
    rows = set_scoring.marks(verdicts)
    _print(rows)
    if arguments.misses:
        print("\n" + "\n".join(f"{v.set} {v.kind} {v.id}: {v.told}" for v in verdicts if not v.right))
    if arguments.json:
        scoring.save(rows, arguments.json)
    return 0


def _compare(arguments: argparse.Namespace) -> int:
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


def _accept(arguments: argparse.Namespace) -> int:
    marks = {name: s for path in arguments.scores for name, s in scoring.load(path).items()}
    accepted.accept(marks, dt.date.today(), arguments.accepted)
    print(f"{len(marks)} marks accepted in {arguments.accepted}")
    return 0


def _tune(arguments: argparse.Namespace) -> int:
    from evaluation import tuning
    from knowledge.runtime import Runtime
    from knowledge.settings import Settings
    from knowledge.store import Store, make_engine
    from knowledge.vocabulary import terms_of
    from language import encoder

    settings = Settings()
    runtime = Runtime(Store(make_engine(settings.database_url)), encoder.load(settings.encoder), terms_of, index_folder=settings.index_folder)
    _, matcher = runtime.current()
    if not matcher.index.targets:
        print("The knowledge base is empty → run `make content`", file=sys.stderr)
        return 1
    tuning.tune(matcher.index, matcher, [q for path in arguments.questions for q in read(path)], write=arguments.write)
    return 0


def _published(arguments: argparse.Namespace) -> int:
    from evaluation import published, published_files
    from language import encoder

    sets = [published_files.clinc(arguments.clinc, not arguments.threshold_only)] if arguments.clinc else []
    sets += published_files.hint3(arguments.hint3) if arguments.hint3 else []
    if not sets:
        print("Say which: --clinc data_full.json or --hint3 FOLDER", file=sys.stderr)
        return 2
    for data in sets:
        published.compare(data, encoder.load(arguments.encoder))
    return 0


def _print(rows: dict[str, scoring.Share]) -> None:
    for name, value in rows.items():
        print(f"{name:55} {value}")


def _measuring(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    ask = verbs.add_parser("ask", help="ask each question in a fresh conversation through the student API")
    ask.add_argument("--questions", type=Path, required=True)
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--url", default=URL)
    ask.add_argument("--at-once", type=int, default=4)
    ask.add_argument("--typos", type=int, metavar="SEED", help="with one typing slip in each question")
    ask.set_defaults(run=_ask)
    score = verbs.add_parser("score", help="print the table of marks for replies asked before")
    score.add_argument("replies", type=Path)
    score.add_argument("--questions", type=Path, required=True)
    score.add_argument("--clean", type=Path, help="replies to the same questions without slips: tells the loss")
    score.add_argument("--misses", action="store_true", help="list every reply that is not fully right")
    score.add_argument("--json", type=Path)
    score.set_defaults(run=_score)
    report = verbs.add_parser("report", help="write report.json and report.html for replies asked before")
    report.add_argument("replies", type=Path)
    report.add_argument("--questions", type=Path, required=True)
    report.add_argument("--out", type=Path, required=True)
    report.set_defaults(run=_report)
    sets = verbs.add_parser("sets", help="run our own sets: context, several questions, languages, asks for a person, safety")
    sets.add_argument("--url", default=URL)
    sets.add_argument("--only", nargs="+", choices=("context", "multi", "language", "person", "safety"))
    sets.add_argument("--most", type=int, help="that many of each set at most, always the same ones")
    sets.add_argument("--at-once", type=int, default=3)
    sets.add_argument("--misses", action="store_true", help="list everything that was not right, with what came")
    sets.add_argument("--json", type=Path)
    sets.set_defaults(run=_sets)


def _judging(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    compare = verbs.add_parser("compare", help="compare scores with the accepted ones; fails on a drop beyond the margin")
    compare.add_argument("--margin", type=float, default=accepted.MARGIN)
    compare.set_defaults(run=_compare)
    accept = verbs.add_parser("accept", help="make these scores the ones to hold")
    accept.set_defaults(run=_accept)
    for verb in (compare, accept):
        verb.add_argument("scores", type=Path, nargs="+", help="made by score --json or sets --json")
        verb.add_argument("--accepted", type=Path, default=accepted.PATH)
    tune = verbs.add_parser("tune", help="fit the matcher's calibration, cross-validated, and tell what it would score")
    tune.add_argument("--questions", type=Path, nargs="+", required=True)
    tune.add_argument("--write", action="store_true", help="write knowledge/calibration.json")
    tune.set_defaults(run=_tune)
    published = verbs.add_parser("published", help="train the same matcher on published data given by path, and tell its figures")
    published.add_argument("--clinc", type=Path, help="CLINC150's data_full.json")
    published.add_argument("--threshold-only", action="store_true", help="do not learn CLINC150's out-of-scope training questions")
    published.add_argument("--hint3", type=Path, help="HINT3's folder that holds train and test")
    published.add_argument("--encoder", choices=("minilm", "hashing"), default="minilm")
    published.set_defaults(run=_published)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    _measuring(verbs)
    _judging(verbs)
    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (QuestionFileError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
