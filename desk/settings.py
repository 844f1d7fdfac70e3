"""Every setting of the desk, read once from the environment (names in capitals) or ``.env``."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from desk.advising.address import read_address
from desk.errors import Invalid
from desk.office import OfficeHours

DEVELOPMENT_SECRET = "development-only"


class Settings(BaseSettings):
    """Defaults run one machine in development; see .env.example for each in words."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    environment: Literal["development", "production"] = "development"
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    desk_processes: int = Field(1, ge=1, le=64)
    desk_number: int = Field(0, ge=0)
    prometheus_multiproc_dir: str = ""
    database_url: str = "sqlite:///var/waymark.db"
    redis_url: str = ""
    secret_key: str = DEVELOPMENT_SECRET
    rasa_url: str = "http://127.0.0.1:5005"
    rasa_token: str = DEVELOPMENT_SECRET
    rasa_database_url: str = "sqlite:///var/rasa.db"
    actions_url: str = "http://127.0.0.1:5055"
    bot_timeout_s: float = Field(4.0, gt=0, le=30)
    allowed_origins: str = ""
    encoder: Literal["both", "hashing"] = "both"
    gazetteer_file: Path = Path("var/gazetteer.json")
    index_folder: Path = Path("var/index")
    links_file: Path = Path("var/links.json")
    scorecard_file: Path = Path("evaluation/results/scorecard.json")
    message_limit: int = Field(4000, ge=100, le=20000)
    messages_per_minute: int = Field(1200, ge=1)
    conversations_per_minute: int = Field(6000, ge=1)
    publishing_needs_second_person: bool = False
    session_hours: float = Field(10.0, gt=0)
    session_idle_minutes: float = Field(120.0, gt=0)
    oidc_discovery_url: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = "a district account"
    oidc_domains: str = ""
    oidc_default_role: Literal["advisor", "editor"] = "advisor"
    keep_transcripts_at_least_days: int = Field(90, ge=1)
    keep_transcripts_at_most_days: int = Field(180, ge=2)
    keep_misses_at_least_days: int = Field(90, ge=1)
    keep_misses_at_most_days: int = Field(180, ge=2)
    keep_audit_at_least_days: int = Field(1095, ge=1)
    keep_audit_at_most_days: int = Field(1460, ge=2)
    keep_logs_at_least_days: int = Field(14, ge=1)
    keep_logs_at_most_days: int = Field(30, ge=2)
    log_folder: Path = Path("var/log")
    office_hours: str = "mon-fri 08:00-17:00"
    time_zone: str = "America/Los_Angeles"
    stale_waiting_hours: float = Field(72.0, gt=0)
    stale_advisor_minutes: float = Field(60.0, gt=0)
    public_url: str = ""
    smtp_host: str = ""
    smtp_port: int = Field(587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = ""
    crisis_emails: str = ""
    digest_day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun", "never"] = "mon"
    digest_hour: int = Field(7, ge=0, le=23)

    @field_validator("database_url")
    @classmethod
    def _psycopg(cls, url: str) -> str:
        """postgresql:// means psycopg 3 here."""
        return url.replace("postgresql://", "postgresql+psycopg://", 1)

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, url: str) -> str:
        if url and not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must look like redis://host:6379/0, or be empty for one process")
        return url

    @model_validator(mode="after")
    def _no_default_secret_in_production(self) -> Settings:
        if self.environment == "production":
            for name in ("secret_key", "rasa_token"):
                value = getattr(self, name)
                if value == DEVELOPMENT_SECRET or len(value) < 24:
                    raise ValueError(
                        f"{name.upper()} must be a secret of at least 24 characters in production; for example: {secrets.token_urlsafe(32)}"
                    )
        return self

    @model_validator(mode="after")
    def _several_need_redis(self) -> Settings:
        if self.desk_processes > 1 and not self.redis_url:
            raise ValueError("DESK_PROCESSES above 1 needs REDIS_URL, so that a student connected to one process hears what another stored")
        return self

    @model_validator(mode="after")
    def _hours_can_be_read(self) -> Settings:
        OfficeHours.parse(self.office_hours, self.time_zone)
        return self

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Settings:
        if self.smtp_host and "@" not in self.mail_from:
            raise ValueError("MAIL_FROM must be an e-mail address when SMTP_HOST is set; for example: Advising <advising@example.org>")
        return self

    @model_validator(mode="after")
    def _crises_can_be_told(self) -> Settings:
        for address in self.crisis_email_list:
            try:
                read_address(address)
            except Invalid:
                raise ValueError(
                    f"CRISIS_EMAILS: {address!r} is not an e-mail address; write several like ana@example.org, sam@example.org"
                ) from None
        if self.crisis_emails and not self.smtp_host and self.environment == "production":
            raise ValueError("CRISIS_EMAILS needs SMTP_HOST: without a mail server nobody would be told of a crisis")
        return self

    @property
    def crisis_email_list(self) -> list[str]:
        return [address.lower() for address in _listed(self.crisis_emails)]

    @property
    def address(self) -> str:
        """Where students reach the desk, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def digest_weekday(self) -> int | None:
        """Monday is 0; None: no e-mail is wanted."""
        days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        return days.index(self.digest_day) if self.digest_day in days else None

    @property
    def rasa_urls(self) -> list[str]:
        return _listed(self.rasa_url)

    @property
    def actions_urls(self) -> list[str]:
        return _listed(self.actions_url)

    @property
    def desk_name(self) -> str:
        """The same after a restart, unlike every other desk's."""
        return f"{socket.gethostname()}:{self.port}:{self.desk_number}"

    @model_validator(mode="after")
    def _district_is_whole(self) -> Settings:
        if self.oidc_discovery_url and not (self.oidc_client_id and self.oidc_client_secret):
            raise ValueError("OIDC_DISCOVERY_URL needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, as the district gave them to you")
        if self.oidc_discovery_url and self.environment == "production" and not self.oidc_discovery_url.startswith("https://"):
            raise ValueError("OIDC_DISCOVERY_URL must begin with https:// in production")
        return self

    @property
    def oidc_domain_list(self) -> list[str]:
        return [domain.lower().lstrip("@") for domain in _listed(self.oidc_domains)]

    @model_validator(mode="after")
    def _kept_between_two_bounds(self) -> Settings:
        for kind in ("transcripts", "misses", "audit", "logs"):
            least, most = getattr(self, f"keep_{kind}_at_least_days"), getattr(self, f"keep_{kind}_at_most_days")
            if most <= least:
                raise ValueError(f"KEEP_{kind.upper()}_AT_MOST_DAYS ({most}) must be more than KEEP_{kind.upper()}_AT_LEAST_DAYS ({least})")
        if self.keep_misses_at_least_days > self.keep_transcripts_at_least_days:
            raise ValueError(
                "KEEP_MISSES_AT_LEAST_DAYS cannot be more than KEEP_TRANSCRIPTS_AT_LEAST_DAYS: a missed question goes with its conversation"
            )
        return self

    @property
    def origins(self) -> list[str]:
        return _listed(self.allowed_origins)


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]
