"""Messages that came in by SMS: each is answered once, whatever dies in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from bot.store.database import reading
from bot.store.sms_families import Family, add, insert_into, opt_family, save_family
from bot.store.sms_tables import INBOX, OUTBOX


@dataclass(frozen=True)
class Received:
    """A message that came in.

    Attributes:
        sid: the carrier's id of it, our key.
        conversation: keyed hash of the number.
        received_at: Unix time.
        sealed: number and text, encrypted; None once it is answered.
        answer: what its webhook was answered with, encrypted; "" for nothing, None undecided.
        done: its reply stands in the outbox.
        helped: the help text was sent, because the reply took too long.
    """

    sid: str
    conversation: str
    received_at: float
    sealed: str | None
    answer: str | None = None
    done: bool = False
    helped: bool = False


@dataclass(frozen=True)
class Letter:
    """One SMS message to be sent: kind, whether it is a safety text, sealed text, segments."""

    kind: str
    safety: bool
    sealed: str
    segments: int


COLUMNS = [INBOX.c[name] for name in Received.__dataclass_fields__]


class Inbox:
    """Messages by the carrier's id, in the database of `engine`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._reads = reading(engine)

    def receive(self, message: Received, lease_until: float) -> bool:
        """Keep a new message; False where it came before, which changes nothing."""
        with self._engine.begin() as connection:
            insert = insert_into(connection, INBOX).values(
                **asdict(message), lease_until=lease_until
            )
            # An INSERT's row count is not told by every driver; what it returns is.
            kept = insert.on_conflict_do_nothing().returning(INBOX.c.sid)
            return connection.execute(kept).first() is not None

    def load(self, sid: str) -> Received | None:
        """A message, or None."""
        query = sa.select(*COLUMNS).where(INBOX.c.sid == sid)
        with self._reads.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else Received(**row)

    def count_since(self, conversation: str, since: float) -> int:
        """Messages of a family from a time on."""
        query = (
            sa.select(sa.func.count())
            .select_from(INBOX)
            .where(INBOX.c.conversation == conversation, INBOX.c.received_at >= since)
        )
        with self._reads.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def close_webhook(self, sid: str) -> str | None:
        """The webhook gets nothing, unless its answer is decided already; gives the answer."""
        undecided = (INBOX.c.sid == sid) & INBOX.c.answer.is_(None)
        with self._engine.begin() as connection:
            if connection.execute(INBOX.update().where(undecided).values(answer="")).rowcount:
                return ""
            query = sa.select(INBOX.c.answer).where(INBOX.c.sid == sid)
            answer: str | None = connection.execute(query).scalar_one_or_none()
            return answer

    def finish(
        self,
        sid: str,
        letters: Sequence[Letter],
        answer: str,
        now: float,
        settle: float,
        family: Family | None = None,
        opted_out: bool | None = None,
    ) -> bool:
        """Put the reply into the outbox and close the message, in one transaction.

        What the reply changes of the family is part of it: told and remembered, or neither.

        Args:
            sid: of the message.
            letters: the reply, in order.
            answer: the same as the webhook may give it, sealed; "" where there is no reply.
            now: Unix time.
            settle: seconds after which a reply given to the webhook must have been confirmed.
            family: to be kept, where something of it has changed.
            opted_out: where that has changed.

        Returns:
            True where the webhook still waits and gives the answer; else the outbox sends it.
        """
        with self._engine.begin() as connection:
            row = connection.execute(
                sa.select(INBOX).where(INBOX.c.sid == sid).with_for_update()
            ).one_or_none()
            if row is None or row.done:
                return False
            waits = row.answer is None
            connection.execute(
                INBOX.update()
                .where(INBOX.c.sid == sid)
                .values(done=True, sealed=None, answer=answer if waits else row.answer)
            )
            for position, letter in enumerate(letters):
                connection.execute(
                    OUTBOX.insert().values(
                        **_outgoing(row.sid, row.conversation, position, letter, now),
                        state="handed" if waits else "pending",
                        due_at=now + settle if waits else now,
                        attempted_at=now if waits else 0.0,
                    )
                )
            if letters:
                add(connection, f"segments {day(now)}", sum(part.segments for part in letters))
            if family:
                save_family(connection, family)
            if opted_out is not None:
                opt_family(connection, row.conversation, out=opted_out)
            return waits

    def help(self, sid: str, letter: Letter, now: float) -> bool:
        """Send the help text for a message that has no reply yet; once."""
        open_ = (INBOX.c.sid == sid) & INBOX.c.done.is_(False) & INBOX.c.helped.is_(False)
        with self._engine.begin() as connection:
            row = connection.execute(sa.select(INBOX).where(open_).with_for_update()).one_or_none()
            if row is None:
                return False
            connection.execute(INBOX.update().where(INBOX.c.sid == sid).values(helped=True))
            connection.execute(
                OUTBOX.insert().values(
                    **_outgoing(row.sid, row.conversation, -1, letter, now),
                    state="pending",
                    due_at=now,
                    attempted_at=0.0,
                )
            )
            add(connection, f"segments {day(now)}", letter.segments)
            return True

    def behind(self, message: Received) -> bool:
        """Whether an earlier message of the family is still without a reply, in any gateway."""
        earlier = (INBOX.c.received_at < message.received_at) | (
            (INBOX.c.received_at == message.received_at) & (INBOX.c.sid < message.sid)
        )
        query = sa.select(INBOX.c.sid).where(
            INBOX.c.conversation == message.conversation, INBOX.c.done.is_(False), earlier
        )
        with self._reads.connect() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def waiting(self, before: float) -> list[Received]:
        """Messages received before a time that have neither reply nor help text."""
        return self._open(INBOX.c.received_at < before, INBOX.c.helped.is_(False))

    def abandoned(self, now: float) -> list[Received]:
        """Messages without a reply that no living process works on."""
        return self._open(INBOX.c.lease_until < now)

    def claim(self, sid: str, now: float, until: float) -> bool:
        """Take over an abandoned message; False where another process was faster."""
        mine = (INBOX.c.sid == sid) & INBOX.c.done.is_(False) & (INBOX.c.lease_until < now)
        with self._engine.begin() as connection:
            update = INBOX.update().where(mine).values(lease_until=until)
            return connection.execute(update).rowcount > 0

    def renew(self, sids: Sequence[str], until: float) -> None:
        """This process still works on these."""
        with self._engine.begin() as connection:
            connection.execute(
                INBOX.update().where(INBOX.c.sid.in_(sids)).values(lease_until=until)
            )

    def _open(self, *conditions: sa.ColumnElement[bool]) -> list[Received]:
        query = sa.select(*COLUMNS).where(INBOX.c.done.is_(False), *conditions)
        with self._reads.connect() as connection:
            rows = connection.execute(query.order_by(INBOX.c.received_at)).mappings()
            return [Received(**row) for row in rows]


def day(now: float) -> int:
    """The day of a Unix time, as a number; the overall limit counts by it."""
    return int(now // 86_400)


def _outgoing(
    sid: str, conversation: str, position: int, letter: Letter, now: float
) -> dict[str, object]:
    return {
        "inbound": sid,
        "position": position,
        "conversation": conversation,
        "kind": letter.kind,
        "safety": letter.safety,
        "sealed": letter.sealed,
        "created_at": now,
        "lease_until": 0.0,
        "attempts": 0,
        "lookups": 0,
    }
