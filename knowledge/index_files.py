"""What an index learned, kept in files: a start maps them in milliseconds and processes share the memory.

One folder a version; its name covers everything the arrays depend on (knowledge, encoder, the code that makes them), so a
folder is never out of date, only unused. Half-written folders do not count: a folder gets its name when it is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from knowledge.eight_bits import EightBits
from knowledge.index import Learned
from knowledge.lexical import Lexicon
from language.dictionary import Dictionary
from language.gazetteer import Term

_POSTINGS = ("idf", "owners", "values", "starts")
_CODE = ("index.py", "eight_bits.py", "lexical.py", "projection.py", "../language/normalise.py", "../language/dictionary.py")
KEPT = 3
HALF_AN_HOUR = 1800.0
"""Seconds after which a folder that was never finished was left by a power cut."""


def name_of(version: str, encoder: str, projection: str, terms: Iterable[Term]) -> str:
    made = hashlib.blake2s(digest_size=8)
    for file in _CODE:
        made.update((Path(__file__).parent / file).read_bytes())
    made.update(repr(sorted(terms)).encode())
    return f"{version}-{encoder}-{projection}-{made.hexdigest()}"


def load(folder: Path, name: str) -> Learned | None:
    """What was kept under that name, mapped read-only; None if nothing was, or a power cut damaged it (then it is removed)."""
    home = folder / name
    if not home.is_dir():
        return None
    try:
        return _read(home)
    except (OSError, ValueError, KeyError, EOFError):
        shutil.rmtree(home, ignore_errors=True)
        return None


def _read(home: Path) -> Learned:
    notes = json.loads((home / "notes.json").read_text(encoding="utf-8"))
    lexicon = Lexicon(notes["size"], *(_mapped(home, stem) for stem in _POSTINGS))
    meanings = EightBits(_mapped(home, "meanings"), _mapped(home, "meanings_steps"))
    return Learned(meanings, lexicon, notes["counts"], Dictionary(_mapped(home, "known")))


def _mapped(home: Path, stem: str) -> np.ndarray:
    # A plain array on the mapped file: each slice of a memmap would cost 10 µs, and a question takes hundreds.
    return np.asarray(np.load(home / f"{stem}.npy", mmap_mode="r").view(np.ndarray))


def keep(folder: Path, name: str, learned: Learned) -> None:
    """Write it, whole or not at all; forget all but the newest KEPT."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".half-*"):
        if time.time() - left.stat().st_mtime > HALF_AN_HOUR:
            shutil.rmtree(left, ignore_errors=True)
    half = Path(tempfile.mkdtemp(prefix=".half-", dir=folder))
    arrays = {stem: getattr(learned.lexicon, stem) for stem in _POSTINGS}
    arrays |= {"meanings": learned.meanings.numbers, "meanings_steps": learned.meanings.steps, "known": learned.known.digests}
    for stem, array in arrays.items():
        np.save(half / f"{stem}.npy", array)
    (half / "notes.json").write_text(json.dumps({"size": learned.lexicon.size, "counts": learned.counts}, ensure_ascii=False), encoding="utf-8")
    for path in half.iterdir():  # on the disk before it gets its name
        with path.open("rb") as file:
            os.fsync(file.fileno())
    try:
        os.rename(half, folder / name)
    except OSError:  # another process was first; its folder is as good
        shutil.rmtree(half, ignore_errors=True)
    kept = sorted((p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")), key=lambda p: p.stat().st_mtime)
    for old in kept[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
