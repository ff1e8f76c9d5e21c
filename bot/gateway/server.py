"""The HTTP server: uvicorn, with a limit on the time that the head of a request may take."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.settings import Settings

KEEP_ALIVE_SECONDS = 15
STOP_SECONDS = 30  # for requests that are being answered
STARTUP_FAILED = 3  # as uvicorn's own exit code
# In ASCII, as uvicorn sends it; the application never sees what is answered with it.
DANGER = "If your child is in danger now, call 911. / Si su bebe esta en peligro, llame al 911."


def protocol(seconds: float) -> type[HttpToolsProtocol]:
    """uvicorn's protocol, which itself waits for the first head without end.

    Args:
        seconds: after which a connection is closed whose head is not complete.
    """

    class Timed(HttpToolsProtocol):
        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._timer = self.loop.call_later(seconds, self._too_slow)

        def on_message_begin(self) -> None:
            super().on_message_begin()
            if self._timer is None:
                # A second request on a connection that was kept.
                self._timer = self.loop.call_later(seconds, self._too_slow)

        def on_headers_complete(self) -> None:
            self._stop()
            super().on_headers_complete()

        def send_400_response(self, msg: str) -> None:
            super().send_400_response(f"{msg} {DANGER}")

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop()
            super().connection_lost(exc)

        def _stop(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

        def _too_slow(self) -> None:
            self._timer = None
            if not self.transport.is_closing():
                self.send_400_response("The request did not come in time.")

    return Timed


def configure(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How uvicorn serves the application."""
    operating = settings.operating
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=protocol(operating.header_seconds),
        ws="none",
        # bot.logs has set the loggers up.
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(operating.trusted_proxies),
        forwarded_allow_ips=list(operating.trusted_proxies),
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


def serve(app: FastAPI, settings: Settings) -> int:
    """Serve until told to stop; 0, or 3 where the application did not start."""
    server = uvicorn.Server(configure(app, settings))
    # uvicorn has stopped by then, and raises the signal again.
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else STARTUP_FAILED
