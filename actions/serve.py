"""Starts the action server: ``python -m actions.serve [--port N]``. Loopback only."""

from __future__ import annotations

import argparse
import os
import threading

HOST = "127.0.0.1"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m actions.serve")
    ports = os.environ.get("ACTIONS_PORT", "5055").split(",")
    parser.add_argument("--port", type=int, default=int(ports[int(os.environ.get("PROCESS_NUMBER", "0")) % len(ports)]))
    arguments = parser.parse_args()
    from rasa_sdk.endpoint import create_app
    from rasa_sdk.executor import ActionExecutor

    from actions import wiring
    from language import garbage

    executor = ActionExecutor()
    executor.register_package("actions")

    def warm_up() -> None:
        """The first student should not wait for the index, and none for a look through all of it for garbage."""
        wiring.assistant().runtime.current()
        garbage.set_aside()

    threading.Thread(target=warm_up, daemon=True).start()
    # One process: Sanic's manager beside a worker would hold the index a second time.
    create_app(executor, cors_origins=None).run(host=HOST, port=arguments.port, single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main()
