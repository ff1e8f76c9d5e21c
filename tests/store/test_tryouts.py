"""What staff tried is found by its link, encrypted, and gone after its time."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.store.database import open_database
from bot.store.tryouts import KEEP_DAYS, TRYOUTS, Tryout, Tryouts
from tests.databases import database_url, postgres

__all__ = ["database_url", "postgres"]
SECRET = "a secret of thirty-two characters"
TRIED = Tryout(
    ("is Ana's ó <b> ok", "y más"), "es", ({"web": "Sí", "sms": "Si"}, {"web": "", "sms": ""})
)


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def test_what_was_kept_is_found_and_deleted(engine: sa.Engine) -> None:
    tryouts = Tryouts(engine, SECRET)
    key = tryouts.keep(TRIED)
    found = tryouts.find(key)
    assert found is not None
    assert (found.turns, found.lang, found.said) == (TRIED.turns, TRIED.lang, TRIED.said)
    assert time.time() - found.created_at < 60
    assert tryouts.keep(TRIED) != key
    assert tryouts.delete(key)
    assert not tryouts.delete(key)
    assert tryouts.find(key) is None
    assert tryouts.find("x" * 100) is None


def test_the_words_are_encrypted(engine: sa.Engine) -> None:
    key = Tryouts(engine, SECRET).keep(TRIED)
    with engine.begin() as connection:
        (sealed,) = connection.execute(sa.select(TRYOUTS.c.sealed)).scalars().all()
    assert "Ana" not in sealed
    assert Tryouts(engine, "another secret of this installation").find(key) is None


def test_what_is_too_old_is_not_found_and_then_dropped(engine: sa.Engine) -> None:
    tryouts = Tryouts(engine, SECRET)
    key = tryouts.keep(TRIED)
    long_ago = time.time() - (KEEP_DAYS + 1) * 24 * 3600
    with engine.begin() as connection:
        connection.execute(TRYOUTS.update().values(created_at=long_ago))
    assert tryouts.find(key) is None
    tryouts.keep(TRIED)
    with engine.begin() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(TRYOUTS)).scalar() == 1
