"""Both databases for tests: SQLite in a file, and a real PostgreSQL server."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store.database import open_database
from tools.postgres import Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with Postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bot.sqlite'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.create(f"test_{secrets.token_hex(4)}")


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """Connections to such a database, at the newest revision."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()
