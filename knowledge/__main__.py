"""python -m knowledge check|load|export|search|stats"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from knowledge import checking, content_files


def _check(arguments: argparse.Namespace) -> int:
    content, faults = content_files.read(arguments.content)
    faults = faults + checking.check(content, dt.date.today())
    if arguments.only:
        faults = [f for f in faults if any(name in f.where for name in arguments.only)]
    for fault in faults:
        print(fault)
    print(f"{len(content.documents)} documents read, {len(faults)} fault(s).")
    return 1 if faults else 0


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    check = verbs.add_parser("check", help="tell every fault of the content files")
    check.add_argument("--content", type=Path, default=content_files.SHIPPED)
    check.add_argument("--only", nargs="*", help="tell only faults whose place contains one of these words")
    check.set_defaults(run=_check)
    arguments = parser.parse_args(argv)
    return int(arguments.run(arguments))


if __name__ == "__main__":
    sys.exit(main())
