"""The Rasa engine on loopback, seen from the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from bot.errors import EngineError, EngineTimeout
from bot.reply import Message, Raised


@dataclass(frozen=True)
class EngineAnswer:
    """What Rasa and the action said: messages, danger level of the classifier, explanation.

    Attributes:
        raised: the danger that the answers of a guided check tell of.
        guided: the message was an answer in a guided check, and no word on a danger before.
    """

    messages: tuple[Message, ...]
    levels: Mapping[str, float]
    kinds: Mapping[str, float]
    explain: Mapping[str, Any]
    raised: Raised | None = None
    guided: bool = False

    @property
    def asks(self) -> bool:
        """True where the engine is sure of a question in the message, or has asked for it."""
        return self.guided or any(message.kind == "answer" for message in self.messages)

    @property
    def says_what_to_do(self) -> bool:
        """True where a guided check ends in the text of the danger that it raises."""
        safety = any(message.kind == "safety" for message in self.messages)
        return self.guided and self.raised is not None and safety


class Engine:
    """Client of Rasa's REST channel. No call without a timeout."""

    def __init__(self, url: str, timeout: float, transport: httpx.AsyncBaseTransport | None = None):
        """Connect lazily.

        Args:
            url: of Rasa, on loopback.
            timeout: seconds for the whole exchange.
            transport: a seam for tests.
        """
        self._client = httpx.AsyncClient(base_url=url, timeout=timeout, transport=transport)

    async def ask(
        self, sender: str, text: str, metadata: Mapping[str, str], timeout: float | None = None
    ) -> EngineAnswer:
        """Send a family's message.

        Args:
            sender: conversation id.
            text: cleaned; Rasa's commands in it are disarmed here.
            metadata: lang, channel, urgency (standing), danger (what the rules say of this text),
                settled (they alone do).
            timeout: seconds, where it is not the usual.

        Raises:
            EngineTimeout: slower than the timeout.
            EngineError: unreachable, failed, said nothing, or not what an action says.
        """
        body = {"sender": sender, "message": disarm(text), "metadata": dict(metadata)}
        try:
            wait = self._client.timeout if timeout is None else timeout
            response = await self._client.post("/webhooks/rest/webhook", json=body, timeout=wait)
            response.raise_for_status()
            said = response.json()
            custom = next(part["custom"] for part in said if "custom" in part)
            level = custom["level"] or {}
            raised = custom.get("raise")
            return EngineAnswer(
                tuple(Message.from_dict(raw) for raw in custom["messages"]),
                level.get("levels", {}),
                level.get("kinds", {}),
                custom["explain"],
                Raised.from_dict(raised) if raised else None,
                bool(custom.get("guided")),
            )
        except httpx.TimeoutException as error:
            raise EngineTimeout("Rasa was too slow") from error
        except StopIteration as error:
            # Rasa answers 200 with an empty list when the action server is down.
            raise EngineError("Rasa said nothing") from error
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise EngineError(f"Rasa failed: {type(error).__name__}") from error

    async def alive(self) -> bool:
        """True where Rasa's server answers at all."""
        try:
            return (await self._client.get("/", timeout=2.0)).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def disarm(text: str) -> str:
    """Text that Rasa reads as text: it takes a leading slash, even after spaces, for a command."""
    return text.lstrip("/ ") or "?"
