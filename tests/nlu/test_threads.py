from __future__ import annotations

import asyncio
import threading

import pytest

from bot.nlu.threads import BoundedThreads


def test_a_result_and_an_error_come_back() -> None:
    threads = BoundedThreads(1, 5.0)
    assert asyncio.run(threads.run(lambda a, b: a + b, 1, 2)) == 3
    with pytest.raises(ZeroDivisionError):
        asyncio.run(threads.run(lambda: 1 // 0))


def test_while_one_call_hangs_others_fail_at_once() -> None:
    free, called = threading.Event(), []
    threads = BoundedThreads(2, 0.05)

    async def scene() -> None:
        with pytest.raises(TimeoutError):
            await threads.run(free.wait)
        with pytest.raises(TimeoutError):
            await threads.run(called.append, "not reached")
        free.set()
        while threads._hung:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await threads.run(called.append, "reached")

    asyncio.run(scene())
    assert called == ["reached"]


def test_a_cancellation_that_comes_with_the_result_stands() -> None:
    threads = BoundedThreads(1, 5.0)

    async def scene() -> None:
        task = asyncio.ensure_future(threads.run(int))
        await asyncio.sleep(0)
        threads._pool.shutdown(wait=True)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scene())
