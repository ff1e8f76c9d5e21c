"""What is remembered of a family that writes by SMS, and the channel's counters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import reading
from bot.store.sms_tables import COUNTERS, FAMILIES, INBOX, OUTBOX


@dataclass(frozen=True)
class Family:
    """A family's standing with the channel.

    Attributes:
        conversation: keyed hash of the phone number.
        lang: en or es, of the last message.
        opted_out: gets nothing until it opts in again.
        greeted: was told who answers here.
        more: sealed rest of the last answer, for the word MORE.
        noticed_at: Unix time of the last notice that a limit is reached; 0.0 for never.
        seen_at: Unix time of the last message.
    """

    conversation: str
    lang: str = "en"
    opted_out: bool = False
    greeted: bool = False
    more: str | None = None
    noticed_at: float = 0.0
    seen_at: float = 0.0


class Families:
    """Families by conversation id, in the database of `engine`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._reads = reading(engine)

    def load(self, conversation: str) -> Family:
        """The family; a new one where it is not known."""
        query = sa.select(FAMILIES).where(FAMILIES.c.conversation == conversation)
        with self._reads.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return Family(conversation) if row is None else Family(**row)

    def opt(self, conversation: str, *, out: bool) -> None:
        """The family opts out, or in again."""
        with self._engine.begin() as connection:
            opt_family(connection, conversation, out=out)

    def opted_out(self, conversation: str) -> bool:
        """Whether the family gets nothing."""
        return self.load(conversation).opted_out

    def forget(self, conversation: str) -> None:
        """Delete all that is kept of the family, except that it opted out; that binds us."""
        with self._engine.begin() as connection:
            connection.execute(
                FAMILIES.delete().where(
                    FAMILIES.c.conversation == conversation, FAMILIES.c.opted_out.is_(False)
                )
            )
            connection.execute(
                FAMILIES.update()
                .where(FAMILIES.c.conversation == conversation)
                .values(more=None, greeted=False, noticed_at=0.0)
            )
            done = INBOX.c.done.is_(True)
            connection.execute(INBOX.delete().where(INBOX.c.conversation == conversation, done))
            connection.execute(OUTBOX.delete().where(OUTBOX.c.conversation == conversation))

    def count(self, name: str, by: int = 1) -> None:
        """Raise a counter."""
        with self._engine.begin() as connection:
            add(connection, name, by)

    def counters(self) -> Mapping[str, int]:
        """All counters by name."""
        with self._reads.connect() as connection:
            rows = connection.execute(sa.select(COUNTERS.c.name, COUNTERS.c.value))
            return {row.name: row.value for row in rows}

    def counter(self, name: str) -> int:
        """One counter; 0 where it was never raised."""
        query = sa.select(COUNTERS.c.value).where(COUNTERS.c.name == name)
        with self._reads.connect() as connection:
            return connection.execute(query).scalar_one_or_none() or 0

    def purge(self, now: float, days: int, answer_hours: int = 24) -> list[str]:
        """Delete what is older than the retention; gives the conversations that are forgotten.

        An opt-out stays. What was already sent is wiped of text and number after a day.

        Args:
            now: Unix time.
            days: retention.
            answer_hours: how long a repeated webhook still finds the answer it got.
        """
        oldest, day_ago = now - days * 86_400, now - answer_hours * 3600
        # Of who has opted out only that is left, and is left alone from then on.
        old = (FAMILIES.c.seen_at < oldest) & (
            FAMILIES.c.opted_out.is_(False) | FAMILIES.c.greeted.is_(True)
        )
        with self._engine.begin() as connection:
            forgotten = list(
                connection.execute(sa.select(FAMILIES.c.conversation).where(old)).scalars()
            )
            connection.execute(FAMILIES.update().where(old).values(more=None, greeted=False))
            connection.execute(
                FAMILIES.delete().where(
                    FAMILIES.c.seen_at < oldest, FAMILIES.c.opted_out.is_(False)
                )
            )
            connection.execute(INBOX.delete().where(INBOX.c.received_at < oldest))
            connection.execute(OUTBOX.delete().where(OUTBOX.c.created_at < oldest))
            connection.execute(
                INBOX.update()
                .where(INBOX.c.received_at < day_ago, INBOX.c.done.is_(True))
                .values(answer="", sealed=None)
            )
            connection.execute(
                OUTBOX.update()
                .where(OUTBOX.c.created_at < day_ago, OUTBOX.c.state == "sent")
                .values(sealed=None)
            )
        return forgotten


def save_family(connection: sa.Connection, family: Family) -> None:
    """Insert or replace within a transaction, all but the opt-out: only `opt_family` changes it."""
    values = asdict(family)
    insert = insert_into(connection, FAMILIES).values({**values, "opted_out": False})
    del values["opted_out"]
    connection.execute(insert.on_conflict_do_update(index_elements=["conversation"], set_=values))


def opt_family(connection: sa.Connection, conversation: str, *, out: bool) -> None:
    """Opt a family out, or in again, within a transaction."""
    values = {**asdict(Family(conversation)), "opted_out": out}
    insert = insert_into(connection, FAMILIES).values(**values)
    connection.execute(
        insert.on_conflict_do_update(index_elements=["conversation"], set_={"opted_out": out})
    )


def insert_into(connection: sa.Connection, table: sa.Table) -> Any:
    """An INSERT that knows ON CONFLICT, in the database's own dialect."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def add(connection: sa.Connection, name: str, by: int) -> None:
    """Raise a counter within a transaction."""
    insert = insert_into(connection, COUNTERS).values(name=name, value=by)
    connection.execute(
        insert.on_conflict_do_update(index_elements=["name"], set_={"value": COUNTERS.c.value + by})
    )
