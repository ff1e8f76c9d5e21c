"""The last calm messages of each family, for a minute: a danger may be told in pieces.

"his lips are", "blue": where REDIS_URL is set, all gateways know of both, whichever got them.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.gateway.limits import REDIS_PAUSE, REDIS_TIMEOUT
from bot.gateway.sms.keys import Keys, Sealed

log = logging.getLogger(__name__)
# One thought is often sent in pieces; this far back they are read as one.
BURST_SECONDS = 60.0
BURST_MESSAGES = 4


class Pieces:
    """In memory, and sealed in Redis for several gateways; in memory alone while Redis is gone."""

    def __init__(
        self, keys: Keys, redis_url: str = "", clock: Callable[[], float] = time.time
    ) -> None:
        """Prepare.

        Args:
            keys: seal what is in Redis.
            redis_url: empty for a single gateway.
            clock: Unix time, about the same for all gateways.
        """
        self._keys = keys
        self._clock = clock
        self._kept: dict[str, deque[tuple[float, str]]] = {}
        self._redis: Redis | None = None
        if redis_url:
            self._redis = Redis.from_url(
                redis_url,
                socket_timeout=REDIS_TIMEOUT,
                socket_connect_timeout=REDIS_TIMEOUT,
                retry=Retry(NoBackoff(), 0),
            )
        self._redis_from = 0.0

    async def join(self, conversation: str, text: str, *, keep: bool) -> str:
        """A message after what the family wrote within the last minute, in one line.

        Args:
            conversation: of the family.
            text: of the message.
            keep: whether it may be a piece itself, for the messages after it.
        """
        now = self._clock()
        earlier = list(self._kept.get(conversation, ()))
        if keep:
            fresh = deque(earlier, maxlen=BURST_MESSAGES)
            fresh.append((now, text))
            self._kept.pop(conversation, None)
            self._kept[conversation] = fresh
        if self._redis and self._shares():
            try:
                piece = (now, text) if keep else None
                earlier = await self._exchange(self._redis, _key(conversation), piece)
            except (RedisError, OSError, Sealed) as error:
                self._pause(error)
        return " ".join([*(said for at, said in earlier if at >= now - BURST_SECONDS), text])

    async def drop(self, conversation: str) -> None:
        """Forget a family's pieces."""
        self._kept.pop(conversation, None)
        if self._redis and self._shares():
            try:
                await self._redis.delete(_key(conversation))
            except (RedisError, OSError) as error:
                self._pause(error)

    def tidy(self) -> None:
        """Drop what is too old; in the order of last messages, who has been silent is first."""
        oldest = self._clock() - BURST_SECONDS
        while self._kept:
            first = next(iter(self._kept))
            if self._kept[first][-1][0] >= oldest:
                return
            del self._kept[first]

    async def close(self) -> None:
        """Give back the connections."""
        if self._redis:
            await self._redis.aclose()

    async def _exchange(
        self, redis: Redis, key: str, piece: tuple[float, str] | None
    ) -> list[tuple[float, str]]:
        """Read the pieces of all gateways and add one, in one step: of two at once one sees both.

        Raises:
            RedisError, OSError: Redis does not answer.
            Sealed: another gateway has another SMS_KEY.
        """
        async with redis.pipeline(transaction=True) as steps:
            steps.lrange(key, -BURST_MESSAGES, -1)
            if piece:
                steps.rpush(key, self._keys.seal(piece))
                steps.ltrim(key, -BURST_MESSAGES, -1)
                steps.expire(key, round(BURST_SECONDS))
            sealed = (await steps.execute())[0]
        return [(at, said) for at, said in (self._keys.open(one.decode()) for one in sealed)]

    def _shares(self) -> bool:
        return time.monotonic() >= self._redis_from

    def _pause(self, error: Exception) -> None:
        self._redis_from = time.monotonic() + REDIS_PAUSE
        cause = type(error).__name__
        log.warning("Redis failed, each gateway joins the pieces that it gets: %s", cause)


def _key(conversation: str) -> str:
    return f"iess:pieces:{conversation}"
