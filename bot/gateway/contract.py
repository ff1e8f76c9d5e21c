"""The contract of the public API as types: the OpenAPI description is made from these."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from bot.reply import Message
from bot.text import whole


def _whole(value: Any) -> Any:
    """JSON may escape what is no text; a family's message is read all the same."""
    return whole(value) if isinstance(value, str) else value


class MessageIn(BaseModel):
    """A family's message."""

    # One that is too long is no token of ours, and no reason not to hear a danger.
    conversation: Annotated[str | None, BeforeValidator(_whole)] = Field(
        None, description="Token of an earlier reply."
    )
    text: Annotated[str, BeforeValidator(_whole)] = Field(description="What the family wrote.")
    channel: Literal["web", "sms"] = "web"
    lang: Literal["en", "es"] | None = None


class ReplyOut(BaseModel):
    """What a message is answered with."""

    conversation: str
    lang: Literal["en", "es"]
    urgency: Literal["emergency", "crisis", "urgent", "routine"]
    message_urgency: Literal["emergency", "crisis", "urgent", "routine"]
    topic: str | None
    messages: list[Message]


class Fault(BaseModel):
    """What is wrong with a request."""

    code: str
    message: str


class Refusal(BaseModel):
    """What a refused request gets; `emergency` says whom to call."""

    error: Fault
    emergency: str


class Health(BaseModel):
    """The process lives."""

    status: Literal["ok"]


class Readiness(BaseModel):
    """Whether a message would be answered, and the parts that do not answer."""

    ready: bool
    missing: list[str]
