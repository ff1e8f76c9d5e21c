"""Missed dangers: each opened from a kept text, with notes, until it is closed with a reason."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bot.errors import SettledError
from bot.store.audit import Audit
from bot.store.database import reading
from bot.store.inbox import MISSED, open_row, settle_in
from bot.store.inbox_tables import INCIDENTS, NOTES
from bot.store.staff import Staff

# Why an incident is closed.
CLOSINGS = (
    "rule_added",
    "examples_added",
    "text_changed",
    "no_danger",
    "duplicate",
    "accepted_risk",
)


@dataclass(frozen=True)
class Incident:
    """A missed danger; `text` is masked, and None once its time is over. Times are Unix times."""

    id: int
    kept_text: int
    text: str | None
    channel: str
    lang: str
    said: str
    expected: str
    opened_at: float
    opened_by: str
    closed_at: float | None
    closed_by: str | None
    closing: str | None


@dataclass(frozen=True)
class Note:
    """What a member of staff wrote on an incident."""

    at: float
    author: str
    note: str


COLUMNS = [INCIDENTS.c[name] for name in Incident.__dataclass_fields__]


class Incidents:
    """Opens, annotates and closes incidents; each step stands in the audit log."""

    def __init__(self, engine: sa.Engine, audit: Audit) -> None:
        """Keep them in the database of the conversations."""
        self._engine = engine
        self._audit = audit

    def open(self, actor: Staff, text: int, expected: str) -> int:
        """Open an incident on a text of the watch list.

        Args:
            actor: who found it.
            text: id of the kept text.
            expected: the level that the message should have been given.

        Returns:
            The incident's id.

        Raises:
            SettledError: the text is gone, or has been settled.
        """
        with self._engine.begin() as connection:
            kept = open_row(connection, text)
            values = {
                "kept_text": kept.id,
                "text": kept.text,
                "channel": kept.channel,
                "lang": kept.lang,
                "said": kept.urgency,
                "expected": expected,
                "opened_at": time.time(),
                "opened_by": actor.email,
            }
            insert = INCIDENTS.insert().values(values).returning(INCIDENTS.c.id)
            key = int(connection.execute(insert).scalar_one())
            settle_in(connection, actor, [text], MISSED)
            self._audit.record(
                actor,
                "incident.open",
                str(key),
                {"text": text, "said": kept.urgency, "expected": expected},
                connection,
            )
        return key

    def note(self, actor: Staff, key: int, note: str) -> None:
        """Add a note.

        Raises:
            SettledError: the incident is closed, or there is none.
        """
        with self._engine.begin() as connection:
            self._locked(connection, key)
            values = {"incident": key, "at": time.time(), "author": actor.email, "note": note}
            connection.execute(NOTES.insert().values(values))
            self._audit.record(actor, "incident.note", str(key), {}, connection)

    def close(self, actor: Staff, key: int, closing: str) -> None:
        """Close an incident.

        Raises:
            SettledError: it is closed already, or there is none.
        """
        with self._engine.begin() as connection:
            self._locked(connection, key)
            values = {"closed_at": time.time(), "closed_by": actor.email, "closing": closing}
            connection.execute(INCIDENTS.update().where(INCIDENTS.c.id == key).values(values))
            self._audit.record(actor, "incident.close", str(key), {"reason": closing}, connection)

    @staticmethod
    def _locked(connection: sa.Connection, key: int) -> None:
        mine = (INCIDENTS.c.id == key) & INCIDENTS.c.closed_at.is_(None)
        query = sa.select(INCIDENTS.c.id).where(mine).with_for_update()
        if connection.execute(query).first() is None:
            raise SettledError("This incident is closed, or there is none.")

    def all(self) -> Sequence[Incident]:
        """Every incident, the open ones first, newest first."""
        order = (INCIDENTS.c.closed_at.is_not(None), INCIDENTS.c.opened_at.desc())
        with reading(self._engine).connect() as connection:
            rows = connection.execute(sa.select(*COLUMNS).order_by(*order))
            return [Incident(*row) for row in rows]

    def find(self, key: int) -> tuple[Incident, Sequence[Note]] | None:
        """An incident with its notes, oldest first; None where there is none."""
        wanted = sa.select(NOTES.c.at, NOTES.c.author, NOTES.c.note)
        with reading(self._engine).connect() as connection:
            row = connection.execute(sa.select(*COLUMNS).where(INCIDENTS.c.id == key)).first()
            notes = connection.execute(wanted.where(NOTES.c.incident == key).order_by(NOTES.c.id))
            return (Incident(*row), [Note(*note) for note in notes]) if row else None
