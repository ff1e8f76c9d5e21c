"""Sessions of signed-in staff, and failed attempts to sign in; both outlive a process.

The database holds hashes only: of a session's token, and of what an attempt named.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.store.database import METADATA, reading
from bot.store.staff import ACCOUNTS, SESSIONS, Staff

ATTEMPTS = sa.Table(
    "staff_attempts",
    METADATA,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", sa.Float, nullable=False),
)


@dataclass(frozen=True)
class Limits:
    """How long a session lasts, in seconds: without a request, and at most."""

    idle: float
    longest: float


class Sessions:
    """Begins, finds and ends sessions."""

    def __init__(
        self, engine: sa.Engine, limits: Limits, clock: Callable[[], float] = time.time
    ) -> None:
        """Keep sessions in the database of the accounts.

        Args:
            engine: the database.
            limits: how long a session lasts.
            clock: seconds since 1970.
        """
        self._engine = engine
        self._limits = limits
        self._clock = clock

    def start(self, account: int) -> str:
        """A new session of an account; its token is for the cookie alone."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._engine.begin() as connection:
            connection.execute(SESSIONS.delete().where(self._over(now)))
            connection.execute(
                SESSIONS.insert().values(
                    token_hash=_hash(token), account=account, started_at=now, seen_at=now
                )
            )
        return token

    def find(self, token: str) -> Staff | None:
        """Whose session this is, as their account stands now; None where it is over or unknown."""
        now, key = self._clock(), _hash(token)
        query = (
            sa.select(ACCOUNTS, SESSIONS.c.seen_at)
            .join(SESSIONS, SESSIONS.c.account == ACCOUNTS.c.id)
            .where(
                SESSIONS.c.token_hash == key, ACCOUNTS.c.active.is_(True), sa.not_(self._over(now))
            )
        )
        with reading(self._engine).connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        # Not at each request: a page with its parts would write ten times.
        if now - row.seen_at > min(60.0, self._limits.idle / 10):
            same = SESSIONS.c.token_hash == key
            with self._engine.begin() as connection:
                connection.execute(SESSIONS.update().where(same).values(seen_at=now))
        return Staff(row.id, row.name, row.email, row.role)

    def end(self, token: str) -> None:
        """End one session; whoever still holds its token holds nothing."""
        with self._engine.begin() as connection:
            connection.execute(SESSIONS.delete().where(SESSIONS.c.token_hash == _hash(token)))

    def _over(self, now: float) -> sa.ColumnElement[bool]:
        return sa.or_(
            SESSIONS.c.seen_at <= now - self._limits.idle,
            SESSIONS.c.started_at <= now - self._limits.longest,
        )


class Lockout:
    """Counts failed sign-ins by what they named (an account, an address), and locks it a while."""

    def __init__(
        self,
        engine: sa.Engine,
        secret_key: str,
        seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Count in the database of the accounts.

        Args:
            engine: the database.
            secret_key: hides what was named.
            seconds: that a lock lasts, and that failures are remembered.
            clock: seconds since 1970.
        """
        self._engine = engine
        self._key = secret_key.encode()
        self._seconds = seconds
        self._clock = clock

    def locked(self, named: str, limit: int) -> bool:
        """Whether so many attempts in a row have failed on it, the last not long ago."""
        query = sa.select(ATTEMPTS).where(ATTEMPTS.c.key == self._hidden(named))
        with reading(self._engine).connect() as connection:
            row = connection.execute(query).first()
        fresh = row is not None and row.last_at > self._clock() - self._seconds
        return row is not None and fresh and row.failures >= limit

    def count(self, named: str) -> int:
        """Count an attempt before its password is looked at, so that none slips by in parallel.

        Returns:
            The attempts in a row, this one included.
        """
        now, key = self._clock(), self._hidden(named)
        with self._engine.begin() as connection:
            connection.execute(ATTEMPTS.delete().where(ATTEMPTS.c.last_at <= now - self._seconds))
        if count := self._increment(key, now):
            return count
        try:
            with self._engine.begin() as connection:
                connection.execute(ATTEMPTS.insert().values(key=key, failures=1, last_at=now))
        except IntegrityError:
            # Another attempt was the first in the same moment.
            return self._increment(key, now)
        return 1

    def forget(self, named: str) -> None:
        """Forget all attempts on it: one succeeded."""
        with self._engine.begin() as connection:
            connection.execute(ATTEMPTS.delete().where(ATTEMPTS.c.key == self._hidden(named)))

    def take_back(self, named: str) -> None:
        """Take one attempt back: it was no failure, but says nothing of those before it."""
        change = ATTEMPTS.update().where(ATTEMPTS.c.key == self._hidden(named))
        with self._engine.begin() as connection:
            connection.execute(change.values(failures=ATTEMPTS.c.failures - 1))

    def _increment(self, key: str, now: float) -> int:
        same = ATTEMPTS.c.key == key
        change = ATTEMPTS.update().where(same)
        change = change.values(failures=ATTEMPTS.c.failures + 1, last_at=now)
        with self._engine.begin() as connection:
            if not connection.execute(change).rowcount:
                return 0
            query = sa.select(ATTEMPTS.c.failures).where(same)
            return int(connection.execute(query).scalar_one())

    def _hidden(self, named: str) -> str:
        return hmac.new(self._key, named.encode(), "sha256").hexdigest()


def _hash(token: str) -> str:
    # A token is 256 random bits: a plain hash cannot be guessed back.
    return hashlib.sha256(token.encode()).hexdigest()
