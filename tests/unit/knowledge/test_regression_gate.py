"""knowledge.trial and knowledge.regression_gate: a change tried on nobody, and the right answers it would turn wrong."""

from __future__ import annotations

import datetime as dt

import pytest

from knowledge import loader
from knowledge.content_files import Content
from knowledge.editing import Editing
from knowledge.regression import Accepted
from knowledge.regression_gate import culprits
from knowledge.runtime import Runtime
from knowledge.schema import Entry, Lines
from knowledge.trial import Trials
from knowledge.vocabulary import terms_of
from language.encoder import HashingEncoder

HELD = "how much does the sunrise grant pay"
PAIRS = [Accepted(HELD, "en", "sunrise_grant.cost"), Accepted("what is trail start", "en", "trail_start.what_is")]
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def runtime(tiny_content: Content, store: Editing) -> Runtime:
    loader.load(tiny_content, store)
    return Runtime(store, HashingEncoder(), terms_of)


@pytest.fixture
def trials(runtime: Runtime) -> Trials:
    return Trials(runtime)


def entry(runtime: Runtime, *phrasings: str) -> Entry:
    found = runtime.snapshot().entries["trail_start.cost"]
    return found.model_copy(update={"phrasings": Lines(en=phrasings or found.phrasings.en, es=found.phrasings.es)})


def found(trials: Trials, changed: Entry, pairs: list[Accepted] = PAIRS) -> list[tuple[str, str, str]]:
    after = trials.of([changed])
    return [(c.question, c.before, c.after) for c in culprits(pairs, trials.published(), after, lambda: TODAY)]


def test_a_change_that_draws_questions_away_is_named_with_before_and_after(runtime: Runtime, trials: Trials) -> None:
    thief = entry(runtime, HELD, *(f"{HELD} {word}" for word in "out today me us kids then now".split()))
    assert found(trials, thief) == [(HELD, "sunrise_grant.cost", "trail_start.cost")]


def test_a_change_that_draws_nothing_away_has_no_culprits(runtime: Runtime, trials: Trials) -> None:
    old = runtime.snapshot().entries["trail_start.cost"].phrasings.en
    assert found(trials, entry(runtime, *old, "is there a fee for trail start")) == []


def test_what_was_wrong_before_and_what_is_not_published_do_not_count(runtime: Runtime, trials: Trials) -> None:
    thief = entry(runtime, HELD, *(f"{HELD} {word}" for word in "out today me us kids then now".split()))
    pairs = [Accepted(HELD, "en", "sunrise_grant.deadline"), Accepted(HELD, "es", "no.such_entry")]
    assert found(trials, thief, pairs) == []


def test_taking_a_target_away_turns_its_questions_wrong(trials: Trials) -> None:
    after = trials.of(without=[("entry", "sunrise_grant.cost")])
    assert [c.before for c in culprits(PAIRS, trials.published(), after, lambda: TODAY)] == ["sunrise_grant.cost"]


def test_a_new_answer_alone_needs_no_new_matcher(runtime: Runtime, trials: Trials) -> None:
    found = runtime.snapshot().entries["trail_start.cost"]
    changed = found.model_copy(update={"answer": found.answer.model_copy(update={"en": "New."})})
    trial = trials.of([changed])
    assert trial.current()[1] is runtime.current()[1]
    assert trial.snapshot().entries["trail_start.cost"].answer.en == "New."
    assert runtime.snapshot().entries["trail_start.cost"].answer.en != "New."
    assert trial.version != runtime.version


def test_the_same_trial_is_made_once_and_a_publish_makes_it_anew(runtime: Runtime, trials: Trials, store: Editing) -> None:
    changed = entry(runtime, *runtime.snapshot().entries["trail_start.cost"].phrasings.en, "zorble the quux")
    first = trials.of([changed])
    assert trials.of([changed]) is first
    store.publish(changed, 1, "ed@example.org")
    assert trials.of([changed]) is not first
    assert trials.published().current()[1].match("zorble the quux").scored[0].target.id == "trail_start.cost"
