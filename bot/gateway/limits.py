"""How many messages a conversation, an address and all families may send."""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import math
import time

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError

from bot.gateway import metrics
from bot.settings import Settings

log = logging.getLogger(__name__)
# Seconds: a counter that does not answer must not hold a family up.
REDIS_TIMEOUT = 0.25
# Seconds that this gateway counts for itself after Redis has failed.
REDIS_PAUSE = 10.0


class Limited(Exception):
    """Too many messages; `seconds` until the next one is answered."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"limited for {seconds} s")
        self.seconds = seconds


class Limits:
    """Counts in memory, or in Redis for several gateways; in memory again while Redis is gone."""

    def __init__(self, settings: Settings) -> None:
        operating = settings.operating
        # The tight one first: what it refuses does not count against the others.
        self._rates: dict[str, list[RateLimitItem]] = {
            "conversation": parse_many(operating.limit_conversation),
            "address": parse_many(operating.limit_address),
            "overall": parse_many(operating.limit_overall),
        }
        self._exempt_loopback = not settings.production
        self._key = settings.secret_key.encode()[:64]
        self._memory = MovingWindowRateLimiter(MemoryStorage())
        self._redis: MovingWindowRateLimiter | None = None
        if operating.redis_url:
            storage = RedisStorage(
                f"async+{operating.redis_url}",
                wrap_exceptions=True,
                implementation="redispy",
                key_prefix="iess",
                socket_timeout=REDIS_TIMEOUT,
                socket_connect_timeout=REDIS_TIMEOUT,
            )
            self._redis = MovingWindowRateLimiter(storage)
        self._redis_from = 0.0

    async def check(self, conversation_id: str | None, address: str) -> None:
        """Count a message.

        Args:
            conversation_id: None for a new conversation.
            address: of the caller.

        Raises:
            Limited: a limit is reached; the message is not counted against those after it.
        """
        network = _network(address)
        if self._exempt_loopback and network == "loopback":
            return
        who = {"conversation": conversation_id or "", "address": network, "overall": "all"}
        for name, rates in self._rates.items():
            if not who[name]:
                continue
            # Neither an address nor a conversation stands anywhere in clear.
            key = hashlib.blake2b(who[name].encode(), key=self._key, digest_size=16).hexdigest()
            for rate in rates:
                seconds = await self._count(rate, name, key)
                if seconds:
                    metrics.LIMITED.labels(name).inc()
                    raise Limited(seconds)

    async def _count(self, rate: RateLimitItem, name: str, key: str) -> int:
        """Seconds to wait, 0 for none."""
        if self._redis and time.monotonic() >= self._redis_from:
            try:
                return await _hit(self._redis, rate, name, key)
            except StorageError as error:
                self._redis_from = time.monotonic() + REDIS_PAUSE
                cause = type(error.__cause__ or error).__name__
                log.warning("Redis failed, each gateway counts for itself: %s", cause)
        return await _hit(self._memory, rate, name, key)


async def _hit(limiter: MovingWindowRateLimiter, rate: RateLimitItem, name: str, key: str) -> int:
    if await limiter.hit(rate, name, key):
        return 0
    stats = await limiter.get_window_stats(rate, name, key)
    return max(1, math.ceil(stats.reset_time - time.time()))


def _network(address: str) -> str:
    """What counts as one caller: an IPv4 address, the /64 of an IPv6 one, or "loopback"."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address or "unknown"
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    if ip.is_loopback:
        return "loopback"
    if ip.version == 6:
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
