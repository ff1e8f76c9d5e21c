"""SMS messages on their way to families, and what became of each.

States: `handed` stands in the answer to a webhook; `pending` waits to be sent; `sending` is with
the carrier's API now; `unknown` may or may not have been taken; `sent` was taken; `blocked` met an
opt-out; `dead` needs a person; `settled` was seen by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.store.database import reading
from bot.store.sms_families import add
from bot.store.sms_tables import OUTBOX

OPEN = ("handed", "pending", "sending", "unknown")
# What the carrier says of a message, in the order it happens; the last ones are final.
STATUSES = ("accepted", "scheduled", "queued", "sending", "sent")
FINAL = ("delivered", "read", "undelivered", "failed", "canceled")
LOST = ("undelivered", "failed", "canceled")
OPTED_OUT = "21610"  # Twilio: the recipient has replied STOP


@dataclass(frozen=True)
class Outgoing:
    """A message of the outbox; times are Unix times."""

    id: int
    inbound: str
    position: int
    conversation: str
    kind: str
    safety: bool
    state: str
    sealed: str | None
    created_at: float
    attempted_at: float
    attempts: int
    lookups: int
    carrier_sid: str | None
    carrier_status: str | None
    error: str | None


COLUMNS = [OUTBOX.c[name] for name in Outgoing.__dataclass_fields__]


def rank(status: str | None) -> int:
    """How far a carrier's status is; unknown ones say nothing."""
    if status in FINAL:
        return len(STATUSES)
    return STATUSES.index(status) if status in STATUSES else -1


class Outbox:
    """Outgoing messages in the database of `engine`; every move is one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._reads = reading(engine)

    def due(self, now: float, limit: int = 50) -> list[Outgoing]:
        """Messages that need something done, the oldest first."""
        query = sa.select(*COLUMNS).where(*_due(now)).order_by(OUTBOX.c.id).limit(limit)
        with self._reads.connect() as connection:
            return [Outgoing(**row) for row in connection.execute(query).mappings()]

    def claim(self, row: Outgoing, now: float, until: float) -> bool:
        """Take a due message for this worker; a pending one is `sending` from here on.

        What a dead worker left as `sending` becomes `unknown`: nobody knows how far it came.
        """
        state = {"pending": "sending", "sending": "unknown"}.get(row.state, row.state)
        values: dict[str, Any] = {"state": state, "lease_until": until}
        if state == "sending":
            values |= {"attempts": OUTBOX.c.attempts + 1, "attempted_at": now}
        mine = (OUTBOX.c.id == row.id) & (OUTBOX.c.state == row.state)
        with self._engine.begin() as connection:
            update = OUTBOX.update().where(mine, *_due(now)).values(**values)
            return connection.execute(update).rowcount > 0

    def taken(self, row_id: int, carrier_sid: str) -> None:
        """The carrier has it."""
        self._set(row_id, state="sent", carrier_sid=carrier_sid, error=None)

    def again(self, row_id: int, due_at: float, error: str | None = None) -> None:
        """The carrier does not have it; send it at a later time."""
        self._set(row_id, state="pending", due_at=due_at, error=error)

    def unsure(self, row_id: int, due_at: float, error: str, *, looked: bool = False) -> None:
        """The carrier may have it; ask at a later time."""
        lookups = OUTBOX.c.lookups + int(looked)
        self._set(row_id, state="unknown", due_at=due_at, error=error, lookups=lookups)

    def unanswerable(self, row: Outgoing, now: float) -> None:
        """The carrier cannot be asked: a safety text goes out again once, others go to staff."""
        if row.safety and row.attempts <= 1:
            self._set(row.id, "sent again unasked", state="pending", due_at=now, lookups=0)
        else:
            self._set(row.id, "left to staff unasked", state="dead", error="unknown")

    def dead(self, row_id: int, error: str) -> None:
        """It will not arrive; staff see it."""
        self._set(row_id, "dead", state="dead", error=error)

    def block(self, row_id: int) -> None:
        """The family has opted out."""
        self._set(row_id, "blocked", state="blocked", sealed=None)

    def carrier_sids(self, conversation: str) -> set[str]:
        """Ids that the carrier gave to messages we know of."""
        query = sa.select(OUTBOX.c.carrier_sid).where(
            OUTBOX.c.conversation == conversation, OUTBOX.c.carrier_sid.is_not(None)
        )
        with self._reads.connect() as connection:
            return set(connection.execute(query).scalars())

    def status(
        self, inbound: str, position: int, carrier_sid: str, status: str, error: str
    ) -> str | None:
        """What the carrier says of a message; an older word changes nothing.

        Args:
            inbound: the message that it answers.
            position: in the reply.
            carrier_sid: the carrier's id of it.
            status: in the carrier's words.
            error: the carrier's code, or "".

        Returns:
            the conversation, where this has moved the message on; None where nothing is new.
        """
        this = (OUTBOX.c.inbound == inbound) & (OUTBOX.c.position == position)
        query = sa.select(OUTBOX).where(this)
        with self._reads.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or row.state in ("blocked", "settled"):
            return None
        if row.state == "sent" and row.carrier_sid == carrier_sid and status not in FINAL:
            # Most reports say what is known: that the carrier has it. They write nothing.
            return None
        with self._engine.begin() as connection:
            row = connection.execute(query.with_for_update()).one_or_none()
            if row is None:
                return None
            if row.carrier_sid not in (None, carrier_sid):
                # The carrier took it twice; the first stands for both.
                add(connection, "duplicates", 1)
                return None
            values: dict[str, Any] = {"carrier_sid": carrier_sid}
            if row.state in OPEN:
                values["state"] = "sent"
            if rank(status) > rank(row.carrier_status):
                values["carrier_status"] = status
                if status in LOST:
                    values |= {"state": "dead", "error": error or status}
                    if error == OPTED_OUT:
                        values |= {"state": "blocked", "sealed": None}
                    add(connection, "blocked" if error == OPTED_OUT else "dead", 1)
                elif status in FINAL:
                    values["sealed"] = None
            connection.execute(OUTBOX.update().where(this).values(**values))
            return str(row.conversation)

    def find(self, *states: str) -> list[Outgoing]:
        """Messages in these states, the oldest first."""
        query = sa.select(*COLUMNS).where(OUTBOX.c.state.in_(states)).order_by(OUTBOX.c.id)
        with self._reads.connect() as connection:
            return [Outgoing(**row) for row in connection.execute(query).mappings()]

    def counts(self) -> dict[str, int]:
        """How many messages are in each state."""
        query = sa.select(OUTBOX.c.state, sa.func.count()).group_by(OUTBOX.c.state)
        with self._reads.connect() as connection:
            return {str(state): int(count) for state, count in connection.execute(query)}

    def settle(self, row_id: int) -> bool:
        """Staff have seen to a dead message; its text and number are wiped."""
        dead = (OUTBOX.c.id == row_id) & (OUTBOX.c.state == "dead")
        with self._engine.begin() as connection:
            update = OUTBOX.update().where(dead).values(state="settled", sealed=None)
            return connection.execute(update).rowcount > 0

    def _set(self, row_id: int, counter: str = "", **values: Any) -> None:
        """Move an open message on; what a status callback has settled meanwhile stays."""
        mine = (OUTBOX.c.id == row_id) & OUTBOX.c.state.in_(OPEN)
        with self._engine.begin() as connection:
            update = OUTBOX.update().where(mine).values(lease_until=0.0, **values)
            if connection.execute(update).rowcount and counter:
                add(connection, counter, 1)


def _due(now: float) -> tuple[sa.ColumnElement[bool], ...]:
    """In order for each family; a safety text waits for earlier safety texts only."""
    earlier = OUTBOX.alias()
    waits = (
        sa.select(earlier.c.id)
        .where(
            earlier.c.conversation == OUTBOX.c.conversation,
            earlier.c.id < OUTBOX.c.id,
            earlier.c.state.in_(OPEN),
            earlier.c.safety.is_(True) | OUTBOX.c.safety.is_(False),
        )
        .correlate(OUTBOX)
        .exists()
    )
    return (
        OUTBOX.c.state.in_(OPEN),
        OUTBOX.c.due_at <= now,
        OUTBOX.c.lease_until <= now,
        (OUTBOX.c.state != "pending") | ~waits,
    )
