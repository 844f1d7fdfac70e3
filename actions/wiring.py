"""The one assistant all skills share, made at first use."""

from __future__ import annotations

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

from actions.settings import Settings
from knowledge.assistant import Assistant
from knowledge.runtime import Runtime
from knowledge.store import Store, make_engine
from knowledge.vocabulary import terms_of, write_gazetteer
from language import encoder


@cache
def assistant() -> Assistant:
    settings = Settings()
    store = Store(make_engine(settings.database_url))
    runtime = Runtime(
        store, encoder.load(settings.encoder, settings.index_folder), terms_of, write_gazetteer(settings.gazetteer_file), settings.index_folder
    )
    zone = ZoneInfo(settings.time_zone)
    return Assistant(runtime, lambda: dt.datetime.now(zone).date())
