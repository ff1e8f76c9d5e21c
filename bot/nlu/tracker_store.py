"""A tracker store with one sealed row a conversation, a bounded history and no family's words.

Rasa's own SQL store reads every event since the session began, so a reply slows down with each
turn, it cannot forget a conversation, and it keeps all texts in clear. Its locks do not hold
between several Rasas: a paused one would overwrite what another has saved meanwhile. Here a
conversation is saved only over the version that it was read as.
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

from bot.nlu import action_schema
from bot.nlu.forgetting import raw_reply, without_words
from bot.nlu.recent import Kept, Recent
from bot.nlu.threads import BoundedThreads
from bot.nlu.turn import TURN, said_to
from bot.postgres import PATIENCE
from bot.sealing import Seal, Sealed
from bot.settings import load_settings

log = logging.getLogger(__name__)

# Rasa opens the store once at start: the place to speed up its calls to the action server.
action_schema.install()

THREADS = 4
SECONDS = 2.0  # that the database is waited for
_SERVER: dict[str, Any] = {"connect_args": PATIENCE}
# Left alone, SQLAlchemy 1.4 opens and closes the file at every transaction, and the last one to
# close it copies the write-ahead log back.
_FILE: dict[str, Any] = {
    "poolclass": sa.pool.QueuePool,
    "connect_args": {"check_same_thread": False},
}
# Any number that the gateway's own migrations do not take.
SCHEMA_LOCK = 20_260_728

TABLE = sa.Table(
    "rasa_trackers",
    sa.MetaData(),
    sa.Column("sender_id", sa.String(64), primary_key=True),
    sa.Column("tracker", sa.Text, nullable=False),
    sa.Column("saved_at", sa.Float, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="0"),
)


class Outrun(Exception):
    """The conversation was saved by another Rasa since this one read it."""


class BoundedTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Keeps the last events of each conversation in SQLite or PostgreSQL."""

    def __init__(
        self,
        domain: Domain,
        event_broker: EventBroker | None = None,
        db: str = "sqlite://",
        max_events: int = 24,
        secrets: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """Open the store.

        Args:
            domain: of the assistant.
            event_broker: Rasa's, unused here.
            db: SQLAlchemy address.
            max_events: events kept for a conversation; a turn writes about eight.
            secrets: seal the rows, the present one first; those of the settings by default.
            **kwargs: other settings of endpoints.yml.
        """
        super().__init__(domain, event_broker, **kwargs)
        self._max_events = int(max_events)
        self._seal = Seal(secrets or load_settings().secrets, b"rasa trackers")
        self._threads = BoundedThreads(THREADS, SECONDS)
        self._recent = Recent()
        self._engine = open_database(db)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the conversation's bounded state, where it is still the one that was read.

        Raises:
            Outrun: it is not, and no turn is there to be told so.
        """
        turn = TURN.get()
        if turn and not turn.saves:
            return
        # Loading replays the events, so the slots go first: their own events may be dropped.
        slots = [SlotSet(name, slot.value) for name, slot in tracker.slots.items() if slot.value]
        kept: list[Event] = [slot for slot in slots if not raw_reply(slot)]
        if tracker.active_loop_name:
            # A form that was begun before the last events is still open.
            kept.append(ActiveLoop(tracker.active_loop_name))
        last = without_words(list(tracker.events)[-self._max_events :])
        bounded = DialogueStateTracker(tracker.sender_id, tracker.slots.values())
        bounded.events.extend(last if len(tracker.events) <= self._max_events else kept + last)
        text = self._seal.seal(self.serialise_tracker(bounded))
        version: int = getattr(tracker, "version", 0)
        try:
            saved = await self._threads.run(self._write, tracker.sender_id, text, version)
        except (sa.exc.SQLAlchemyError, TimeoutError) as error:
            # The conversation goes on in memory, and the next message that finds the database
            # working gives it what it has missed.
            log.error("database failed: %s", type(error).__name__)  # noqa: TRY400
            self._recent.keep(tracker.sender_id, Kept(text, version, missed=True))
            return
        if saved:
            tracker.version = version + 1
            self._recent.keep(tracker.sender_id, Kept(text, version + 1, missed=False))
            return
        self._recent.drop(tracker.sender_id)
        if not turn:
            raise Outrun
        turn.outrun = True

    def _write(self, sender_id: str, text: str, version: int) -> bool:
        """Save over a version, 0 for none; False where the row is at another by now."""
        row = {"tracker": text, "saved_at": time.time(), "version": version + 1}
        same = (TABLE.c.sender_id == sender_id) & (TABLE.c.version == version)
        try:
            with self._engine.begin() as connection:
                if connection.execute(TABLE.update().where(same).values(**row)).rowcount:
                    return True
                if version:
                    return False
                connection.execute(TABLE.insert().values(sender_id=sender_id, **row))
        except sa.exc.IntegrityError:
            return False
        return True

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's state, or None where there is none."""
        try:
            await self._catch_up()
            kept = await self._threads.run(self._read, sender_id)
        except (sa.exc.SQLAlchemyError, TimeoutError) as error:
            log.error("database failed: %s", type(error).__name__)  # noqa: TRY400
            kept = self._recent.get(sender_id)
        if kept is None:
            return None
        try:
            tracker = self.deserialise_tracker(sender_id, self._seal.open(kept.text))
        except Sealed:
            # The family is answered as in a first message.
            log.warning("a conversation cannot be opened with this SECRET_KEY")
            tracker = self.init_tracker(sender_id)
        if tracker is None:
            return None
        tracker.version = kept.version
        turn = TURN.get()
        if turn and turn.message_id:
            turn.before = said_to(tracker.events, turn.message_id, sender_id)
        return tracker

    async def _catch_up(self) -> None:
        """Give the database what it has missed; another Rasa's later word stands."""
        for sender_id, kept in self._recent.missed:
            await self._threads.run(self._write, sender_id, kept.text, kept.version)
            self._recent.drop(sender_id)

    def _read(self, sender_id: str) -> Kept | None:
        query = sa.select(TABLE.c.tracker, TABLE.c.version).where(TABLE.c.sender_id == sender_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Kept(row.tracker, row.version, missed=False)

    async def delete(self, sender_id: str) -> None:
        """Forget a conversation."""
        self._recent.drop(sender_id)
        with self._engine.begin() as connection:
            connection.execute(TABLE.delete().where(TABLE.c.sender_id == sender_id))

    async def keys(self) -> Iterable[str]:
        """Ids of the conversations kept."""
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(TABLE.c.sender_id)).scalars())


def open_database(url: str) -> sa.engine.Engine:
    """Connections to the database, with the table at its newest form."""
    postgresql = url.startswith("postgres")
    engine = sa.create_engine(
        url,
        future=True,
        pool_pre_ping=True,
        # An error of the database quotes its statement; the values are what families wrote.
        hide_parameters=True,
        **(_SERVER if postgresql else _FILE if url.startswith("sqlite:///") else {}),
    )
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _quick_and_patient)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Several Rasas start at once.
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(SCHEMA_LOCK)))
        TABLE.metadata.create_all(connection)
        columns = {column["name"] for column in sa.inspect(connection).get_columns(TABLE.name)}
        if TABLE.c.version.name not in columns:
            # The table of a release before there were versions.
            connection.execute(
                sa.text(f"ALTER TABLE {TABLE.name} ADD COLUMN version INTEGER NOT NULL DEFAULT 0")
            )
        # Rows of versions that kept them in clear.
        connection.execute(TABLE.delete().where(TABLE.c.tracker.like("{%")))
    return engine


def _quick_and_patient(connection: Any, _record: Any) -> None:
    """A crash may cost the last turn of the dialogue, never the file; writers wait their turn."""
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=2000"):
        connection.execute(f"PRAGMA {pragma}")
