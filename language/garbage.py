"""Python's look for garbage, kept away from what stays in memory and made seldom. For desk, actions and Rasa, once all is loaded."""

from __future__ import annotations

import gc

SELDOM = 20_000, 20, 20
"""Objects made before the young are looked through, and looks before the older ones are. A turn makes a few thousand that
nothing points to any more at its end and that need no look."""


def set_aside() -> None:
    """What is there now, the knowledge and the model, is never looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
