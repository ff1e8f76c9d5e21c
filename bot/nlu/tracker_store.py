"""A tracker store with one sealed row a conversation, a bounded history and no family's words.

Rasa's own SQL store reads every event since the session began, so a reply slows
down with each turn, it cannot forget a conversation, and it keeps all texts in clear.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot import logs
from bot.nlu import action_schema
from bot.nlu.forgetting import raw_reply, without_words
from bot.sealing import Seal, Sealed
from bot.settings import load_settings

log = logging.getLogger(__name__)

# Rasa opens the store once at start: the place to speed up its calls to the action server.
action_schema.install()

TABLE = sa.Table(
    "rasa_trackers",
    sa.MetaData(),
    sa.Column("sender_id", sa.String(64), primary_key=True),
    sa.Column("tracker", sa.Text, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False),
)


class BoundedTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Keeps the last events of each conversation in SQLite or PostgreSQL."""

    def __init__(
        self,
        domain: Domain,
        event_broker: EventBroker | None = None,
        db: str = "sqlite://",
        max_events: int = 24,
        secrets: Sequence[str] | None = None,
        take_logs: bool = False,
        **kwargs: Any,
    ) -> None:
        """Open the store.

        Args:
            domain: of the assistant.
            event_broker: Rasa's, unused here.
            db: SQLAlchemy address.
            max_events: events kept for a conversation; a turn writes about eight.
            secrets: seal the rows, the present one first; those of the settings by default.
            take_logs: Rasa and its libraries quote families in their logs; from here on this
                process logs as `bot.logs` says. The place for it, as Rasa opens the store when
                its own logs are set up and before the first message.
            **kwargs: other settings of endpoints.yml.
        """
        super().__init__(domain, event_broker, **kwargs)
        self._max_events = int(max_events)
        settings = load_settings()
        self._seal = Seal(secrets or settings.secrets, b"rasa trackers")
        if take_logs:
            logs.set_up("rasa", level=settings.log_level, form=settings.operating.log_format)
        self._engine = _connect(db)
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _quick_and_patient)
        TABLE.metadata.create_all(self._engine)
        with self._engine.begin() as connection:
            # Rows of versions that kept them in clear.
            connection.execute(TABLE.delete().where(TABLE.c.tracker.like("{%")))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the conversation's bounded state."""
        # Loading replays the events, so the slots go first: their own events may be dropped.
        slots = [SlotSet(name, slot.value) for name, slot in tracker.slots.items() if slot.value]
        kept: list[Event] = [slot for slot in slots if not raw_reply(slot)]
        if tracker.active_loop_name:
            # A form that was begun before the last events is still open.
            kept.append(ActiveLoop(tracker.active_loop_name))
        last = without_words(list(tracker.events)[-self._max_events :])
        bounded = DialogueStateTracker(tracker.sender_id, tracker.slots.values())
        bounded.events.extend(last if len(tracker.events) <= self._max_events else kept + last)
        row = {
            "sender_id": tracker.sender_id,
            "tracker": self._seal.seal(self.serialise_tracker(bounded)),
            "saved_at": time.time(),
        }
        with self._engine.begin() as connection:
            updated = connection.execute(
                TABLE.update().where(TABLE.c.sender_id == tracker.sender_id).values(**row)
            )
            if updated.rowcount == 0:
                connection.execute(TABLE.insert().values(**row))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's state, or None where there is none."""
        query = sa.select(TABLE.c.tracker).where(TABLE.c.sender_id == sender_id)
        with self._engine.connect() as connection:
            text = connection.execute(query).scalar_one_or_none()
        if text is None:
            return None
        try:
            return self.deserialise_tracker(sender_id, self._seal.open(text))
        except Sealed:
            # The family is answered as in a first message.
            log.warning("a conversation cannot be opened with this SECRET_KEY")
            return None

    async def delete(self, sender_id: str) -> None:
        """Forget a conversation."""
        with self._engine.begin() as connection:
            connection.execute(TABLE.delete().where(TABLE.c.sender_id == sender_id))

    async def keys(self) -> Iterable[str]:
        """Ids of the conversations kept."""
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(TABLE.c.sender_id)).scalars())


def _connect(db: str) -> sa.engine.Engine:
    if not db.startswith("sqlite:///"):
        return sa.create_engine(db, future=True, pool_pre_ping=True)
    # Left alone, SQLAlchemy 1.4 opens and closes the file at every transaction, and the last one
    # to close it copies the write-ahead log back.
    return sa.create_engine(
        db, future=True, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False}
    )


def _quick_and_patient(connection: Any, _record: Any) -> None:
    """A crash may cost the last turn of the dialogue, never the file; writers wait their turn."""
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=2000"):
        connection.execute(f"PRAGMA {pragma}")
