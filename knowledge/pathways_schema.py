"""What occupations, programs, counties and organizations are. One CSV file a kind in content/pathways/."""

from __future__ import annotations

from knowledge.schema import Document

TABLES: dict[str, type[Document]] = {}
"""Kinds by the stem of their CSV file."""
