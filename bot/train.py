"""Trains Rasa's model: ``python -m bot.train [--out FOLDER]``. Builds the blank spaCy pipeline it stands on first."""

import argparse
import sys
from pathlib import Path

from bot.serve import DEFAULTS


def build_spacy(folder: Path) -> None:
    """A blank multilingual pipeline with sentence borders; no model package is needed or fetched."""
    import spacy

    nlp = spacy.blank("xx")
    nlp.add_pipe("sentencizer")
    nlp.to_disk(folder)


def main() -> None:
    import os

    parser = argparse.ArgumentParser(prog="python -m bot.train")
    parser.add_argument("--out", default="var/models", help="folder for the model")
    parser.add_argument("--data", default="data", help="folder with examples, rules and stories")
    arguments = parser.parse_args()
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    # Training alone uses the whole machine.
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(os.cpu_count() or 1)
    build_spacy(Path("var/spacy"))
    import skops.io  # noqa: F401
    from rasa.__main__ import main as rasa

    sys.argv = [
        "rasa", "train", "--domain", "bot/domain", "--data", arguments.data, "--config", "config.yml", "--out", arguments.out, "--fixed-model-name", "waymark",
    ]  # fmt: skip
    rasa()


if __name__ == "__main__":
    main()
