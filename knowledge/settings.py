"""Every setting of the knowledge command line; the action server has these too."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    database_url: str = "sqlite:///var/waymark.db"
    encoder: Literal["both", "hashing"] = "both"
    gazetteer_file: Path = Path("var/gazetteer.json")
    index_folder: Path = Path("var/index")
    links_file: Path = Path("var/links.json")

    @field_validator("database_url")
    @classmethod
    def _psycopg(cls, url: str) -> str:
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
