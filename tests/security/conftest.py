"""A whole desk in this process, as in tests/integration."""

from __future__ import annotations

from tests.integration.conftest import *  # noqa: F403
