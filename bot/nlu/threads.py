"""Blocking calls beside Rasa's event loop, none of them waited for without end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class BoundedThreads:
    """A few threads; while a call hangs in one, new calls fail at once instead of queueing up.

    A database that was stopped, and not closed, would otherwise hold every conversation.
    """

    def __init__(self, count: int, seconds: float) -> None:
        """Prepare.

        Args:
            count: threads.
            seconds: how long a call is waited for.
        """
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="database")
        self._seconds = seconds
        self._hung = 0

    async def run(self, call: Callable[..., T], *arguments: Any) -> T:
        """The result of a call.

        Raises:
            TimeoutError: it takes too long, or an earlier one still does; it may yet come to pass.
        """
        if self._hung:
            raise TimeoutError("an earlier call still hangs")
        future = self._pool.submit(call, *arguments)
        wrapped = asyncio.wrap_future(future)
        try:
            # Not `wait_for`: Python 3.10's swallows a cancellation that comes with the result, and
            # a message that its gateway has given up would count.
            done, _ = await asyncio.wait({wrapped}, timeout=self._seconds)
        finally:
            wrapped.cancel()
        if done:
            return wrapped.result()
        if not future.done():
            self._hung += 1
            loop = asyncio.get_running_loop()
            future.add_done_callback(lambda done: loop.call_soon_threadsafe(self._over, done))
        raise TimeoutError("the call takes too long")

    def _over(self, _done: Future[Any]) -> None:
        self._hung -= 1
