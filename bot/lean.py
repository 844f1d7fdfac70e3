"""What Rasa does again in every turn although once is enough. Each takes the place of something in Rasa, with its reason.

Rasa Open Source has ended at 3.6, so what is replaced here does not move; tests/unit/bot compares old and new.
"""

import functools
import json
import logging
from typing import Any, Dict, List, Optional, Text, Tuple

import jsonschema
import rasa.core.policies.rule_policy
import rasa.core.processor
import rasa.core.run
from rasa.core.actions.action import RemoteAction
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot

from language import garbage


def trim() -> None:
    check_each_schema_once()
    see_at_a_glance_that_an_answer_is_right()
    copy_nothing_for_a_log_that_is_off()
    copy_slots_simply()
    look_once_whether_the_domain_is_empty()
    look_up_each_event_once()
    keep_words_out_of_the_log()
    leave_the_model_out_of_garbage_collection()
    rasa.core.processor.DaskGraphRunner = StraightRunner


def check_each_schema_once() -> None:
    """Rasa validates every answer of the action server, and jsonschema checks the constant schema itself each time.

    That took 19 ms a turn, half of Rasa's work; with a validator made once it takes 0.02 ms.
    """
    made: Dict[str, Any] = {}

    def validate(instance: Any, schema: Dict[str, Any], cls: Any = None, *args: Any, **kwargs: Any) -> None:
        key = json.dumps(schema, sort_keys=True)
        if key not in made:
            kind = cls or jsonschema.validators.validator_for(schema)
            kind.check_schema(schema)
            made[key] = kind(schema, *args, **kwargs)
        error = jsonschema.exceptions.best_match(made[key].iter_errors(instance))
        if error is not None:
            raise error

    jsonschema.validate = validate


def see_at_a_glance_that_an_answer_is_right() -> None:
    """An answer without events needs no schema: a list of objects is seen to be one (0.4 ms). All others are checked as by Rasa."""
    check = RemoteAction._validate_action_result

    def checked(self: RemoteAction, result: Any) -> bool:
        plain = isinstance(result, dict) and result.get("events") == [] and isinstance(result.get("responses"), list)
        return (plain and all(isinstance(said, dict) for said in result["responses"])) or check(self, result)

    RemoteAction._validate_action_result = checked


class NoCopies:
    """In place of the module `copy` where Rasa copies only what it then logs for debugging."""

    @staticmethod
    def deepcopy(said: Any) -> Any:
        return said


def copy_nothing_for_a_log_that_is_off() -> None:
    """Rasa copies events, states and names for a line of the debugging log, also when there is none (0.3 ms a turn)."""
    rasa.core.processor.copy = rasa.core.policies.rule_policy.copy = NoCopies


def copy_slots_simply() -> None:
    """Every look back makes trackers with copies of all slots, 60 a turn, by Python's general way for any object."""

    def copied(slot: Slot) -> Slot:
        made: Slot = object.__new__(type(slot))
        made.__dict__.update(slot.__dict__)
        return made

    Slot.__copy__ = copied


def look_once_whether_the_domain_is_empty() -> None:
    """To see that its domain holds something Rasa makes an empty one and compares, each turn."""
    is_empty = Domain.is_empty

    def known(domain: Domain) -> bool:
        if "_known_empty" not in domain.__dict__:
            domain._known_empty = is_empty(domain)
        return bool(domain._known_empty)

    Domain.is_empty = known


def look_up_each_event_once() -> None:
    """A tracker is read event by event, and for each Rasa walks through all classes of events (0.6 ms a turn)."""
    Event.resolve_by_type = staticmethod(functools.lru_cache(maxsize=None)(Event.resolve_by_type))


def keep_words_out_of_the_log() -> None:
    """When a turn is cut off, Rasa's REST channel logs what the student wrote. Nothing a student wrote is ever logged.

    A filter, because a logger that is only disabled is enabled again when Sanic sets up its own.
    """
    logging.getLogger("rasa.core.channels.rest").addFilter(lambda _record: False)


def leave_the_model_out_of_garbage_collection() -> None:
    """Python looks through everything for garbage now and then; the model and the modules stay and need no look."""
    load = rasa.core.run.load_agent_on_start

    async def load_and_set_aside(*arguments: Any) -> Any:
        agent = await load(*arguments)
        garbage.set_aside()
        return agent

    rasa.core.run.load_agent_on_start = load_and_set_aside


class StraightRunner(DaskGraphRunner):
    """Runs the components one after another, in an order worked out once. Dask plans a schedule anew for each run, three a turn (1 ms)."""

    def run(self, inputs: Optional[Dict[Text, Any]] = None, targets: Optional[List[Text]] = None) -> Dict[Text, Any]:
        done: Dict[Text, Tuple[Text, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        wanted = tuple(targets or self._graph_schema.target_names)
        for name in self._order(wanted):
            if name not in done:
                needs = self._graph_schema.nodes[name].needs.values()
                done[name] = self._instantiated_nodes[name](*(done[need] for need in needs))
        return dict(done[target] for target in wanted)

    def _order(self, targets: Tuple[Text, ...]) -> List[Text]:
        """Every node the targets rest on, each after what it needs."""
        known: Dict[Tuple[Text, ...], List[Text]] = self.__dict__.setdefault("_orders", {})
        if targets not in known:
            order: Dict[Text, None] = {}
            for target in targets:
                self._add(target, order)
            known[targets] = list(order)
        return known[targets]

    def _add(self, name: Text, order: Dict[Text, None]) -> None:
        node = self._graph_schema.nodes.get(name)
        if node is None or name in order:  # an input, or there already
            return
        for need in node.needs.values():
            self._add(need, order)
        order[name] = None
