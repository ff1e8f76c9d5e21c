"""The real gateway process, killed at a chosen place; for tests of what survives.

A fork server imports the gateway once, so that each start takes a second and not ten.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx

# (class, method): before and after each of them the process may die.
PLACES = {
    "receive": ("bot.store.sms_inbox", "Inbox"),
    "close_webhook": ("bot.store.sms_inbox", "Inbox"),
    "finish": ("bot.store.sms_inbox", "Inbox"),
    "claim": ("bot.store.sms_outbox", "Outbox"),
    "send": ("bot.gateway.sms.carrier", "Carrier"),
    "find": ("bot.gateway.sms.carrier", "Carrier"),
    "taken": ("bot.store.sms_outbox", "Outbox"),
    "again": ("bot.store.sms_outbox", "Outbox"),
    "status": ("bot.store.sms_outbox", "Outbox"),
}
# Seconds that are long in the service and short here, so that a test need not wait.
SHORT: dict[str, dict[str, object]] = {
    "bot.gateway.sms.line": {"LEASE": 2.0, "SETTLE": 2.0},
    "bot.gateway.sms.sender": {"LEASE": 2.0, "ASK_AFTER": 1.0, "BACKOFF": (0.3,) * 9},
}


def run(environ: Mapping[str, str], die: str, log: Path) -> None:
    """Be a gateway: `python -m bot serve`, with death planned in.

    Args:
        environ: settings.
        die: "before NAME" or "after NAME" of PLACES, or "".
        log: file for what it prints.
    """
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.update(environ)
    import importlib

    for module, values in SHORT.items():
        for name, value in values.items():
            setattr(importlib.import_module(module), name, value)
    if die:
        when, name = die.split()
        module, owner = PLACES[name]
        owner_class = getattr(importlib.import_module(module), owner)
        setattr(owner_class, name, _deadly(getattr(owner_class, name), when))
    from bot.__main__ import main

    sys.exit(main(["serve"]))


def _deadly(method: Callable[..., Any], when: str) -> Callable[..., Any]:
    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if method.__name__ in ("send", "find"):

        async def later(*arguments: Any, **named: Any) -> Any:
            if when == "before":
                die()
            result = await method(*arguments, **named)
            die()
            return result

        return later

    def now(*arguments: Any, **named: Any) -> Any:
        if when == "before":
            die()
        result = method(*arguments, **named)
        die()
        return result

    return now


class Gateways:
    """Starts gateways one after another on the same settings, database and port."""

    def __init__(self, environ: Mapping[str, str], log: Path) -> None:
        self.url = f"http://127.0.0.1:{environ['PORT']}"
        self.log = log
        self._environ = dict(environ)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bot.gateway.app", "bot.__main__", "uvicorn"])
        self._process: BaseProcess | None = None
        self._client = httpx.Client(base_url=self.url, timeout=20, trust_env=False)

    def start(self, die: str = "") -> None:
        """Start one, and wait until it answers, or has met its death at once, on older work."""
        self._process = self._context.Process(
            target=run, args=(self._environ, die, self.log), daemon=True
        )
        self._process.start()
        for _ in range(600):
            if die and self._process.exitcode == -signal.SIGKILL:
                return
            assert self._process.is_alive(), self.log.read_text()[-2000:]
            with suppress(httpx.HTTPError):
                if self._client.get("/health").status_code == 200:
                    return
            time.sleep(0.1)
        raise AssertionError(self.log.read_text()[-2000:])

    def post(self, path: str, body: str, headers: Mapping[str, str]) -> tuple[int, str]:
        """Give it a webhook; a dead one answers nothing, which is status 0."""
        try:
            response = self._client.post(path, content=body, headers=dict(headers))
        except httpx.HTTPError:
            return 0, ""
        return response.status_code, response.text

    def wait_dead(self, seconds: float = 30) -> bool:
        """Whether it was killed within the time."""
        assert self._process
        self._process.join(seconds)
        return self._process.exitcode == -signal.SIGKILL

    def kill(self) -> None:
        """Kill what runs."""
        if self._process and self._process.is_alive():
            self._process.kill()
            self._process.join()

    def close(self) -> None:
        """Leave nothing behind."""
        self.kill()
        self._client.close()
