"""Every accepted question that ships gets its answer from the knowledge that ships, with the encoders the product has."""

from __future__ import annotations

import datetime as dt

from knowledge import regression
from knowledge.__main__ import runtime_of
from knowledge.regression_gate import asked
from knowledge.settings import Settings
from knowledge.store import Store, make_engine
from knowledge.trial import Trials


def test_every_accepted_question_that_ships_is_answered_as_it_was_accepted() -> None:
    """A change of the matcher must not turn them: mend the phrasings, or the pair where its label was wrong."""
    settings = Settings()
    published = Trials(runtime_of(settings, Store(make_engine(settings.database_url)))).published()
    found = asked(regression.shipped(), published, dt.date.today)
    assert len(found) > 150
    assert {pair.question: (pair.target, now) for pair, now in found if now != pair.target} == {}
