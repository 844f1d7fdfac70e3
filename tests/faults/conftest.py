"""At the end of a run with faults their table is printed."""

from __future__ import annotations

import pytest

from tests.faults.fault_table import FAULTS, told


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if FAULTS:
        terminalreporter.section("faults")
        terminalreporter.write_line(told())
