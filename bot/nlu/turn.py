"""The message that Rasa works on, as channel and tracker store share it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.events import BotUttered, Event, UserUttered


@dataclass
class Turn:
    """One message on its way through Rasa.

    Attributes:
        message_id: the gateway's; the same where it asks again.
        said: what is said to it; filled while Rasa works.
        kept: False for a probe, which leaves no trace.
        before: what was said to this very message before; it is said again, and nothing changes.
        outrun: the conversation has moved on in another Rasa meanwhile; nothing was saved.
    """

    message_id: str | None
    said: list[dict[str, Any]] = field(default_factory=list)
    kept: bool = True
    before: list[dict[str, Any]] | None = None
    outrun: bool = False

    @property
    def saves(self) -> bool:
        """True where the conversation changes: what nobody answers did not happen."""
        return self.kept and self.before is None and bool(self.said)


TURN: ContextVar[Turn | None] = ContextVar("turn", default=None)


def said_to(
    events: Iterable[Event], message_id: str, recipient: str
) -> list[dict[str, Any]] | None:
    """What was said to a message, in the channel's form; None where it is not among the events.

    Only the last message's reply is kept: to an older one that comes again, nothing is said.
    """
    said: list[dict[str, Any]] | None = None
    this = False
    for event in events:
        if isinstance(event, UserUttered):
            this = event.message_id == message_id
            said = [] if this else said
        elif this and said is not None and isinstance(event, BotUttered):
            data: Mapping[str, Any] = event.data or {}
            part = {k: v for k, v in {"text": event.text, **data}.items() if v}
            said += [{"recipient_id": recipient, **part}] if part else []
    return said
