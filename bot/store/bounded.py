"""PostgreSQL that is never waited for without end.

A server that was stopped, and not closed, keeps its connections open and says nothing. The driver
would wait for ever, and with it each thread that serves a family.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.abc import RV, PQGen
from psycopg.errors import ConnectionTimeout, OperationalError

from bot.postgres import PATIENCE

SECONDS = 3.0  # that the server is waited for


class Silent(OperationalError):
    """The server has not answered in time."""


class Breaker:
    """While the server is silent, one question at a time is put to it; others fail at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._shut_until = 0.0

    def failed(self) -> None:
        """The server was silent."""
        self._shut_until = self._clock() + SECONDS

    def works(self) -> None:
        """The server has answered."""
        self._shut_until = 0.0

    def check(self) -> None:
        """Let one pass in `SECONDS`, to find out whether the server answers again.

        Raises:
            Silent: it is not this one's turn.
        """
        if self._clock() < self._shut_until:
            raise Silent("the database does not answer")
        if self._shut_until:
            self.failed()


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that gives the server `SECONDS` for each answer, and is closed after that."""

    breaker: Breaker

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for an answer.

        Raises:
            Silent: none came in time, or the server is known to be silent.
        """
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        self.breaker.check()
        began = time.monotonic()
        try:
            answer = super().wait(gen, interval, SECONDS)
        except OperationalError as error:
            if time.monotonic() - began < SECONDS:
                raise
            self.breaker.failed()
            # What comes yet would be taken for the answer to the next question.
            self.pgconn.finish()
            raise Silent("the database does not answer") from error
        self.breaker.works()
        return answer


def bound(engine: sa.Engine) -> None:
    """Let no statement on these connections wait for ever."""
    breaker = Breaker()

    @sa.event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, arguments: Any, named: dict[str, Any]) -> Any:
        breaker.check()
        try:
            connection = BoundedConnection.connect(*arguments, **{**PATIENCE, **named})
        except ConnectionTimeout:
            breaker.failed()
            raise
        breaker.works()
        connection.breaker = breaker
        return connection
