"""What a turn costs as a picture, for docs/operations.md: ``python -m benchmarks.picture`` draws the last full result again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

from benchmarks.processes import ROOT
from benchmarks.result import RESULTS
from benchmarks.turn_cost import Stages, TurnCost

PICTURE = ROOT / "docs" / "turn-cost.svg"
WIDTH, LEFT, BAR, GAP, TOP = 720, 90, 34, 34, 46
_COLOURS = ("#1b5e8c", "#3f8f6b", "#b5651d", "#8a8f98")
_STYLE = "text{font:13px system-ui,sans-serif;fill:#1c2024}.small{font-size:11px;fill:#4a5058}.in{fill:#fff}"


def parts(cost: TurnCost) -> dict[str, list[tuple[str, float]]]:
    """Each program's stages and what is left for messages between the processes, in milliseconds."""
    s = cost.stages
    known = {"desk": [("intake", s.intake), ("encoding", s.encoding), ("storing", s.storing)], "rasa": []}
    known["actions"] = [("matching", s.matching), ("composing", s.composing)]
    rest = {"desk": "HTTP and events", "rasa": "act, names, rules, HTTP", "actions": "HTTP"}
    return {name: [*stages, (rest[name], round(max(cost.programs[name] - sum(ms for _, ms in stages), 0.0), 2))] for name, stages in known.items()}


def picture(cost: TurnCost, day: str) -> str:
    """An SVG with a bar a program, all to one scale."""
    found = parts(cost)
    total = sum(ms for stages in found.values() for _, ms in stages)
    longest = max(sum(ms for _, ms in stages) for stages in found.values())
    scale = (WIDTH - LEFT - 90) / max(longest, 0.001)
    height = TOP + len(found) * (BAR + GAP) + 8
    title = f"Processor time of one turn: {total:.1f} ms in all, measured {day}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">',
        f'<style>{_STYLE}</style><rect width="{WIDTH}" height="{height}" fill="#fff"/><text x="12" y="24" font-weight="600">{escape(title)}</text>',
    ]
    for row, (name, stages) in enumerate(found.items()):
        lines += _bar(name, stages, TOP + row * (BAR + GAP), scale)
    return "\n".join([*lines, "</svg>", ""])


def _bar(name: str, stages: list[tuple[str, float]], y: float, scale: float) -> Iterator[str]:
    """The legend stands below the bar, so that a narrow stage has its words too."""
    yield f'<text x="12" y="{y + 22}">{escape(name)}</text>'
    x: float = LEFT
    for number, (_, ms) in enumerate(stages):
        colour = _COLOURS[-1] if number == len(stages) - 1 else _COLOURS[number]
        yield f'<rect x="{x:.1f}" y="{y}" width="{ms * scale:.1f}" height="{BAR}" fill="{colour}"/>'
        x += ms * scale
    yield f'<text x="{x + 6:.1f}" y="{y + 22}">{sum(ms for _, ms in stages):.1f} ms</text>'
    legend: float = LEFT
    for number, (stage, ms) in enumerate(stages):
        colour = _COLOURS[-1] if number == len(stages) - 1 else _COLOURS[number]
        words = f"{stage} {ms:.1f}"
        yield f'<rect x="{legend:.0f}" y="{y + BAR + 6}" width="9" height="9" fill="{colour}"/>'
        yield f'<text class="small" x="{legend + 13:.0f}" y="{y + BAR + 14}">{escape(words)}</text>'
        legend += 13 + 6.3 * len(words) + 16


def main() -> None:
    kept = json.loads((RESULTS / "latest.json").read_text(encoding="utf-8"))
    cost = TurnCost(kept["turn_cost"]["programs"], Stages(**kept["turn_cost"]["stages"]))
    PICTURE.write_text(picture(cost, kept["made_on"][:10]), encoding="utf-8")
    print(f"Drawn: {PICTURE}")


if __name__ == "__main__":
    main()
