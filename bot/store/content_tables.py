"""Versions of what families are told: the tables, and their rows as data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.store.database import METADATA

# What is edited, and what its key names: a topic, the id of a safety text, or the file's own name.
KINDS: tuple[str, ...] = ("answer", "safety", "check", "phrases", "page")
# draft: being written. submitted: waits for a second person. published: families read it.
# superseded: families read it before. withdrawn: given up before it was published.
STATES: tuple[str, ...] = ("draft", "submitted", "published", "superseded", "withdrawn")

VERSIONS = sa.Table(
    "content_versions",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("base", sa.Integer),
    sa.Column("page", sa.Integer),
    sa.Column("needs", sa.String(32), nullable=False),
    sa.Column("withdraws", sa.Boolean, nullable=False),
    sa.Column("note", sa.String(500), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("changed_at", sa.Float, nullable=False),
    sa.Column("published_at", sa.Float),
    sa.Column("previous", sa.Integer),
    sa.Index("content_versions_by_key", "kind", "key"),
    sqlite_autoincrement=True,
)
AUTHORS = sa.Table(
    "content_authors",
    METADATA,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("staff_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(200), nullable=False),
)
APPROVALS = sa.Table(
    "content_approvals",
    METADATA,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("form", sa.String(8), primary_key=True),
    sa.Column("staff_id", sa.Integer, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("signed_on", sa.Date, nullable=False),
    sa.Column("expires", sa.Date, nullable=False),
    sa.Column("translator", sa.String(200)),
)
LIVE = sa.Table(
    "content_live",
    METADATA,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
)
STATE = sa.Table(
    "content_state",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("answers_on", sa.Boolean, nullable=False),
)
REPLAYS = sa.Table(
    "content_replays",
    METADATA,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("changes", sa.Text, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
)


@dataclass(frozen=True)
class Person:
    """A member of staff, as a version names them; `id` is of the account."""

    id: int
    name: str


@dataclass(frozen=True)
class Approval:
    """A signature under one form of a version; dates are inclusive."""

    form: str
    person: Person
    on: dt.date
    expires: dt.date
    translator: str | None = None


@dataclass(frozen=True)
class Version:
    """A text at one point of its life.

    Attributes:
        body: YAML, as the file in data/ holds it, with the reviews it began with.
        base: the version that was live when this one began; None for the text in data/.
        page: the page version that it is written for; it goes live with that.
        needs: forms that must be signed before it may be published.
        withdraws: it takes the answer away.
        note: why, in the author's words.
        revision: rises with each save; who saves an older one is told.
        changed_at, published_at: Unix time, seconds.
        previous: what was live before it was published.
        authors: everyone who has written in it.
    """

    id: int
    kind: str
    key: str
    body: str
    base: int | None
    page: int | None
    needs: tuple[str, ...]
    withdraws: bool
    note: str
    state: str
    revision: int
    changed_at: float
    published_at: float | None
    previous: int | None
    authors: tuple[Person, ...] = ()
    approvals: tuple[Approval, ...] = ()

    @property
    def unsigned(self) -> tuple[str, ...]:
        """Forms that still need a signature."""
        signed = {approval.form for approval in self.approvals}
        return tuple(form for form in self.needs if form not in signed)

    def written_by(self, staff_id: int) -> bool:
        """True where that person wrote in it, and so may not sign it."""
        return any(author.id == staff_id for author in self.authors)


@dataclass(frozen=True)
class Snapshot:
    """What is live at one moment: versions by (kind, key), and whether answers are given."""

    revision: int
    answers_on: bool
    live: Mapping[tuple[str, str], Version]


def read_versions(connection: sa.Connection, where: sa.ColumnElement[bool]) -> list[Version]:
    """The versions that a condition picks, with authors and approvals, oldest first."""
    rows = connection.execute(VERSIONS.select().where(where).order_by(VERSIONS.c.id)).mappings()
    found = {row["id"]: dict(row) for row in rows}
    authors = _by_version(connection, AUTHORS, AUTHORS.c.name, found)
    approvals = _by_version(connection, APPROVALS, APPROVALS.c.form, found)
    return [
        Version(
            **{**row, "needs": tuple(filter(None, row["needs"].split(",")))},
            authors=tuple(Person(a["staff_id"], a["name"]) for a in authors.get(number, ())),
            approvals=tuple(
                Approval(
                    a["form"],
                    Person(a["staff_id"], a["name"]),
                    a["signed_on"],
                    a["expires"],
                    a["translator"],
                )
                for a in approvals.get(number, ())
            ),
        )
        for number, row in found.items()
    ]


def _by_version(
    connection: sa.Connection, table: sa.Table, order: sa.Column[str], wanted: Mapping[int, object]
) -> dict[int, list[sa.RowMapping]]:
    found: dict[int, list[sa.RowMapping]] = {}
    query = table.select().where(table.c.version.in_(list(wanted))).order_by(order)
    for row in connection.execute(query).mappings():
        found.setdefault(row["version"], []).append(row)
    return found


def read_snapshot(connection: sa.Connection) -> Snapshot:
    """What is live, as this transaction sees it."""
    state = connection.execute(STATE.select()).mappings().one()
    ids: Sequence[int] = connection.execute(sa.select(LIVE.c.version)).scalars().all()
    live = read_versions(connection, VERSIONS.c.id.in_(ids)) if ids else []
    return Snapshot(
        state["revision"], bool(state["answers_on"]), {(v.kind, v.key): v for v in live}
    )


def new_id(added: sa.CursorResult[Any]) -> int:
    """The id that the database gave to an inserted row."""
    key = added.inserted_primary_key
    if key is None:
        raise LookupError("the row was not inserted")
    return int(key[0])
