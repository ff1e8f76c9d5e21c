"""How often a kind of answer helped: counts only, of no conversation and with no text.

For a day a keyed hash remembers which conversation voted how on which answer, so that a second vote
replaces the first; then only the counts are left.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.counts import Key, change
from bot.store.database import METADATA, reading

# Why an answer did not help; the widget has the words.
REASONS = ("other_question", "unclear", "too_little", "wrong")
DAY = 86_400.0  # seconds

FEEDBACK = sa.Table(
    "feedback",
    METADATA,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("topic", sa.String(64), primary_key=True),
    sa.Column("lang", sa.String(8), primary_key=True),
    sa.Column("helpful", sa.Boolean, primary_key=True),
    sa.Column("reason", sa.String(32), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

VOTES = sa.Table(
    "feedback_votes",
    METADATA,
    sa.Column("voter", sa.String(64), primary_key=True),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("topic", sa.String(64), nullable=False),
    sa.Column("lang", sa.String(8), nullable=False),
    sa.Column("helpful", sa.Boolean, nullable=True),
    sa.Column("reason", sa.String(32), nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)


@dataclass(frozen=True)
class Vote:
    """One click under an answer; a `reason` may follow its "no", and is counted beside it."""

    topic: str
    lang: str
    helpful: bool
    reason: str = ""


class Feedback:
    """Counts votes by day, topic and language: one a conversation and answer, the last."""

    def __init__(self, engine: sa.Engine) -> None:
        """Count in the database of the conversations."""
        self._engine = engine

    def add(self, vote: Vote, voter: str) -> None:
        """Count a vote in place of an earlier one of the same voter.

        Args:
            vote: what was clicked.
            voter: a keyed hash of conversation and topic; see `bot.gateway.record.origins`.
        """
        today = dt.datetime.now(dt.timezone.utc).date().isoformat()
        mine = VOTES.c.voter == voter
        with self._engine.begin() as connection:
            postgres = connection.dialect.name == "postgresql"
            insert = (postgresql if postgres else sqlite).insert(VOTES)
            unsaid = {**asdict(vote), "helpful": None, "voter": voter, "day": today, "at": 0.0}
            # The row is there from here on, and locked: votes of one voter count one by one.
            connection.execute(insert.values(unsaid).on_conflict_do_nothing())
            query = sa.select(VOTES).where(mine).with_for_update()
            row = connection.execute(query).mappings().one()
            changes: Counter[Key] = Counter()
            if row["helpful"] is not None:
                before = Vote(row["topic"], row["lang"], row["helpful"], row["reason"])
                changes.subtract(_cells(row["day"], before))
            changes.update(_cells(today, vote))
            change(connection, FEEDBACK, changes)
            values = {**asdict(vote), "day": today, "at": time.time()}
            connection.execute(VOTES.update().where(mine).values(values))

    def purge(self, now: float | None = None) -> None:
        """Forget who voted a day ago or earlier; the counts stay."""
        limit = (time.time() if now is None else now) - DAY
        with self._engine.begin() as connection:
            connection.execute(VOTES.delete().where(VOTES.c.at < limit))
            connection.execute(FEEDBACK.delete().where(FEEDBACK.c.count <= 0))

    def totals(self, month: str = "") -> Sequence[tuple[Vote, int]]:
        """How often each vote was given, in order of topic.

        Args:
            month: like 2026-11; all days where empty.
        """
        columns = [FEEDBACK.c[name] for name in ("topic", "lang", "helpful", "reason")]
        total = sa.func.sum(FEEDBACK.c.count)
        query = sa.select(*columns, total).where(FEEDBACK.c.day.startswith(month, autoescape=True))
        query = query.group_by(*columns).having(total > 0).order_by(*columns)
        with reading(self._engine).connect() as connection:
            rows = connection.execute(query).all()
        return [(Vote(row[0], row[1], bool(row[2]), row[3]), int(row[4])) for row in rows]


def _cells(day: str, vote: Vote) -> list[Key]:
    """The counters that a vote stands in: its yes or no, and its reason."""
    cells: list[Key] = [(day, vote.topic, vote.lang, vote.helpful, "")]
    if vote.reason:
        cells.append((day, vote.topic, vote.lang, vote.helpful, vote.reason))
    return cells
