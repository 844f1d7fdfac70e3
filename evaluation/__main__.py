"""python -m evaluation ask|score|report|sets|compare|accept|tune|project|safety|person|published"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from evaluation import accepted, scorecard, verbs
from evaluation.questions import QuestionFileError
from evaluation.set_running import NAMES

URL = "http://127.0.0.1:8000"


def _measuring(adding: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    ask = adding.add_parser("ask", help="ask each question in a fresh conversation through the student API")
    ask.add_argument("--questions", type=Path, required=True)
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--url", default=URL)
    ask.add_argument("--at-once", type=int, default=4)
    ask.add_argument("--typos", type=int, metavar="SEED", help="with one typing slip in each question")
    ask.set_defaults(run=verbs.ask)
    score = adding.add_parser("score", help="print the table of marks for replies asked before")
    score.add_argument("replies", type=Path)
    score.add_argument("--questions", type=Path, required=True)
    score.add_argument("--clean", type=Path, help="replies to the same questions without slips: tells the loss")
    score.add_argument("--misses", action="store_true", help="list every reply that is not fully right")
    score.add_argument("--json", type=Path)
    score.set_defaults(run=verbs.score)
    report = adding.add_parser("report", help="write report.json and report.html for replies asked before")
    report.add_argument("replies", type=Path)
    report.add_argument("--questions", type=Path, required=True)
    report.add_argument("--out", type=Path, required=True)
    report.set_defaults(run=verbs.report)
    sets = adding.add_parser("sets", help="run our own sets: context, several questions, languages, asks for a person, safety")
    sets.add_argument("--url", default=URL)
    sets.add_argument("--only", nargs="+", choices=NAMES)
    sets.add_argument("--most", type=int, help="that many of each set at most, always the same ones")
    sets.add_argument("--at-once", type=int, default=3)
    sets.add_argument("--misses", action="store_true", help="list everything that was not right, with what came")
    sets.add_argument("--json", type=Path)
    sets.set_defaults(run=verbs.sets)


def _judging(adding: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    compare = adding.add_parser("compare", help="compare scores with the accepted ones; fails on a drop beyond the margin")
    compare.add_argument("--margin", type=float, default=accepted.MARGIN)
    compare.set_defaults(run=verbs.compare)
    accept = adding.add_parser("accept", help="make these scores the ones to hold")
    accept.add_argument("--scorecard", type=Path, default=scorecard.PATH, help="the figures that the desk publishes")
    accept.set_defaults(run=verbs.accept)
    for verb in (compare, accept):
        verb.add_argument("scores", type=Path, nargs="+", help="made by score --json or sets --json")
        verb.add_argument("--accepted", type=Path, default=accepted.PATH)
    tune = adding.add_parser("tune", help="fit the matcher's calibration, cross-validated, and tell what it would score")
    tune.add_argument("--questions", type=Path, nargs="+", required=True)
    tune.add_argument("--write", action="store_true", help="write knowledge/calibration.json")
    tune.set_defaults(run=verbs.tune)
    project = adding.add_parser("project", help="fit the space in which questions of one entry lie together, on every published phrasing")
    project.add_argument("--write", action="store_true", help="write knowledge/projection.npz; then tune anew")
    project.set_defaults(run=verbs.project)
    safety = adding.add_parser("safety", help="fit the second reading for danger, and tell what it finds on messages it never saw")
    safety.add_argument("--write", action="store_true", help="write language/safety_weights.npz")
    safety.set_defaults(run=verbs.safety)
    person = adding.add_parser("person", help="fit the reading that hears a wish for a person")
    person.add_argument("--write", action="store_true", help="write knowledge/person_weights.npz")
    person.set_defaults(run=verbs.person)
    published = adding.add_parser("published", help="train the same matcher on published data given by path, and tell its figures")
    published.add_argument("--clinc", type=Path, help="CLINC150's data_full.json")
    published.add_argument("--threshold-only", action="store_true", help="do not learn CLINC150's out-of-scope training questions")
    published.add_argument("--hint3", type=Path, help="HINT3's folder that holds train and test")
    published.add_argument("--encoder", choices=("both", "hashing"), default="both")
    published.set_defaults(run=verbs.published)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    adding = parser.add_subparsers(required=True, metavar="VERB")
    _measuring(adding)
    _judging(adding)
    arguments = parser.parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except (QuestionFileError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
