"""Many lives of a conversation, in any order of what can happen; see tests/integration/test_never_two_owners.py."""

from __future__ import annotations

import pytest

from tests.integration.conftest import Prepared, prepared
from tests.integration.test_never_two_owners import live

__all__ = ["prepared"]


@pytest.mark.timeout(900)
def test_many_conversations_live_through_anything(prepared: Prepared) -> None:
    live(prepared, 100)
