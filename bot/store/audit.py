"""The audit log of the staff area: append-only, each line chained to the one before by SHA-256.

Triggers of the database refuse every change (migration 0004). Whoever can switch them off and
edits, cuts out or inserts a line breaks the chain after it; whoever cuts off the end is found by a
hash noted earlier (`verify(known=...)`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from bot.errors import AuditError
from bot.store.database import METADATA, reading
from bot.store.staff import Staff

AUDIT = sa.Table(
    "staff_audit",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("actor", sa.String(254), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("action", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
FIRST = "0" * 64
# Any number will do, as long as every process of ours takes the same.
CHAIN_LOCK = 20_260_728
BATCH = 500

Value = str | int | float | bool | None


@dataclass(frozen=True)
class Entry:
    """One line of the log; `detail` is a JSON object of ids, versions and field names."""

    id: int
    at: str
    actor: str
    role: str
    action: str
    subject: str
    detail: str
    previous: str
    hash: str

    def digest(self) -> str:
        """What `hash` must be: SHA-256 over all other fields, the last line's hash among them."""
        fields = asdict(self)
        del fields["hash"]
        text = json.dumps(fields, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()


@dataclass(frozen=True)
class Filter:
    """Which lines to read; an empty field filters nothing. Days are ISO dates in UTC."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""


class Audit:
    """Writes and reads the log."""

    def __init__(self, engine: sa.Engine) -> None:
        """Keep the log in the database of the accounts."""
        self._engine = engine

    def record(
        self,
        actor: Staff,
        action: str,
        subject: str = "",
        detail: Mapping[str, Value] | None = None,
        connection: sa.Connection | None = None,
    ) -> None:
        """Append a line.

        Args:
            actor: who did it.
            action: dotted name of what was done, like `draft.approve`.
            subject: id of what it was done to.
            detail: ids, versions and field names; never what a family or an editor wrote.
            connection: of the transaction that does the thing, so that both stand or neither;
                record last in it, because from here on other writers of the log wait.
        """
        if connection is None:
            with self._engine.begin() as own:
                append(own, actor, action, subject, detail or {})
        else:
            append(connection, actor, action, subject, detail or {})

    def page(self, wanted: Filter, before: int | None = None, limit: int = 50) -> Sequence[Entry]:
        """Lines that fit, newest first; those older than the line `before`."""
        query = sa.select(AUDIT).where(*_conditions(wanted)).order_by(AUDIT.c.id.desc())
        if before is not None:
            query = query.where(AUDIT.c.id < before)
        with reading(self._engine).connect() as connection:
            return [Entry(*row) for row in connection.execute(query.limit(limit))]

    def actions(self) -> Sequence[str]:
        """Names of all actions that were ever recorded."""
        query = sa.select(AUDIT.c.action).distinct().order_by(AUDIT.c.action)
        with reading(self._engine).connect() as connection:
            return list(connection.execute(query).scalars())

    def entries(self, wanted: Filter | None = None) -> Iterator[Entry]:
        """All lines that fit, oldest first, read in batches."""
        conditions, last = _conditions(wanted or Filter()), 0
        while True:
            query = sa.select(AUDIT).where(AUDIT.c.id > last, *conditions).order_by(AUDIT.c.id)
            with reading(self._engine).connect() as connection:
                rows = connection.execute(query.limit(BATCH)).all()
            for row in rows:
                yield Entry(*row)
            if len(rows) < BATCH:
                return
            last = rows[-1].id

    def verify(self, known: str = "") -> tuple[int, str]:
        """Check the whole chain.

        Args:
            known: the hash of a line that was noted or exported earlier.

        Returns:
            The number of lines, and the hash of the last one.

        Raises:
            AuditError: a line was changed, cut out or put in, or the known one is gone.
        """
        return check_chain(self.entries(), known)


def check_chain(entries: Iterable[Entry], known: str = "") -> tuple[int, str]:
    """Check lines from the first on, of the database or of an export; as `Audit.verify`.

    Raises:
        AuditError: as `Audit.verify`.
    """
    count, previous, found = 0, FIRST, known in ("", FIRST)
    for count, entry in enumerate(entries, start=1):
        if entry.id != count:
            raise AuditError(f"audit log: line {count} is missing.")
        if entry.previous != previous or entry.hash != entry.digest():
            raise AuditError(f"audit log: line {count} is not as it was written.")
        previous = entry.hash
        found = found or previous == known
    if not found:
        raise AuditError("audit log: the known hash is gone; lines were cut off or rewritten.")
    return count, previous


def read_export(lines: Iterable[str]) -> Iterator[Entry]:
    """Lines of an export as JSONL.

    Raises:
        AuditError: a line is none.
    """
    for number, line in enumerate(lines, start=1):
        try:
            yield Entry(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise AuditError(f"line {number} is not one of an audit log's export.") from error


def append(
    connection: sa.Connection,
    actor: Staff,
    action: str,
    subject: str,
    detail: Mapping[str, Value],
) -> None:
    """Add a line inside a transaction; writers of the log go one by one until its end."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN_LOCK)))
    newest = sa.select(AUDIT.c.id, AUDIT.c.hash).order_by(AUDIT.c.id.desc()).limit(1)
    last = connection.execute(newest).first()
    entry = Entry(
        id=last.id + 1 if last else 1,
        at=dt.datetime.now(dt.timezone.utc).isoformat(timespec="milliseconds"),
        actor=actor.email,
        role=actor.role,
        action=action,
        subject=subject[:200],
        detail=json.dumps(dict(detail), ensure_ascii=False, sort_keys=True),
        previous=last.hash if last else FIRST,
        hash="",
    )
    connection.execute(AUDIT.insert().values(**{**asdict(entry), "hash": entry.digest()}))


def _conditions(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.actor:
        conditions.append(AUDIT.c.actor == wanted.actor)
    if wanted.action:
        conditions.append(AUDIT.c.action == wanted.action)
    if wanted.subject:
        conditions.append(AUDIT.c.subject == wanted.subject)
    if wanted.since:
        conditions.append(AUDIT.c.at >= wanted.since)
    if wanted.until:
        # The whole of that day: "T~" sorts after every time of it.
        conditions.append(AUDIT.c.at <= f"{wanted.until}T~")
    return conditions
