"""The student API: stable, documented by OpenAPI at /docs."""
