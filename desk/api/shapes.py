"""Requests and responses of the student API. Other programs are written against these."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from knowledge.replies import Answer, Choice

MAX_SEQ = 2**31 - 1
ClientId = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[\x21-\x7e]+$")]


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OpenRequest(Request):
    language: Literal["en", "es"] = "en"


class LinkRequest(Request):
    """What stands behind ``#open=`` in the link of an e-mail."""

    link: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class LinkResponse(BaseModel):
    conversation_id: str
    token: str
    language: Literal["en", "es"]


class SendRequest(Request):
    """Either words or a pressed button. `client_id` is made by the client; sending it again is the same message."""

    client_id: ClientId
    text: str | None = None
    choice_id: Annotated[str, StringConstraints(min_length=1, max_length=400)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> SendRequest:
        if (self.text is None) == (self.choice_id is None):
            raise ValueError("send either text or choice_id")
        return self


class FeedbackRequest(Request):
    seq: int = Field(ge=1, le=MAX_SEQ)
    helpful: bool
    comment: Annotated[str, StringConstraints(max_length=500)] = ""


class HandOffRequest(Request):
    reason: Annotated[str, StringConstraints(max_length=200)] | None = None


class ShownMessage(BaseModel):
    seq: int
    client_id: str | None
    sender: Literal["student", "bot", "advisor", "system"]
    text: str
    language: Literal["en", "es"]
    created_at: str
    choices: list[Choice]
    answer: Answer | None
    author: str | None = None


class OpenResponse(BaseModel):
    conversation_id: str
    token: str
    messages: list[ShownMessage]


class SendResponse(BaseModel):
    message: ShownMessage


class ContactRequest(Request):
    """An e-mail address for the reply of a person who was asked for."""

    email: Annotated[str, StringConstraints(max_length=400)]


class ContactResponse(BaseModel):
    """`contact`: the kept address, half hidden; it is given out nowhere else. `meant`: the whole address that was probably meant where
    the kept one looks mistyped, to ask about."""

    contact: str
    meant: str | None = None


class Wait(BaseModel):
    """What a waiting student may be told. `position` in line; `open`: is it office hours; `opens_at`: when next.

    `on_duty`: how many advisors are at the desk. `minutes` still to be expected by the waits of late; null when nobody can say.
    `by_email`: an address can be left for the reply; `contact`: the one left, half hidden. `office`: the office it waits for, if one.
    """

    position: int | None
    open: bool
    opens_at: str | None
    on_duty: int = 0
    minutes: int | None = None
    by_email: bool = False
    contact: str | None = None
    office: str | None = None


class MessagesResponse(BaseModel):
    state: Literal["with_bot", "waiting", "with_advisor", "closed"]
    messages: list[ShownMessage]
    advisor: str | None = None
    wait: Wait | None = None


class HandOffResponse(BaseModel):
    state: Literal["waiting", "with_advisor"]
    wait: Wait


class ErrorBody(BaseModel):
    code: str
    message: str
    details: dict[str, Any] | None = None


class ErrorResponse(BaseModel):
    error: ErrorBody
