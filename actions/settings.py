"""Every setting of the action server: those of knowledge, and where it is what day."""

from __future__ import annotations

from knowledge.settings import Settings as KnowledgeSettings


class Settings(KnowledgeSettings):
    time_zone: str = "America/Los_Angeles"
