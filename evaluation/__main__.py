"""python -m evaluation ask|score|tune"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path

from evaluation import asking, scoring
from evaluation.questions import QuestionFileError, read


def _ask(arguments: argparse.Namespace) -> int:
    asyncio.run(asking.ask_all(read(arguments.questions), arguments.url, arguments.out, arguments.at_once))
    return 0


def _score(arguments: argparse.Namespace) -> int:
    replies = scoring.read_replies(arguments.replies)
    questions = [q for q in read(arguments.questions) if q.id in replies]
    judged = [scoring.judge(q, replies[q.id]) for q in questions]
    rows = scoring.table(judged)
    for name, value in rows.items():
        print(f"{name:55} {value}")
    p50, p95 = scoring.latency(judged)
    print(f"{'POST to reply, ms':55} p50 {p50:.0f}, p95 {p95:.0f}")
    if arguments.misses:
        print("\n" + "\n".join(scoring.misses(judged)))
    if arguments.json:
        arguments.json.write_text(json.dumps({name: {"hits": s.hits, "of": s.of} for name, s in rows.items()}, indent=1) + "\n", encoding="utf-8")
    return 0


def _tune(arguments: argparse.Namespace) -> int:
    from evaluation import tuning

    tuning.tune([read(path) for path in arguments.questions], write=arguments.write)
    return 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    ask = verbs.add_parser("ask", help="ask each question in a fresh conversation through the student API")
    ask.add_argument("--questions", type=Path, required=True)
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--url", default="http://127.0.0.1:8000")
    ask.add_argument("--at-once", type=int, default=4)
    ask.set_defaults(run=_ask)
    score = verbs.add_parser("score", help="print the table of marks for replies asked before")
    score.add_argument("replies", type=Path)
    score.add_argument("--questions", type=Path, required=True)
    score.add_argument("--misses", action="store_true", help="list every reply that is not fully right")
    score.add_argument("--json", type=Path)
    score.set_defaults(run=_score)
    tune = verbs.add_parser("tune", help="fit the matcher's calibration, cross-validated, and tell what it would score")
    tune.add_argument("--questions", type=Path, nargs="+", required=True)
    tune.add_argument("--write", action="store_true", help="write knowledge/calibration.json")
    tune.set_defaults(run=_tune)
    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (QuestionFileError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
