"""The gateway on a real port, in a thread, around the scripted engine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from bot.gateway.server import configure
from bot.settings import Settings


@contextmanager
def serving(app: FastAPI, settings: Settings) -> Iterator[str]:
    """Serve; gives the address."""
    server = uvicorn.Server(configure(app, settings))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{settings.port}"
    finally:
        server.should_exit = True
        thread.join()
