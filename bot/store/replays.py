"""What a draft would change in the replies to the evaluation messages: progress and outcome."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bot.store.content_tables import REPLAYS, Version
from bot.store.database import reading

# A replay that has not moved for so long was left by a process that is gone.
STALE_SECONDS = 60.0


@dataclass(frozen=True)
class Replay:
    """One replay of a version.

    Attributes:
        revision: of the draft that was replayed; a later save makes it old.
        state: running, done or failed.
        done, total: replies compared, and to compare.
        changes: one mapping a reply that differs: id, text, channel, lang, before, after.
        seen_at: Unix time of the last step, seconds.
    """

    version: int
    revision: int
    state: str
    done: int
    total: int
    changes: Sequence[Mapping[str, str]]
    seen_at: float

    @property
    def running(self) -> bool:
        """True while a process is at it."""
        return self.state == "running" and time.time() - self.seen_at < STALE_SECONDS


class Replays:
    """The last replay of each version."""

    def __init__(self, engine: sa.Engine) -> None:
        """Take the database."""
        self._engine = engine

    def get(self, version: int) -> Replay | None:
        """The last replay of a version, or None."""
        query = REPLAYS.select().where(REPLAYS.c.version == version)
        with reading(self._engine).connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return Replay(**{**row, "changes": json.loads(row["changes"])}) if row else None

    def begin(self, version: Version, total: int) -> bool:
        """Claim a replay; False where another process is at it."""
        with self._engine.begin() as connection:
            same = REPLAYS.c.version == version.id
            query = REPLAYS.select().where(same).with_for_update()
            row = connection.execute(query).mappings().one_or_none()
            fresh = time.time() - STALE_SECONDS
            if row and row["state"] == "running" and row["seen_at"] > fresh:
                return False
            connection.execute(REPLAYS.delete().where(same))
            values = {"version": version.id, "revision": version.revision, "state": "running"}
            values |= {"done": 0, "total": total, "changes": "[]", "seen_at": time.time()}
            connection.execute(REPLAYS.insert().values(values))
            return True

    def step(
        self, version: int, done: int, changes: Sequence[Mapping[str, str]], state: str = "running"
    ) -> None:
        """Say how far it is."""
        values = {"done": done, "changes": json.dumps(list(changes)), "state": state}
        with self._engine.begin() as connection:
            change = REPLAYS.update().where(REPLAYS.c.version == version)
            connection.execute(change.values(**values, seen_at=time.time()))
