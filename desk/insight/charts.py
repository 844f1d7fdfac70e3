"""Plain charts as SVG text, made on the server. A table with the same numbers stands beside each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, FOOT, HEAD, LEFT = 640, 200, 28, 26, 4


@dataclass(frozen=True)
class Point:
    """`value` None: hidden, or nothing to tell; drawn as a gap."""

    label: str
    value: float | None


def bars(points: Sequence[Point], title: str, unit: str = "") -> str:
    """Bars from nought up; the highest is told in figures."""
    top = max((p.value for p in points if p.value is not None), default=0) or 1
    step = (WIDTH - 2 * LEFT) / max(1, len(points))
    drawn = []
    for place, point in enumerate(points):
        if point.value is None:
            continue
        height = _height(point.value / top)
        x, y = LEFT + place * step + step * 0.1, HEIGHT - FOOT - height
        drawn.append(
            f'<rect class="bar-mark" x="{x:.1f}" y="{y:.1f}" width="{step * 0.8:.1f}" height="{height:.1f}"><title>{_told(point, unit)}</title></rect>'
        )
    return _framed(title, points, "".join(drawn), f"{top:g}{unit}")


def line(points: Sequence[Point], title: str) -> str:
    """Shares from 0 to 100 %, each 0 to 1; a gap where nothing is told."""
    step = (WIDTH - 2 * LEFT) / max(1, len(points))
    runs: list[list[str]] = [[]]
    dots = []
    for place, point in enumerate(points):
        if point.value is None:
            runs.append([])
            continue
        x, y = LEFT + (place + 0.5) * step, HEIGHT - FOOT - _height(point.value)
        runs[-1].append(f"{x:.1f},{y:.1f}")
        shown = f"{point.value * 100:.0f} %"
        dots.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"><title>{escape(point.label)}: {shown}</title></circle>')
    paths = "".join(f'<polyline class="run" points="{" ".join(run)}"/>' for run in runs if len(run) > 1)
    return _framed(title, points, paths + "".join(dots), "100 %")


def interval(low: float, value: float, high: float) -> str:
    """A share with its range, on a scale from 0 to 100 %, small enough to stand in a table."""
    spots = [6 + 108 * x for x in (low, value, high)]
    return (
        '<svg class="range" viewBox="0 0 120 16" width="120" height="16" aria-hidden="true"><line class="axis" x1="6" y1="8" x2="114" y2="8"/>'
        f'<line class="reach" x1="{spots[0]:.1f}" y1="8" x2="{spots[2]:.1f}" y2="8"/><circle class="dot" cx="{spots[1]:.1f}" cy="8" r="4"/></svg>'
    )


def _framed(title: str, points: Sequence[Point], drawn: str, top: str) -> str:
    base = HEIGHT - FOOT
    ends = [points[0].label, points[-1].label] if points else ["", ""]
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title, quote=True)}. The table below tells the numbers.">'
        f'<line class="axis" x1="0" y1="{base}" x2="{WIDTH}" y2="{base}"/><line class="axis faint" x1="0" y1="{HEAD}" x2="{WIDTH}" y2="{HEAD}"/>'
        f'<text x="{LEFT}" y="{HEAD - 8}">{escape(top)}</text>{drawn}'
        f'<text x="{LEFT}" y="{HEIGHT - 8}">{escape(ends[0])}</text><text class="end" x="{WIDTH - LEFT}" y="{HEIGHT - 8}">{escape(ends[1])}</text></svg>'
    )


def _height(share: float) -> float:
    return share * (HEIGHT - FOOT - HEAD)


def _told(point: Point, unit: str) -> str:
    return f"{escape(point.label)}: {point.value:g}{escape(unit)}"
