"""What the gateway remembers of a conversation: its standing urgency and language, no text."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.store.database import METADATA, open_database, reading

CONVERSATIONS = sa.Table(
    "conversations",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("urgency", sa.String(16), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("also", sa.String(32), nullable=False),
    sa.Column("lang", sa.String(8), nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
)


@dataclass(frozen=True)
class Conversation:
    """A conversation's standing state.

    Attributes:
        id: opaque, made by the gateway.
        urgency: standing level; `kind` of danger that raised it; `also` the kind of a
            caregiver crisis that stands beside a child's emergency.
        lang: language of the last message.
        seen_at: Unix time of the last message, seconds.
    """

    id: str
    urgency: str = "routine"
    kind: str = ""
    also: str = ""
    lang: str = "en"
    seen_at: float = 0.0


class Store:
    """Conversations in SQLite or PostgreSQL."""

    def __init__(self, url: str) -> None:
        """Open the database and create what is missing.

        Args:
            url: SQLAlchemy address.
        """
        self._engine = open_database(url)
        self._reads = reading(self._engine)

    @property
    def engine(self) -> sa.Engine:
        """The database, for tables beside the conversations."""
        return self._engine

    def load(self, conversation_id: str) -> Conversation | None:
        """A conversation, or None where it was never saved or has been forgotten."""
        query = sa.select(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation_id)
        with self._reads.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else Conversation(**row)

    def change(
        self, conversation_id: str, change: Callable[[Conversation | None], Conversation]
    ) -> None:
        """Read a conversation and write it back, stamped with the present time.

        Nobody else, in this process or another, changes it in between.

        Args:
            conversation_id: of the conversation.
            change: gets what is known of it, None for nothing, and gives what shall be; it may be
                called again where another process was the first to write of the conversation.
        """
        try:
            self._change(conversation_id, change)
        except IntegrityError:
            # Both found none, and there is nothing to lock in a row that does not stand yet.
            self._change(conversation_id, change)

    def _change(
        self, conversation_id: str, change: Callable[[Conversation | None], Conversation]
    ) -> None:
        this = CONVERSATIONS.c.id == conversation_id
        with self._engine.begin() as connection:
            # SQLite has begun to write already, and lets nobody else.
            query = sa.select(CONVERSATIONS).where(this).with_for_update()
            row = connection.execute(query).mappings().one_or_none()
            after = change(None if row is None else Conversation(**row))
            values: dict[str, Any] = {**asdict(after), "seen_at": time.time()}
            write = CONVERSATIONS.insert() if row is None else CONVERSATIONS.update().where(this)
            connection.execute(write.values(**values))

    def save(self, conversation: Conversation) -> None:
        """Insert or replace a conversation, stamped with the present time."""
        self.change(conversation.id, lambda _before: conversation)

    def delete(self, conversation_id: str) -> bool:
        """Forget a conversation; False where there was none."""
        with self._engine.begin() as connection:
            gone = connection.execute(
                CONVERSATIONS.delete().where(CONVERSATIONS.c.id == conversation_id)
            )
        return gone.rowcount > 0

    def purge(self, before: float, prefix: str = "") -> int:
        """Forget those not seen since a Unix time whose id begins so; gives their number."""
        old = CONVERSATIONS.c.seen_at < before
        which = sa.and_(old, CONVERSATIONS.c.id.startswith(prefix, autoescape=True))
        with self._engine.begin() as connection:
            return connection.execute(CONVERSATIONS.delete().where(which)).rowcount

    def ping(self) -> None:
        """Raise where the database does not answer."""
        with self._reads.connect() as connection:
            connection.execute(sa.select(1))

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()
