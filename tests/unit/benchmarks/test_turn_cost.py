"""Processor time is counted by program, over a whole family of processes."""

from __future__ import annotations

import subprocess
import sys
import time

from benchmarks.turn_cost import PROGRAMS, processor_ms


def test_a_program_that_works_is_charged_and_others_are_not() -> None:
    script = "import time\nwhile time.process_time() < 0.3: pass\ntime.sleep(30)  # desk serve"
    process = subprocess.Popen([sys.executable, "-c", script])
    try:
        end = time.monotonic() + 60
        while (used := processor_ms(process.pid))["desk"] < 250 and time.monotonic() < end:
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    assert set(used) == set(PROGRAMS)
    assert used["desk"] >= 250 and used["rasa"] == 0
