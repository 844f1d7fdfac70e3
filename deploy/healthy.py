"""Ends with 0 if the desk here can serve students, for Docker and monitoring: ``.venv/bin/python deploy/healthy.py``.

Degraded is well enough: the desk answers from knowledge then. Prints what /health says.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from desk.settings import Settings  # noqa: E402


def main() -> int:
    address = f"http://127.0.0.1:{Settings().port}/health"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            report = json.load(answer)
    except (urllib.error.URLError, OSError, ValueError) as error:
        print(f"{address} does not answer: {error}")
        return 1
    print(json.dumps(report))
    return 0 if report.get("status") in ("ok", "degraded") else 1


if __name__ == "__main__":
    sys.exit(main())
