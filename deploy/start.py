"""Starts everything on one machine and says in plain lines where it is: ``.venv/bin/python deploy/start.py``.

Supervisor keeps the processes; this script looks at the ports first, tells when each part is up, and stops all on Ctrl-C.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from deploy.processes import environment, port_of  # noqa: E402
from desk.settings import Settings  # noqa: E402


def taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.3)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def health(settings: Settings) -> dict[str, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.port}/health", timeout=2) as answer:
            report: dict[str, str] = json.load(answer)
            return report
    except (urllib.error.URLError, OSError, ValueError):
        return {}


def tell_when_up(settings: Settings, process: subprocess.Popen[bytes]) -> None:
    """Prints as parts come up; returns when all are or the processes ended."""
    begun = last = time.monotonic()
    desk_said = False
    while process.poll() is None:
        report = health(settings)
        took = time.monotonic() - begun
        if report and not desk_said:
            desk_said = True
            print(
                f"\n  Student page   http://{settings.host}:{settings.port}/\n  Advisors' desk http://{settings.host}:{settings.port}/desk\n",
                flush=True,
            )
            print(f"The desk is up after {took:.1f} s and answers from knowledge; Rasa is still loading.", flush=True)
        if report.get("status") == "ok":
            print(f"Everything is up after {took:.1f} s. Stop with Ctrl-C.", flush=True)
            return
        if time.monotonic() - last > 30:
            last = time.monotonic()
            print(
                f"Still waiting after {took:.0f} s ({', '.join(f'{k} {v}' for k, v in report.items()) or 'desk not up'}); logs are in var/log/.",
                flush=True,
            )
        time.sleep(0.2)


def main() -> int:
    os.chdir(ROOT)
    settings = Settings()
    names = [("desk", settings.port, "PORT")]
    names += [("Rasa", port_of(url), "RASA_URL") for url in settings.rasa_urls]
    names += [("actions", port_of(url), "ACTIONS_URL") for url in settings.actions_urls]
    for name, port, setting in names:
        if taken(port):
            print(
                f"Port {port}, which {name} needs, is taken by another program. Stop it, or set {setting} in .env to another port.", file=sys.stderr
            )
            return 1
    Path("var/log").mkdir(parents=True, exist_ok=True)
    counters = Path("var/metrics")  # those of the processes before are of no use
    shutil.rmtree(counters, ignore_errors=True)
    counters.mkdir()
    process = subprocess.Popen(
        [".venv/bin/supervisord", "--nodaemon", "--configuration", "deploy/supervisord.conf"],
        env={**os.environ, **environment(settings), "PROMETHEUS_MULTIPROC_DIR": str(counters)},
        start_new_session=True,
    )

    def stop(_signal: int, _frame: object) -> None:
        print("\nStopping …", flush=True)
        process.send_signal(signal.SIGTERM)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    tell_when_up(settings, process)
    code = process.wait()
    print("Stopped.", flush=True)
    return 0 if code in (0, -signal.SIGTERM) else code


if __name__ == "__main__":
    sys.exit(main())
