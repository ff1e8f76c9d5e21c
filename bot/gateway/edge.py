"""The outermost layer: a request's id, its body in bounds, and headers that every response has."""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass, field

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.gateway.refusals import refuse
from bot.logs import REQUEST

log = logging.getLogger(__name__)
MAX_BODY_BYTES = 1_000_000
# A body that is too long is read this far and thrown away: a caller that is cut off in the
# middle of sending would not see what it is told.
DRAIN_BYTES = 32_000_000
# Requests at once; each may hold a body.
MOST_REQUESTS = 1000
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    # Pages bring their own.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HSTS = {"Strict-Transport-Security": "max-age=31536000"}


class _Gone(Exception):
    """The caller has left."""


@dataclass
class _Body:
    kept: bytearray = field(default_factory=bytearray)
    length: int = 0

    async def read(self, receive: Receive) -> None:
        more = True
        while more and self.length <= DRAIN_BYTES:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            part = message.get("body", b"")
            self.length += len(part)
            self.kept += part[: MAX_BODY_BYTES - len(self.kept)]
            more = message.get("more_body", False)


class Edge:
    """ASGI middleware. It reads each body before the application, bounded in bytes and seconds."""

    def __init__(self, app: ASGIApp, *, seconds: float, production: bool) -> None:
        """Wrap.

        Args:
            app: the application.
            seconds: within which a whole body must come.
            production: browsers are told to stay with https.
        """
        self._app = app
        self._seconds = seconds
        self._headers = HEADERS | (HSTS if production else {})
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection of the server."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        # Ours, never the caller's: what a caller chooses could hold anything.
        token = REQUEST.set(request_id)
        started = False

        async def respond(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers["X-Request-ID"] = request_id
            await send(message)

        body = _Body()
        state = scope.setdefault("state", {})
        request = Request(scope)
        self._open += 1
        try:
            try:
                async with asyncio.timeout(self._seconds):
                    await body.read(receive)
            finally:
                state["body"] = bytes(body.kept)
            if self._open > MOST_REQUESTS:
                response = await refuse(request, 503, "busy", headers={"Retry-After": "5"})
                await response(scope, receive, respond)
            elif body.length > MAX_BODY_BYTES:
                response = await refuse(request, 413, "too_long")
                await response(scope, receive, respond)
            else:
                await self._app(scope, _replay(state["body"], receive), respond)
        except _Gone:
            return
        except TimeoutError:
            response = await refuse(request, 408, "too_slow", headers={"Connection": "close"})
            await response(scope, receive, respond)
        except Exception:
            log.exception("a request failed")
            if started:
                raise
            response = await refuse(request, 500, "failed")
            await response(scope, receive, respond)
        finally:
            self._open -= 1
            REQUEST.reset(token)


def _replay(body: bytes, receive: Receive) -> Receive:
    """What the application receives: the body at once, then what the server says."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
