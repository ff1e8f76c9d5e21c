"""How often a kind of answer helped: counts only, of no conversation and with no text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.store.database import METADATA, reading

# Why an answer did not help; the widget has the words.
REASONS = ("other_question", "unclear", "too_little", "wrong")

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


@dataclass(frozen=True)
class Vote:
    """One click under an answer; a `reason` is given after its "no", and counted beside it."""

    topic: str
    lang: str
    helpful: bool
    reason: str = ""


class Feedback:
    """Counts votes by day, topic and language."""

    def __init__(self, engine: sa.Engine) -> None:
        """Count in the database of the conversations."""
        self._engine = engine

    def add(self, vote: Vote) -> None:
        """Count a vote."""
        today = dt.datetime.now(dt.timezone.utc).date().isoformat()
        key: dict[str, Any] = {"day": today, **asdict(vote)}
        if self._increment(key):
            return
        try:
            with self._engine.begin() as connection:
                connection.execute(FEEDBACK.insert().values(**key, count=1))
        except IntegrityError:
            # Another vote was the first of its kind in the same moment.
            self._increment(key)

    def _increment(self, key: dict[str, Any]) -> bool:
        same = sa.and_(*(FEEDBACK.c[name] == value for name, value in key.items()))
        change = FEEDBACK.update().where(same).values(count=FEEDBACK.c.count + 1)
        with self._engine.begin() as connection:
            return connection.execute(change).rowcount > 0

    def totals(self) -> Sequence[tuple[Vote, int]]:
        """How often each vote was given, over all days, in order of topic."""
        columns = [FEEDBACK.c[name] for name in ("topic", "lang", "helpful", "reason")]
        query = sa.select(*columns, sa.func.sum(FEEDBACK.c.count)).group_by(*columns)
        with reading(self._engine).connect() as connection:
            rows = connection.execute(query.order_by(*columns)).all()
        return [(Vote(row[0], row[1], bool(row[2]), row[3]), int(row[4])) for row in rows]
