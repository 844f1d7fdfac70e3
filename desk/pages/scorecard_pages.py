"""The published scorecard: how well the program answers, for anybody to read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import structlog
from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ValidationError

from desk.insight.charts import interval
from desk.pages.public_pages import language_of
from desk.pages.rendering import DeskHere, page
from knowledge.schema import Text

router = APIRouter(include_in_schema=False)
log = structlog.get_logger("desk.scorecard")


class Mark(BaseModel):
    """`less`: the smaller, the better. `value`, `low`, `high`: 0 to 1, the ends of the 95 % range."""

    name: str
    en: str
    es: str
    less: bool = False
    hits: int
    of: int
    value: float
    low: float
    high: float

    @property
    def picture(self) -> str:
        return interval(self.low, self.value, self.high)


class Scorecard(BaseModel):
    """As evaluation/scorecard.py writes it."""

    date: dt.date
    method: Text
    marks: list[Mark]


def read(path: Path) -> Scorecard | None:
    """None if nothing was published yet, or what was cannot be read; the log then says why."""
    try:
        return Scorecard.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        log.warning("scorecard_unreadable", path=str(path), cause=str(error).splitlines()[0])
        return None


@router.get("/scorecard")
async def scorecard(request: Request, desk: DeskHere) -> HTMLResponse:
    card = await to_thread.run_sync(read, desk.settings.scorecard_file)
    return page(request, "scorecard.html", card=card, language=language_of(request))
