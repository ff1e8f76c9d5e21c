"""The databases and Redis: whether they answer, and whether the schema is the one of this code."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.doctor.finding import Finding, bad, ok, warn
from bot.live import NOTHING
from bot.settings import Settings
from bot.store.content import ContentStore
from bot.store.content_tables import Snapshot
from bot.store.database import connect, reading, revisions
from bot.store.trackers import tracker_address

DRIFT_SECONDS = 5.0


def gateway(settings: Settings) -> Iterator[Finding]:
    """Conversations, SMS and counts."""
    name = "database"
    if _not_made(settings.database_url):
        yield ok(name, "sqlite, not there yet; the gateway makes it when it starts")
        return
    engine = connect(settings.database_url)
    try:
        present, newest = revisions(engine)
        kind = engine.dialect.name
        if present is None:
            yield ok(name, f"{kind}, empty; the gateway makes its tables when it starts")
        elif present == newest:
            yield ok(name, f"{kind}, at revision {present}")
        elif present > (newest or ""):
            says = f"{kind}, at revision {present}, which is newer than this code ({newest})"
            yield bad(name, says, "Install the version that wrote it, or restore a backup.")
        else:
            says = f"{kind}, at revision {present}; this code has {newest}"
            yield warn(name, says, "Back up, then start the gateway: it brings it up to date.")
        if kind == "postgresql":
            yield from _drift(engine)
    except SQLAlchemyError as error:
        says = f"does not answer: {type(error).__name__}"
        yield bad(name, says, "Check DATABASE_URL, and that the server runs.")
    finally:
        engine.dispose()


def trackers(settings: Settings) -> Iterator[Finding]:
    """Rasa's memory."""
    address = tracker_address(settings)
    if _not_made(address):
        yield ok("memory of Rasa", "sqlite, not there yet; Rasa makes it when it starts")
        return
    engine = connect(address)
    try:
        with reading(engine).connect() as connection:
            there = sa.inspect(connection).has_table("rasa_trackers")
        yield ok("memory of Rasa", "answers" if there else "empty; Rasa makes its table")
    except SQLAlchemyError as error:
        says = f"does not answer: {type(error).__name__}"
        yield bad("memory of Rasa", says, "Check TRACKER_DATABASE_URL.")
    finally:
        engine.dispose()


def redis(settings: Settings) -> Iterator[Finding]:
    """The counter of limits, where there is one."""
    url = settings.operating.redis_url
    if not url:
        yield ok("redis", "not used; each gateway counts for itself")
        return

    async def ping() -> None:
        client = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
        try:
            # Any question will do; this one's answer has a type.
            await client.exists("iess")
        finally:
            await client.aclose()

    try:
        asyncio.run(ping())
    except (RedisError, OSError) as error:
        says = f"does not answer: {type(error).__name__}"
        yield warn("redis", says, "Start it, or empty REDIS_URL; meanwhile each gateway counts.")
    else:
        yield ok("redis", "answers")


def published(settings: Settings) -> Snapshot:
    """What staff have published and signed; nothing where the database cannot tell."""
    if _not_made(settings.database_url):
        return NOTHING
    engine = connect(settings.database_url)
    try:
        return ContentStore(engine).snapshot()
    except SQLAlchemyError:
        # `gateway` tells of it.
        return NOTHING
    finally:
        engine.dispose()


def _not_made(address: str) -> bool:
    """True for a SQLite file that is not there: to connect would make an empty one."""
    url = make_url(address)
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def _drift(engine: sa.Engine) -> Iterator[Finding]:
    with reading(engine).connect() as connection:
        theirs = float(connection.execute(sa.text("SELECT extract(epoch FROM now())")).scalar_one())
    drift = abs(theirs - time.time())
    if drift > DRIFT_SECONDS:
        yield warn("clock of the database", f"differs by {drift:.0f} s", "Set up NTP on both.")
