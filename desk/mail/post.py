"""E-mail on its way out: by SMTP, or onto the console in development, or not at all."""

from __future__ import annotations

import sys
from email.message import EmailMessage
from typing import Protocol, TextIO

import aiosmtplib

from desk.settings import Settings

TIMEOUT_S = 20


class NotSent(Exception):
    """The e-mail did not get away; trying again later makes sense. Names no address."""


class Post(Protocol):
    """`works`: can e-mail be sent at all? Only then is a student asked for an address."""

    works: bool

    async def send(self, to: str, subject: str, text: str) -> None:
        """Raises NotSent."""


class ConsolePost:
    """Shows each e-mail where the desk runs, so that hand-off can be tried without a mail server."""

    works = True

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out

    async def send(self, to: str, subject: str, text: str) -> None:
        print(f"--- e-mail to {to}\nSubject: {subject}\n\n{text}\n---", file=self._out or sys.stdout, flush=True)


class NoPost:
    """Production without a mail server: no address is asked for."""

    works = False

    async def send(self, to: str, subject: str, text: str) -> None:
        raise NotSent("there is no mail server; set SMTP_HOST")


class SmtpPost:
    """One connection an e-mail: they are few."""

    works = True

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def send(self, to: str, subject: str, text: str) -> None:
        settings, message = self._settings, EmailMessage()
        message["From"], message["To"], message["Subject"] = settings.mail_from, to, subject
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        try:
            await aiosmtplib.send(
                message, hostname=settings.smtp_host, port=settings.smtp_port, timeout=TIMEOUT_S,
                username=settings.smtp_user or None, password=settings.smtp_password if settings.smtp_user else None,
                use_tls=settings.smtp_security == "tls", start_tls=settings.smtp_security == "starttls",
            )  # fmt: skip
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotSent(type(error).__name__) from error


def make_post(settings: Settings) -> Post:
    if settings.smtp_host:
        return SmtpPost(settings)
    return ConsolePost() if settings.environment == "development" else NoPost()
