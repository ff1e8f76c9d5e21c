"""What a running gateway does by the clock: asks whether its parts answer, and forgets."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

from bot.gateway import metrics

log = logging.getLogger(__name__)
WAIT_SECONDS = 5.0
LOOK_SECONDS = 30.0
PURGE_SECONDS = 24 * 3600.0
# After a purge that failed.
AGAIN_SECONDS = 600.0
PARTS = ("rasa", "actions", "answers", "database")


class Tending:
    """One loop beside the requests."""

    def __init__(
        self, missing: Callable[[], Awaitable[list[str]]], purge: Callable[[], int]
    ) -> None:
        """Tend.

        Args:
            missing: names the parts that do not answer.
            purge: forgets what is older than the retention; gives the number of conversations.
        """
        self._missing = missing
        self._purge = purge
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> None:
        """Tell Prometheus which parts answer."""
        missing = await self._missing()
        for part in PARTS:
            metrics.PART_UP.labels(part).set(part not in missing)

    async def forget(self) -> float:
        """Purge; gives the seconds until the next time."""
        try:
            gone = await asyncio.to_thread(self._purge)
        except SQLAlchemyError as error:
            log.error("the purge failed: %s", type(error).__name__)  # noqa: TRY400 - a statement quotes its values
            return AGAIN_SECONDS
        log.info("purge: %d conversations forgotten", gone)
        metrics.PURGED_AT.set(time.time())
        return PURGE_SECONDS

    async def _run(self) -> None:
        purge_at = 0.0
        look_at = time.monotonic() + LOOK_SECONDS  # Rasa, too, is only starting
        while True:
            try:
                if time.monotonic() >= look_at:
                    await self.look()
                    look_at = time.monotonic() + LOOK_SECONDS
                if time.monotonic() >= purge_at:
                    purge_at = time.monotonic() + await self.forget()
            except Exception:
                log.exception("tending failed")
            await asyncio.sleep(WAIT_SECONDS)
