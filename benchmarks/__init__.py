"""Is it fast? The whole product measured beside a default Rasa bot, in one run: ``python -m benchmarks``."""
