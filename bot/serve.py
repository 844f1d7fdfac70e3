"""Starts Rasa: ``python -m bot.serve [--port N]``. Loopback only, with a token.

``skops.io`` is imported before Rasa on purpose: it scans every loaded module, which took 8 s the other way round.
"""

import argparse
import json
import os
import time
import urllib.request
from pathlib import Path

from bot.stand_in import leave_out_tensorflow

DEFAULTS = {
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "RASA_TELEMETRY_ENABLED": "false",
    "SANIC_WORKERS": "1",
    "RASA_DATABASE_URL": "sqlite:///var/rasa.db",
    "RASA_PORT": "5005",
    "ACTIONS_WEBHOOK": "http://127.0.0.1:5055/webhook",
    "REDIS_URL": "",
    "PROCESS_NUMBER": "0",
    # The desk gives a turn up after a few seconds; a lock of a Rasa that died must not outlive that by much.
    "TICKET_LOCK_LIFETIME": "6",
    # numpy shares the two cores with the desk and the actions; more threads only fight.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def let_the_desk_start_first(port: int, patience_s: float = 4.0) -> None:
    """Wait until it answers from knowledge: Rasa's imports would take the processor from a desk that needs three seconds for that."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as answer:
                if json.load(answer)["knowledge_version"] != "loading":
                    return
        except (OSError, ValueError, KeyError):
            pass  # not listening yet
        time.sleep(0.1)


def own(name: str) -> str:
    """What of a list, separated by commas, is for this process: the value at its PROCESS_NUMBER, from the start again after the last."""
    values = os.environ[name].split(",")
    return values[int(os.environ["PROCESS_NUMBER"]) % len(values)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bot.serve")
    parser.add_argument("--port")
    parser.add_argument("--model", default="var/models")
    arguments = parser.parse_args()
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    os.environ["ACTIONS_WEBHOOK"] = own("ACTIONS_WEBHOOK")
    if "START_AFTER_PORT" in os.environ:
        let_the_desk_start_first(int(os.environ["START_AFTER_PORT"]))
    leave_out_tensorflow(Path("config.yml"))
    serve(arguments.port or own("RASA_PORT"), arguments.model, os.environ.get("RASA_TOKEN", "development-only"))


def serve(port: str, model: str, token: str) -> None:
    """What ``rasa run --enable-api`` does, without what this bot has no use for."""
    import skops.io  # noqa: F401
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    from bot import lean, lean_model
    from bot.action_server import KeptConnection

    configure_logging_and_warnings()
    configure_structlog()
    lean.trim()
    lean_model.trim()
    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    endpoints.action = KeptConnection(endpoints.action.url, **endpoints.action.kwargs)
    serve_application(
        model, interface="127.0.0.1", port=int(port), credentials="credentials.yml", auth_token=token, endpoints=endpoints, log_file=os.devnull
    )


if __name__ == "__main__":
    main()
