"""Which topic was taken for which, as numbers and as a picture (SVG text, no script, nothing fetched)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape

from evaluation.questions import OUT_OF_SCOPE
from evaluation.scoring import ANSWERING, Judged

CELL, LEFT, TOP = 26, 250, 210
SLANT = 120  # room for the last slanted name
OUTSIDE, ASKED_BACK = "out of scope", "asked back"


def confused(judged: Iterable[Judged]) -> Counter[tuple[str, str]]:
    """(label, what came) → how often; only replies with a wrong topic, or a question back without the right one."""
    found: Counter[tuple[str, str]] = Counter()
    for j in judged:
        label = OUTSIDE if j.question.domain == OUT_OF_SCOPE else j.question.topic
        if j.question.domain == OUT_OF_SCOPE and j.status in ANSWERING:
            found[label, j.topic or j.status] += 1
        elif j.in_scope and not j.offered:
            found[label, _came(j)] += 1
    return found


def _came(j: Judged) -> str:
    if j.status == "clarify":
        return ASKED_BACK
    return (j.topic or j.status) if j.status in ANSWERING else j.status.replace("_", " ")


def picture(found: Counter[tuple[str, str]]) -> str:
    """A grid: a row a label, a column an answer, a square a pair, with its count. Words and numbers carry it, not colour alone."""
    if not found:
        return "<p>No topic was taken for another.</p>"
    rows, columns = sorted({a for a, _ in found}), sorted({b for _, b in found})
    width, height = LEFT + CELL * len(columns) + SLANT, TOP + CELL * len(rows) + 10
    most = max(found.values())
    parts = [
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="ct cd">',
        '<title id="ct">Topics confused</title>',
        f'<desc id="cd">{escape(sentence(found))}</desc>',
    ]
    for y, row in enumerate(rows):
        parts.append(f'<text x="{LEFT - 8}" y="{TOP + CELL * y + 17}" text-anchor="end">{escape(row)}</text>')
    for x, column in enumerate(columns):
        place = f"{LEFT + CELL * x + 17},{TOP - 8}"
        parts.append(f'<text transform="translate({place}) rotate(-60)">{escape(column)}</text>')
    for y, row in enumerate(rows):
        for x, column in enumerate(columns):
            parts += _square(LEFT + CELL * x, TOP + CELL * y, found[row, column], most)
    return "\n".join([*parts, "</svg>"])


def _square(x: int, y: int, count: int, most: int) -> list[str]:
    strength = 0.2 + 0.35 * count / most  # never so strong that the ink on it is hard to read, by day or by night
    box = f'<rect x="{x}" y="{y}" width="{CELL - 2}" height="{CELL - 2}" class="cell"'
    if not count:
        return [f"{box}/>"]
    return [
        f'{box} style="fill:#9a3412;fill-opacity:{strength:.2f}"/>',
        f'<text x="{x + 12}" y="{y + 17}" text-anchor="middle" class="count">{count}</text>',
    ]


def sentence(found: Counter[tuple[str, str]], most: int = 12) -> str:
    """The commonest confusions in words."""
    ranked = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:most]
    return "; ".join(f"{label} → {came}: {count}" for (label, came), count in ranked)
