"""python -m benchmarks [--quick] [--scale]"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
from pathlib import Path

from benchmarks import machine
from benchmarks.delivery import raise_limit_of_files
from benchmarks.picture import PICTURE, picture
from benchmarks.result import keep
from benchmarks.run import FULL, QUICK, measure, say
from benchmarks.scale import STUDENTS, scale
from benchmarks.table import table

QUIET = 1.5


def _leave(number: int, _frame: object) -> None:
    """Ended from outside: leave as after an error, so that every process started is ended."""
    sys.exit(128 + number)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Times every part beside a default Rasa bot, in one run.")
    parser.add_argument("--quick", action="store_true", help="a small run to try things; it proves nothing and replaces no result")
    parser.add_argument("--scale", action="store_true", help="instead: one, two and four processes of each kind on PostgreSQL and Redis")
    parser.add_argument("--default-model", type=Path, help="a model `rasa init` made before, instead of training one")
    parser.add_argument("--database", type=Path, default=Path("var/waymark.db"), help="whose copy is used (an SQLite file)")
    parser.add_argument("--patience", type=float, default=0, metavar="SECONDS", help="wait so long for the machine to become quiet")
    arguments = parser.parse_args(argv)
    for path in (arguments.database, arguments.default_model):
        if path is not None and not path.exists():
            parser.error(f"{path} does not exist")
    signal.signal(signal.SIGTERM, _leave)
    raise_limit_of_files()
    found = machine.wait_until_quiet(QUIET, arguments.patience)
    if found >= QUIET:
        say(f"the machine is busy (load {found}); the figures will be worse than they could be")
    with tempfile.TemporaryDirectory(prefix="waymark-benchmark-", ignore_cleanup_errors=True) as folder:
        if arguments.scale:
            print(f"Kept in {scale(Path(folder), 10 if arguments.quick else STUDENTS)}")
            return 0
        size = QUICK if arguments.quick else FULL
        result = asyncio.run(measure(Path(folder), arguments.database, size, arguments.quick, arguments.default_model))
    path = keep(result)
    if not result.quick:
        PICTURE.write_text(picture(result.turn_cost, result.made_on[:10]), encoding="utf-8")
    print(f"\n{table(result)}\n\nKept in {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
