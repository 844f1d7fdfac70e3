"""Starts Rasa: ``python -m bot.serve [--port N]``. Loopback only, with a token.

``skops.io`` is imported before TensorFlow on purpose: it scans every loaded module, which took 8 s the other way round.
"""

import argparse
import json
import logging
import os
import socket
import sys
import time
from typing import Any, Dict

DEFAULTS = {
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "RASA_TELEMETRY_ENABLED": "false",
    "SANIC_WORKERS": "1",
    "RASA_DATABASE_URL": "sqlite:///var/rasa.db",
    "ACTIONS_WEBHOOK": "http://127.0.0.1:5055/webhook",
    # numpy shares the two cores with the desk and the actions; more threads only fight.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def check_each_schema_once() -> None:
    """Rasa validates every answer of the action server, and jsonschema checks the constant schema itself each time.

    That took 19 ms a turn, half of Rasa's work; with a validator made once it takes 0.02 ms.
    """
    import jsonschema

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


def keep_words_out_of_the_log() -> None:
    """When a turn is cut off, Rasa's REST channel logs what the student wrote. Nothing a student wrote is ever logged."""
    logging.getLogger("rasa.core.channels.rest").disabled = True


def let_the_desk_start_first(port: int, patience_s: float = 4.0) -> None:
    """Wait until something listens there. TensorFlow's import would take the processor from a desk that needs two seconds."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.serve")
    parser.add_argument("--port", default=os.environ.get("RASA_PORT", "5005"))
    parser.add_argument("--model", default="var/models")
    arguments = parser.parse_args()
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    if "START_AFTER_PORT" in os.environ:
        let_the_desk_start_first(int(os.environ["START_AFTER_PORT"]))
    token = os.environ.get("RASA_TOKEN", "development-only")
    import skops.io  # noqa: F401
    from rasa.__main__ import main as rasa

    sys.argv = [
        "rasa", "run", "--enable-api", "--interface", "127.0.0.1", "--port", str(arguments.port), "--model", arguments.model,
        "--endpoints", "endpoints.yml", "--credentials", "credentials.yml", "--auth-token", token, "--log-file", os.devnull,
    ]  # fmt: skip
    rasa()


if __name__ == "__main__":
    main()
