"""Runs in Rasa's own environment, see conftest.py: what our parts of it do there, as JSON on the last line."""

from __future__ import annotations

import asyncio
import copy
import gc
import json
import logging.config
import sys
import time
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.stand_in import leave_out_tensorflow

FOUND: dict[str, Any] = {"left out": leave_out_tensorflow(Path("config.yml"))}

import jsonschema  # noqa: E402
import numpy as np  # noqa: E402
import rasa.core.run  # noqa: E402
from rasa.core.actions.action import RemoteAction  # noqa: E402
from rasa.core.policies.rule_policy import RulePolicy  # noqa: E402
from rasa.core.processor import DaskGraphRunner  # noqa: E402
from rasa.engine.graph import GraphSchema, SchemaNode  # noqa: E402
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier  # noqa: E402
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer  # noqa: E402
from rasa.nlu.tokenizers.tokenizer import Token  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered  # noqa: E402
from rasa.shared.core.slots import TextSlot  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from rasa.shared.nlu.training_data.features import Features  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from sanic.log import LOGGING_CONFIG_DEFAULTS  # noqa: E402

from bot import lean, lean_model  # noqa: E402
from bot.action_server import KeptConnection, only_what_is_read  # noqa: E402
from bot.tracker_store import KEPT_S, ShortTrackerStore  # noqa: E402

FOUND["tensorflow is loaded"] = sys.modules.get("tensorflow") is not None


def verdicts() -> list[str]:
    """What Rasa's check of an action's answer says of two good and of bad ones."""
    said = []
    answers: list[Any] = [
        {"events": [], "responses": [{}]}, {"events": [{"event": "slot", "name": "county", "value": "King"}], "responses": []},
        {"events": "none"}, {"events": [{"no": "name"}], "responses": []}, {"events": [], "responses": ["text"]}, {"events": [], "responses": {}}, [],
    ]  # fmt: skip
    for answer in answers:
        try:
            RemoteAction("any", None)._validate_action_result(answer)
            said.append("fine")
        except jsonschema.ValidationError as error:
            said.append(error.message.split("\n")[0])
    return said


SENTENCES = {"hi there": "greet", "hello": "greet", "bye now": "bye", "good bye": "bye", "what does it cost": "ask", "who may apply": "ask"}


def acts() -> Any:
    """A small model: acts of a few sentences by their letters and two numbers of their own; returns how it judges one."""
    counts, model = CountVectorsFeaturizer.__new__(CountVectorsFeaturizer), LogisticRegressionClassifier.__new__(LogisticRegressionClassifier)
    counts._identifier = "counts"
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    counts.vectorizers = {"text": CountVectorizer(analyzer="char_wb", ngram_range=(2, 3)).fit(SENTENCES)}
    model.clf, model.config = LogisticRegression(), {"ranking_length": 2}

    def message(text: str) -> Message:
        made = Message({"text": text})
        made.add_features(Features(np.array([[float(len(text)), text.count("e")]]), "sentence", "text", "encoder"))
        (sequence,), (sentence,) = counts._create_features("text", [[Token(text, 0).text, ""]])
        counts.add_features_to_message(sequence, sentence, "text", made)
        return made

    model.clf.fit(model._create_X([message(text) for text in SENTENCES]), list(SENTENCES.values()))

    def judged(text: str) -> Any:
        said = model.process([message(text)])[0]
        return [(act["name"], round(float(act["confidence"]), 12)) for act in [said.get("intent"), *said.get("intent_ranking")]]

    return judged


RULES = [
    [{"prev_action": {"action_name": "action_listen"}, "user": {"intent": act}, **loop}, *then]
    for act in ("ask", "bye")
    for loop in ({}, {"active_loop": {"name": "form"}}, {"active_loop": {"name": "should_not_be_set"}})
    for then in ([], [{"prev_action": {"action_name": "action_answer"}, "user": {"intent": act}}], [{"prev_action": {"action_name": "form"}}])
] + [[{"prev_action": {"action_name": "form"}, "active_loop": {"name": "should_not_be_set"}}], [{"user": {"intent": "ask"}}]]


def rules() -> list[list[str]]:
    """Which rules fit conversations of one or two states: every one a rule may end with, and one that begins."""
    policy = RulePolicy.__new__(RulePolicy)
    lookup = {json.dumps(rule, sort_keys=True): "action_listen" for rule in RULES}
    last = [state for rule in RULES for state in rule] + [{}, {"user": {"intent": "thanks"}, "prev_action": {"action_name": "action_listen"}}]
    return [sorted(policy._get_possible_keys(lookup, states)) for state in last for states in ([state], [last[0], state])]


def words() -> list[Any]:
    """Is a rule looked for by the words of a message: with rules that all name an act, and with one that names words?"""

    class Asked(RulePolicy):
        def __init__(self, rules: list[Any]) -> None:
            self.lookup = {"rules": {json.dumps(rule): "action_listen" for rule in rules}}

    find = lean_model.without_words_nobody_wrote_rules_for(lambda *_: "looked")
    by_words = [{"prev_action": {"action_name": "action_listen"}, "user": {"text": "hi"}}]
    return [find(Asked(found), None, None, asked) for found in (RULES[:-1], [*RULES, by_words]) for asked in (True, False)]


def slots() -> list[Any]:
    """A copy of a slot that changes, and the slot."""
    slot = TextSlot("county", [{"type": "custom"}])
    slot.value = "Yakima"
    copied = copy.copy(slot)
    copied.value = "King"
    return [type(copied).__name__, slot.value, copied.value, copied.has_been_set, copied.mappings is slot.mappings]


def emptiness() -> list[bool]:
    domain = Domain.from_dict({"intents": ["ask"]})
    return [known for _ in range(2) for known in (domain.is_empty(), Domain.empty().is_empty())]


def graphs() -> list[Any]:
    """A diamond of nodes, run by Dask and straight."""

    class Counted:
        ran: list[str] = []

        def __init__(self, name: str) -> None:
            self.name = name

        def __call__(self, *inputs: tuple[str, Any]) -> tuple[str, Any]:
            self.ran.append(self.name)
            return self.name, [self.name, *(value for _, value in inputs)]

    def node(**needs: str) -> SchemaNode:
        return SchemaNode(needs=needs, uses=object, constructor_name="", fn="", config={})  # type: ignore[type-var]

    schema = GraphSchema(
        {"last": node(a="left", b="right"), "left": node(a="first"), "right": node(a="first"), "first": node(a="given"), "idle": node()}
    )
    results = []
    for kind in (DaskGraphRunner, lean.StraightRunner):
        runner = kind.__new__(kind)
        runner._graph_schema, runner._execution_context = schema, None
        runner._instantiated_nodes = {name: Counted(name) for name in schema.nodes}
        Counted.ran = []
        results.append([runner.run({"given": 1}, ["last"]), sorted(Counted.ran), runner.run({"given": 2}, ["left"])])
    return results


async def calls() -> dict[str, Any]:
    """Three calls of an action server that hangs up after the first."""
    heard, peers = [], set()

    async def webhook(request: web.Request) -> web.Response:
        heard.append(await request.json())
        peers.add(request.transport.get_extra_info("peername")[1])
        answer = web.json_response({"events": [], "responses": [{"text": "¿Sí?"}]}, status=404 if heard[-1].get("next_action") == "unknown" else 200)
        if len(heard) == 1:
            answer.force_close()
        return answer

    app = web.Application()
    app.router.add_post("/webhook", webhook)
    server = web.AppRunner(app)
    await server.setup()
    site = web.TCPSite(server, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    endpoint = KeptConnection(f"http://127.0.0.1:{port}/webhook")
    answers = [await endpoint.request(json={"next_action": "a", "tracker": {"events": []}}, method="post", timeout=1) for _ in range(3)]
    try:
        await endpoint.request(json={"next_action": "unknown"})
        refused = ""
    except Exception as error:
        refused = f"{type(error).__name__} {error.status}"  # type: ignore[attr-defined]
    endpoint.close()
    await server.cleanup()
    try:
        await endpoint.request(json={"next_action": "a"})
        away = ""
    except Exception as error:
        away = type(error).__name__
    return {"answers": answers, "connections": len(peers), "refused": refused, "away": away}


async def remembered(folder: str) -> dict[str, Any]:
    """A conversation of five turns, stored and read again."""
    domain = Domain.from_dict({"intents": ["ask"], "slots": {"county": {"type": "text", "mappings": [{"type": "custom"}]}}})
    store = ShortTrackerStore(domain, f"sqlite:///{folder}/rasa.db")
    tracker = DialogueStateTracker.from_events("s", [], slots=domain.slots)
    for n in range(5):
        parsed = {"intent": {"name": "ask"}, "entities": [], "text": f"question {n}", "intent_ranking": [{"name": "ask"}]}
        tracker.update(ActionExecuted("action_listen"))
        tracker.update(UserUttered(f"question {n}", {"name": "ask", "confidence": 0.9}, [], parsed, metadata={"vector": "x" * 1024}))
        if n == 0:
            tracker.update(SlotSet("county", "Yakima"))
        tracker.update(BotUttered("A long answer", {"custom": {"waymark": {}}}))
    await store.save(tracker)
    again = await store.retrieve("s")
    said = [e for e in again.events if isinstance(e, UserUttered)]
    kept = str(await raw(store))
    store._looked = 0.0
    store._forget_old(time.time() + KEPT_S + 60)
    old_is_gone = await store.retrieve("s") is None
    return {
        "old is forgotten": old_is_gone, "texts": [e.text for e in said], "intent": said[0].intent_name, "county": again.get_slot("county"), "vector kept": "x" * 1024 in kept,
        "bot kept": any(isinstance(e, BotUttered) for e in again.events), "slot of a new tracker": tracker.get_slot("county"),
    }  # fmt: skip


async def raw(store: ShortTrackerStore) -> list[Any]:
    with store._engine.connect() as connection:
        return list(connection.exec_driver_sql("select events from rasa_trackers"))


before, types = verdicts(), [Event.resolve_by_type(name) for name in ("user", "bot", "slot", "action")]
FOUND["graphs"] = graphs()
ASKED = ["hello there", "what does the bye cost", "?", "who"]
FOUND["acts"], judged = [[acts()(text) for text in ASKED]], acts()
FOUND["rules"], FOUND["slots"], FOUND["emptiness"] = [rules()], [slots()], [emptiness()]


async def load_agent(*arguments: Any) -> Any:
    return arguments


rasa.core.run.load_agent_on_start = load_agent  # type: ignore[assignment]
lean.trim()
lean_model.trim()
FOUND["acts"].append([judged(text) for text in ASKED])
FOUND["rules"].append(rules())
FOUND["slots"].append(slots())
FOUND["emptiness"].append(emptiness())
FOUND["words"] = words()
kept_out = gc.get_freeze_count()
loaded = asyncio.run(rasa.core.run.load_agent_on_start("model", "endpoints"))  # type: ignore[call-arg,arg-type]
FOUND["garbage"] = {"loaded": loaded, "kept out before": kept_out, "kept out after": gc.get_freeze_count()}
gc.unfreeze()
FOUND["verdicts"] = [before, verdicts()]
FOUND["events alike"] = types == [Event.resolve_by_type(name) for name in ("user", "bot", "slot", "action")]
logging.config.dictConfig(LOGGING_CONFIG_DEFAULTS)  # as Sanic does when it starts
FOUND["rest log is off"] = not logging.getLogger("rasa.core.channels.rest").filter(logging.makeLogRecord({}))
FOUND["calls"] = asyncio.run(calls())
EVENTS = [{"event": "user"}, {"event": "bot"}, {"event": "user"}, {"event": "slot", "name": "county"}]
FOUND["read"] = only_what_is_read({"next_action": "a", "tracker": {"slots": {}, "events": EVENTS}})
FOUND["with domain"] = only_what_is_read({"domain": {"forms": {}}, "tracker": {}})
FOUND["remembered"] = asyncio.run(remembered(sys.argv[1]))
print("\n" + json.dumps(FOUND))
