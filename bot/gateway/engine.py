"""The Rasa engine, one server or several, seen from the gateway."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from bot.errors import EngineError, EngineOutrun, EngineTimeout
from bot.reply import Message, Raised

log = logging.getLogger(__name__)
PROBE_SECONDS = 0.5  # between questions to a server that failed
PROBE_TIMEOUT = 2.0  # seconds
# Goes all the way and comes back, and leaves no trace.
PROBE = {
    "sender": "readiness",
    "message": "hello",
    "metadata": {"lang": "en", "channel": "web"},
    "probe": True,
}
# Attempts at one server while others move the conversation on in between.
MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class EngineAnswer:
    """What Rasa and the action said: messages, danger level of the classifier, explanation.

    Attributes:
        raised: the danger that the answers of a guided check tell of.
        guided: the message was an answer in a guided check, and no word on a danger before.
        model: id of the Rasa model.
    """

    messages: tuple[Message, ...]
    levels: Mapping[str, float]
    kinds: Mapping[str, float]
    explain: Mapping[str, Any]
    raised: Raised | None = None
    guided: bool = False
    model: str = ""

    @property
    def asks(self) -> bool:
        """True where a question or a wish for a person is plain, or the engine has asked for it."""
        return self.guided or any(m.kind == "answer" or m.topic == "human" for m in self.messages)

    @property
    def unanswered(self) -> bool:
        """True where the engine says that the page does not answer a medical question."""
        return any(m.kind == "fallback" and m.topic == "other_medical" for m in self.messages)

    @property
    def says_what_to_do(self) -> bool:
        """True where a guided check ends in the text of the danger that it raises."""
        safety = any(message.kind == "safety" for message in self.messages)
        return self.guided and self.raised is not None and safety


class RasaServer:
    """Client of one Rasa's REST channel. No call without a timeout."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Connect lazily.

        Args:
            url: of Rasa.
            transport: a seam for tests.
        """
        self.url = url
        self._client = httpx.AsyncClient(base_url=url, timeout=PROBE_TIMEOUT, transport=transport)

    async def ask(self, body: Mapping[str, Any], timeout: float) -> EngineAnswer:
        """Send a message in the form of `bot.nlu.channel`.

        Raises:
            EngineTimeout: slower than the timeout, in seconds.
            EngineOutrun: another server has moved the conversation on meanwhile.
            EngineError: unreachable, failed, said nothing, or not what an action says.
        """
        try:
            async with asyncio.timeout(timeout):
                response = await self._client.post(
                    "/webhooks/rest/webhook", json=body, timeout=timeout
                )
            if response.status_code == httpx.codes.CONFLICT:
                raise EngineOutrun("the conversation went on elsewhere")
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
                response.headers.get("X-Model-Version", ""),
            )
        except (httpx.TimeoutException, TimeoutError) as error:
            raise EngineTimeout("Rasa was too slow") from error
        except StopIteration as error:
            # Rasa answers 200 with an empty list when the action server is down.
            raise EngineError("Rasa said nothing") from error
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise EngineError(f"Rasa failed: {type(error).__name__}") from error

    async def alive(self) -> bool:
        """True where Rasa's server answers at all."""
        try:
            return (await self._client.get("/")).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class Engine:
    """One or several Rasa servers; a conversation stays with one of them as long as it answers.

    Which one follows from the conversation's id alone (rendezvous hashing), the same in every
    gateway. Where it fails, the next one is asked, and it is left alone until a probe, a whole
    message to it and back, has succeeded. That no two of them spoil a conversation is the work of
    `bot.nlu.tracker_store`, and not of this choice.
    """

    def __init__(
        self,
        urls: Sequence[str],
        timeout: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Connect lazily.

        Args:
            urls: of the Rasa servers; the same in every gateway.
            timeout: seconds for the whole exchange, with all servers.
            transport: a seam for tests.
        """
        self._servers = [RasaServer(url, transport) for url in urls]
        self._timeout = timeout
        self._failed: dict[str, asyncio.Task[None]] = {}

    async def ask(
        self,
        sender: str,
        text: str,
        metadata: Mapping[str, str],
        timeout: float | None = None,
        message_id: str | None = None,
        *,
        kept: bool = True,
    ) -> EngineAnswer:
        """Send a family's message.

        Args:
            sender: conversation id.
            text: cleaned; Rasa's commands in it are disarmed here.
            metadata: lang, channel, urgency (standing), danger (what the rules say of this text),
                settled (they alone do).
            timeout: seconds, where it is not the usual.
            message_id: what is asked again under it is not taken for another message.
            kept: False leaves no trace in Rasa, as if it had never been asked.

        Raises:
            EngineTimeout: slower than the timeout.
            EngineError: unreachable, failed, said nothing, or not what an action says.
        """
        body = {
            "sender": sender,
            "message": disarm(text),
            "metadata": dict(metadata),
            "id": message_id or uuid4().hex,
            **({} if kept else {"probe": True}),
        }
        end = time.monotonic() + (self._timeout if timeout is None else timeout)
        error = EngineError("no Rasa is configured")
        servers = self._order(sender)
        for place, server in enumerate(servers):
            # Each of those left gets an equal share of the time left.
            share = (end - time.monotonic()) / (len(servers) - place)
            if share <= 0:
                break
            try:
                return await self._ask(server, body, share)
            except EngineError as failed:
                error = failed
                if len(servers) > 1 and not isinstance(failed, EngineOutrun):
                    self._suspect(server, failed)
        raise error

    async def _ask(
        self, server: RasaServer, body: Mapping[str, Any], seconds: float
    ) -> EngineAnswer:
        end = time.monotonic() + seconds
        for _ in range(MOST_ATTEMPTS - 1):
            try:
                return await server.ask(body, max(end - time.monotonic(), 0.0))
            except EngineOutrun:
                # Nothing of the message was kept: it is read anew after the other one.
                continue
        return await server.ask(body, max(end - time.monotonic(), 0.0))

    def _order(self, sender: str) -> list[RasaServer]:
        """The servers in the order in which they are asked: this sender's own first."""

        def rank(server: RasaServer) -> tuple[bool, bytes]:
            return (
                server.url not in self._failed,
                hashlib.blake2b(f"{server.url} {sender}".encode(), digest_size=8).digest(),
            )

        return sorted(self._servers, key=rank, reverse=True)

    def _suspect(self, server: RasaServer, error: EngineError) -> None:
        if server.url in self._failed:
            return
        log.warning("%s is left alone until it answers: %s", server.url, error)
        self._failed[server.url] = asyncio.create_task(self._heal(server))

    async def _heal(self, server: RasaServer) -> None:
        while not await self._probe(server):  # noqa: ASYNC110 - it is another machine's turn
            await asyncio.sleep(PROBE_SECONDS)
        self._failed.pop(server.url, None)
        log.warning("%s answers again", server.url)

    @staticmethod
    async def _probe(server: RasaServer) -> bool:
        """Whether a message would be answered."""
        try:
            await server.ask(PROBE, PROBE_TIMEOUT)
        except EngineError:
            return False
        return True

    async def ready(self) -> bool:
        """True where a message would be answered by at least one server."""
        return any(await asyncio.gather(*map(self._probe, self._servers)))

    async def alive(self) -> bool:
        """True where at least one Rasa answers at all."""
        return any(await asyncio.gather(*(server.alive() for server in self._servers)))

    async def close(self) -> None:
        """Close the connections."""
        for task in self._failed.values():
            task.cancel()
        await asyncio.gather(*self._failed.values(), return_exceptions=True)
        for server in self._servers:
            await server.close()


def disarm(text: str) -> str:
    """Text that Rasa reads as text: it takes a leading slash, even after spaces, for a command."""
    return text.lstrip("/ ") or "?"
