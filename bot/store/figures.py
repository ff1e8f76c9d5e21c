"""How much the guide is used: counts by day, channel and language, of nobody and with no text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from bot.store.counts import change
from bot.store.database import METADATA, reading

FIGURES = sa.Table(
    "figures",
    METADATA,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("channel", sa.String(8), primary_key=True),
    sa.Column("lang", sa.String(8), primary_key=True),
    sa.Column("measure", sa.String(16), primary_key=True),
    sa.Column("value", sa.String(64), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)


class Cell(NamedTuple):
    """What is counted: `measure` is topic, urgency, outcome or time, `value` what it was."""

    day: str
    channel: str
    lang: str
    measure: str
    value: str


class Figures:
    """Adds to the counts and reads them."""

    def __init__(self, engine: sa.Engine) -> None:
        """Count in the database of the conversations."""
        self._engine = engine

    def add(self, counts: Mapping[Cell, int]) -> None:
        """Add to the counts, all or none."""
        with self._engine.begin() as connection:
            change(connection, FIGURES, counts)

    def months(self) -> Sequence[str]:
        """Months with figures, newest first, like 2026-11."""
        month = sa.func.substr(FIGURES.c.day, 1, 7)
        query = sa.select(month).distinct().order_by(month.desc())
        with reading(self._engine).connect() as connection:
            return list(connection.execute(query).scalars())

    def of_month(self, month: str) -> Sequence[tuple[Cell, int]]:
        """All counts of a month."""
        query = sa.select(FIGURES).where(FIGURES.c.day.startswith(month, autoescape=True))
        with reading(self._engine).connect() as connection:
            return [(Cell(*row[:5]), int(row[5])) for row in connection.execute(query)]
