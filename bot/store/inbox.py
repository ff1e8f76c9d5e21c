"""Texts that a hospital keeps to learn from: masked, for a number of days, until staff settle them.

A text in the inbox waits for its right topic; one in the watch list for a look whether a danger was
missed. For a day it can be taken back by "clear this conversation"; then nothing links it to one.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from bot.errors import SettledError
from bot.store.audit import Audit
from bot.store.database import reading
from bot.store.inbox_tables import INCIDENTS, KEPT
from bot.store.staff import Staff

# Why a text is kept: the first three wait in the inbox, the others in the watch list.
INBOX = ("unanswered", "unsure", "unhelpful")
WATCH = ("near", "sample")
DAY = 86_400.0  # seconds
HOUR = 3_600.0  # times are kept to the hour
OPEN, ACCEPTED, DISMISSED, FINE, MISSED = "open", "accepted", "dismissed", "fine", "missed"


@dataclass(frozen=True)
class NewText:
    """A text to keep.

    Attributes:
        reason: one of `INBOX` or `WATCH`.
        topic: that was answered, if any.
        urgency: level that the message was given.
        text: masked.
        vector: of the sentence encoder, packed; None where there is none.
        origin: keyed hash of the conversation.
    """

    reason: str
    channel: str
    lang: str
    topic: str | None
    urgency: str
    text: str
    vector: str | None = None
    origin: str | None = None


@dataclass(frozen=True)
class Kept:
    """A kept text as staff see it; `kept_at` is Unix time, to the hour."""

    id: int
    kept_at: float
    reason: str
    channel: str
    lang: str
    topic: str | None
    urgency: str
    text: str
    vector: str | None
    state: str
    right_topic: str | None


COLUMNS = [KEPT.c[name] for name in Kept.__dataclass_fields__]


class Inbox:
    """Keeps texts and lets staff settle them."""

    def __init__(self, engine: sa.Engine, audit: Audit | None = None) -> None:
        """Keep texts in the database of the conversations.

        Args:
            engine: its connections.
            audit: for what staff do.
        """
        self._engine = engine
        self._audit = audit or Audit(engine)

    def add(self, texts: Collection[NewText], now: float | None = None) -> None:
        """Keep texts."""
        at = (time.time() if now is None else now) // HOUR * HOUR
        with self._engine.begin() as connection:
            for text in texts:
                connection.execute(KEPT.insert().values(**asdict(text), kept_at=at, state=OPEN))

    def forget(self, origin: str) -> None:
        """Delete what is kept of a conversation, where it can still be told; incidents stay."""
        with self._engine.begin() as connection:
            connection.execute(KEPT.delete().where(KEPT.c.origin == origin))

    def purge(self, days: int, now: float | None = None) -> int:
        """Delete what is older, and unlink from its conversation what is older than a day.

        Args:
            days: a text is kept; a closed incident's likewise, from its closing on.
            now: Unix time.

        Returns:
            How many texts were deleted.
        """
        now = time.time() if now is None else now
        with self._engine.begin() as connection:
            gone = connection.execute(KEPT.delete().where(KEPT.c.kept_at < now - days * DAY))
            known = KEPT.c.origin.is_not(None) & (KEPT.c.kept_at < now - DAY)
            connection.execute(KEPT.update().where(known).values(origin=None))
            closed = INCIDENTS.c.text.is_not(None) & (INCIDENTS.c.closed_at < now - days * DAY)
            connection.execute(INCIDENTS.update().where(closed).values(text=None))
        return gone.rowcount

    def waiting(self, reasons: Collection[str], limit: int = 500) -> Sequence[Kept]:
        """Texts that nobody has settled, newest first."""
        query = sa.select(*COLUMNS).where(KEPT.c.state == OPEN, KEPT.c.reason.in_(reasons))
        return self._read(query.order_by(KEPT.c.kept_at.desc(), KEPT.c.id.desc()).limit(limit))

    def count(self, reasons: Collection[str]) -> int:
        """How many texts nobody has settled."""
        query = sa.select(sa.func.count()).where(KEPT.c.state == OPEN, KEPT.c.reason.in_(reasons))
        with reading(self._engine).connect() as connection:
            return int(connection.execute(query).scalar_one())

    def accepted(self) -> Sequence[Kept]:
        """Texts with their right topic, for the training data."""
        query = sa.select(*COLUMNS).where(KEPT.c.state == ACCEPTED)
        return self._read(query.order_by(KEPT.c.lang, KEPT.c.right_topic, KEPT.c.id))

    def find(self, key: int) -> Kept | None:
        """A text, or None where it is gone."""
        return next(iter(self._read(sa.select(*COLUMNS).where(KEPT.c.id == key))), None)

    def settle(
        self, actor: Staff, keys: Collection[int], state: str, topic: str | None = None
    ) -> int:
        """Take texts off a list.

        Args:
            actor: who decides.
            keys: of the texts.
            state: accepted (with `topic`), dismissed, or fine.
            topic: the right one.

        Returns:
            How many were settled; those that someone else had settled before are not among them.
        """
        with self._engine.begin() as connection:
            done = settle_in(connection, actor, keys, state, topic)
            if done:
                detail = {"texts": done, "topic": topic}
                subject = ",".join(map(str, sorted(keys)))
                self._audit.record(actor, f"inbox.{state}", subject, detail, connection)
        return done

    def _read(self, query: sa.Select[Any]) -> list[Kept]:
        with reading(self._engine).connect() as connection:
            return [Kept(*row) for row in connection.execute(query)]


def settle_in(
    connection: sa.Connection,
    actor: Staff,
    keys: Collection[int],
    state: str,
    topic: str | None = None,
) -> int:
    """`Inbox.settle` inside a transaction, without its line in the audit log."""
    mine = KEPT.c.id.in_(keys) & (KEPT.c.state == OPEN)
    values = {"state": state, "right_topic": topic, "settled_by": actor.email}
    update = KEPT.update().where(mine).values(**values, settled_at=time.time())
    return connection.execute(update).rowcount


def open_row(connection: sa.Connection, key: int) -> Kept:
    """A text that nobody has settled, locked until the end of the transaction.

    Raises:
        SettledError: it is gone, or somebody has.
    """
    query = sa.select(*COLUMNS).where(KEPT.c.id == key, KEPT.c.state == OPEN).with_for_update()
    row = connection.execute(query).first()
    if row is None:
        raise SettledError("This text has been settled already, or its time was over.")
    return Kept(*row)
