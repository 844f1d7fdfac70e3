"""E-mail by a mail server of our own, on the console, and not at all."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest

from desk.mail.post import ConsolePost, NoPost, NotSent, SmtpPost, make_post
from desk.settings import Settings


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[call-arg]


class MailServer:
    """Speaks just enough SMTP to take one e-mail. `refuses`: says no to the receiver."""

    def __init__(self, refuses: bool = False) -> None:
        self.refuses = refuses
        self.heard: list[str] = []

    async def __aenter__(self) -> MailServer:
        self.server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        await self.server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        await say("220 here")
        within = False
        while line := (await reader.readline()).decode().rstrip("\r\n") if not reader.at_eof() else "":
            self.heard.append(line)
            word = line.split(" ")[0].upper()
            if within:
                if line == ".":
                    within = False
                    await say("250 taken")
            elif word == "DATA":
                within = True
                await say("354 go on")
            elif word == "RCPT" and self.refuses:
                await say("550 nobody of that name")
            elif word == "QUIT":
                await say("221 bye")
                break
            else:
                await say("250 fine")
            if within:
                while (line := (await reader.readline()).decode().rstrip("\r\n")) != ".":
                    self.heard.append(line)
                within = False
                await say("250 taken")
        writer.close()


async def test_an_email_reaches_the_mail_server() -> None:
    async with MailServer() as server:
        post = make_post(settings(smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none", mail_from="Advising <a@example.org>"))
        assert isinstance(post, SmtpPost) and post.works
        await post.send("maya@example.org", "Una respuesta", "Sí, hasta el viernes.")
    text = "\n".join(server.heard)
    assert "RCPT TO:<maya@example.org>" in text and "Subject: Una respuesta" in text and "From: Advising <a@example.org>" in text
    assert "Auto-Submitted: auto-generated" in text


async def test_a_refusal_says_so_without_the_address() -> None:
    async with MailServer(refuses=True) as server:
        post = SmtpPost(settings(smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none", mail_from="a@example.org"))
        with pytest.raises(NotSent) as refused:
            await post.send("maya@example.org", "s", "t")
    assert "maya" not in str(refused.value)


async def test_a_server_that_is_not_there_is_not_sent() -> None:
    with pytest.raises(NotSent):
        await SmtpPost(settings(smtp_host="127.0.0.1", smtp_port=9, mail_from="a@example.org")).send("maya@example.org", "s", "t")


async def test_in_development_an_email_is_shown_on_the_console() -> None:
    assert isinstance(make_post(settings()), ConsolePost)
    out = io.StringIO()
    await ConsolePost(out).send("maya@example.org", "Hello", "Some words")
    assert "to maya@example.org" in out.getvalue() and "Some words" in out.getvalue()


async def test_production_without_a_mail_server_sends_nothing_and_says_what_to_set() -> None:
    post = make_post(settings(environment="production", secret_key="s" * 30, rasa_token="t" * 30))
    assert isinstance(post, NoPost) and not post.works
    with pytest.raises(NotSent, match="SMTP_HOST"):
        await post.send("maya@example.org", "s", "t")


def test_a_mail_server_needs_a_sender() -> None:
    with pytest.raises(ValueError, match="MAIL_FROM"):
        settings(smtp_host="mail.example.org")
