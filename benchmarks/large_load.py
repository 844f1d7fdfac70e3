"""python -m benchmarks.large_load: how long a knowledge base far larger than the real one takes to load, with the real encoders."""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Spread
from benchmarks.messages import of_students
from benchmarks.synthetic import documents
from desk.database import migrate
from evaluation import questions
from evaluation.set_files import FOLDER
from knowledge import loader
from knowledge.__main__ import learn
from knowledge.content_files import Content
from knowledge.progress import told
from knowledge.runtime import Runtime
from knowledge.store import Store, make_engine
from language import encoder

LABELLED = FOLDER / "questions.csv"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large_load", description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--phrasings", type=int, default=10, metavar="EACH", help="of each entry")
    arguments = parser.parse_args()
    real = [question.text for question in questions.read(LABELLED)]  # many words, as common as they are: letters are looked up by them
    content = Content({(d.kind, d.key): d for d in documents(arguments.entries, arguments.phrasings, real)}, {})
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/large.db")
        migrate(engine)
        store, begun = Store(engine), time.monotonic()
        with told(lambda: f"Writing {len(content.documents):,} documents"):
            loader.load(content, store)
        written = time.monotonic() - begun
        runtime = Runtime(store, encoder.load("both", Path(folder) / "index"), index_folder=Path(folder) / "index")
        learned = learn(runtime)
        print(
            f"written in {written:.0f} s, learned in {learned:.0f} s, together {written + learned:.0f} s; {time.process_time():.0f} s of processor time"
        )
        print(f"{_gigabytes():.1f} GB at most")
        print(f"a question takes {_asked(runtime)}")


def _gigabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _asked(runtime: Runtime) -> str:
    """How long the matcher takes, encoding included."""
    _, matcher = runtime.current()
    took = []
    for text in of_students():
        begun = time.perf_counter()
        matcher.match(text)
        took.append((time.perf_counter() - begun) * 1000)
    spread = Spread.of(took)
    return f"p50 {spread.p50:.1f} ms, p95 {spread.p95:.1f} ms"


if __name__ == "__main__":
    main()
