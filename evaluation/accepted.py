"""The scores last accepted, and whether new ones may stand beside them. Figures only, never a question.

A mark fails when it fell by more than the margin and the fall is not within what chance explains: the near end of the new
figure's one-sided 95 % interval must still reach the accepted figure less the margin. With other questions than the
accepted ones (told by their number), the far end of the accepted figure's interval is the bar instead.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from evaluation.scoring import Share

PATH = Path(__file__).parent / "accepted.json"
MARGIN = 0.01
ONE_SIDED = 1.645
_LESS_IS_BETTER = ("wrong", "false alarm", "loss", "handed off by mistake")


@dataclass(frozen=True)
class Change:
    """One mark, before and now. `failed`: below the bar; `missing`: measured before, not now."""

    name: str
    before: Share
    now: Share | None
    bar: float
    failed: bool

    @property
    def missing(self) -> bool:
        return self.now is None

    def __str__(self) -> str:
        if self.now is None:
            return f"not measured  {self.name:60} was {100 * self.before.value:.1f} %"
        said = "FAILED" if self.failed else "fell" if _worse(self.name, self.now.value, self.before.value) else "holds"
        return f"{said:13} {self.name:60} {100 * self.before.value:.1f} → {100 * self.now.value:.1f} %  (bar {100 * self.bar:.1f} %)"


def less_is_better(name: str) -> bool:
    return any(words in name for words in _LESS_IS_BETTER)


def compare(before: dict[str, Share], now: dict[str, Share], margin: float = MARGIN) -> list[Change]:
    """One change a mark accepted before. Marks without questions are left out; new marks have no bar yet."""
    return [_change(name, old, now.get(name), margin) for name, old in before.items() if old.of]


def _change(name: str, old: Share, new: Share | None, margin: float) -> Change:
    down = less_is_better(name)
    same_questions = new is not None and new.of == old.of
    from_where = old.value if same_questions else old.interval(ONE_SIDED)[1 if down else 0]
    bar = from_where + margin if down else from_where - margin
    if new is None or not new.of:
        return Change(name, old, None, bar, False)
    low, high = new.interval(ONE_SIDED)
    return Change(name, old, new, bar, low > bar if down else high < bar)


def _worse(name: str, now: float, before: float) -> bool:
    return now > before if less_is_better(name) else now < before


def accept(marks: dict[str, Share], today: dt.date, path: Path = PATH) -> None:
    """Make these marks the ones to hold. Marks not among them stay as they were accepted before."""
    kept = load(path) | {name: share for name, share in marks.items() if share.of}
    rows = {name: {"hits": s.hits, "of": s.of} for name, s in kept.items()}
    path.write_text(json.dumps({"accepted_on": today.isoformat(), "marks": rows}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load(path: Path = PATH) -> dict[str, Share]:
    """Nothing, if nothing was accepted yet."""
    if not path.exists():
        return {}
    return {name: Share(**row) for name, row in json.loads(path.read_text(encoding="utf-8"))["marks"].items()}
