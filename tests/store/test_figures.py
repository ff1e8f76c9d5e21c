from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from bot.store.figures import FIGURES, Cell, Figures
from tests.databases import database_url, engine, postgres

__all__ = ["database_url", "engine", "postgres"]
EEG = Cell("2026-11-26", "web", "en", "topic", "eeg")
URGENT = Cell("2026-11-26", "web", "en", "urgency", "urgent")


def test_counts_add_up_by_month(engine: sa.Engine) -> None:
    figures = Figures(engine)
    figures.add({EEG: 2})
    figures.add({EEG: 1, URGENT: 1, EEG._replace(day="2026-10-31"): 7})
    assert list(figures.months()) == ["2026-11", "2026-10"]
    assert dict(figures.of_month("2026-11")) == {EEG: 3, URGENT: 1}
    assert dict(figures.of_month("2026-1%")) == {}


def test_no_count_is_lost_among_many_writers(engine: sa.Engine) -> None:
    cells = [EEG, URGENT, EEG._replace(value="signs"), EEG._replace(lang="es")]

    def write(turn: int) -> None:
        # Each in another order: writers that waited for each other would fail.
        order = cells[turn % 4 :] + cells[: turn % 4]
        Figures(engine).add(dict.fromkeys(order, 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(64)))
    assert dict(Figures(engine).of_month("2026-11")) == dict.fromkeys(cells, 64)


def test_no_column_could_hold_a_text_or_a_conversation() -> None:
    assert set(FIGURES.c.keys()) == {"day", "channel", "lang", "measure", "value", "count"}
