"""Pieces of a thought: joined for a minute, by all gateways that share a Redis."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from redis import Redis

from bot.gateway.sms.keys import Keys
from bot.gateway.sms.pieces import Pieces
from tools.redis_server import RedisServer

KEYS = Keys("a key of thirty-two characters...")


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with RedisServer() as running:
        yield running


async def write(pieces: Pieces, *texts: str) -> str:
    """Messages that may be pieces; gives the last one after what was written before it."""
    joined = ""
    for text in texts:
        joined = await pieces.join("c", text, keep=True)
    return joined


@pytest.mark.parametrize("shared", [False, True])
def test_they_are_kept_for_a_minute(redis: RedisServer, shared: bool) -> None:
    now = [1000.0]

    async def main() -> None:
        pieces = Pieces(KEYS, redis.url if shared else "", lambda: now[0])
        await pieces.drop("c")
        assert await write(pieces, *"012345", "x") == "2 3 4 5 x"
        assert await pieces.join("other", "y", keep=False) == "y"
        now[0] += 61
        assert await pieces.join("c", "z", keep=False) == "z"
        pieces.tidy()
        assert pieces._kept == {}
        await write(pieces, "a")
        await pieces.drop("c")
        assert await write(pieces, "b") == "b"
        await pieces.close()

    asyncio.run(main())


def test_each_gateway_knows_of_the_others_and_redis_of_no_words(redis: RedisServer) -> None:
    async def main() -> None:
        one, two = Pieces(KEYS, redis.url), Pieces(KEYS, redis.url)
        await one.drop("c")
        await write(one, "his lips are")
        with Redis.from_url(redis.url) as client:
            (kept,) = client.lrange("iess:pieces:c", 0, -1)
            assert b"lips" not in kept
            assert 0 < client.ttl("iess:pieces:c") <= 60
        assert await write(two, "blue") == "his lips are blue"
        # Of two at once, one sees both.
        await one.drop("c")
        told = await asyncio.gather(write(one, "his lips are"), write(two, "blue"))
        assert set(told) & {"his lips are blue", "blue his lips are"}
        await two.drop("c")
        assert await write(one, "ok") == "ok"
        # Sealed with another key: not read, and no error.
        other = Pieces(Keys("another key of thirty-two chars.."), redis.url)
        assert await write(other, "hello") == "hello"
        for pieces in (one, two, other):
            await pieces.close()

    asyncio.run(main())


def test_without_redis_each_gateway_joins_its_own(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        pieces = Pieces(KEYS, "redis://:secret@127.0.0.1:1/0")
        assert await write(pieces, "his lips are", "blue") == "his lips are blue"
        await pieces.drop("c")
        assert await write(pieces, "blue") == "blue"
        await pieces.close()

    asyncio.run(main())
    assert "Redis failed" in caplog.text
    assert "secret" not in caplog.text
    assert "lips" not in caplog.text
