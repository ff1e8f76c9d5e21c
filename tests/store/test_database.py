from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.store import Conversation, Store, sms_tables
from bot.store.database import METADATA, connect, open_database
from tests.databases import database_url, postgres

__all__ = ["database_url", "postgres"]


def test_the_revisions_make_the_tables_that_the_code_names(database_url: str) -> None:
    assert sms_tables.OUTBOX.metadata is METADATA
    engine = open_database(database_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_a_database_from_before_there_were_revisions_is_kept(database_url: str) -> None:
    engine = connect(database_url)
    METADATA.tables["conversations"].create(engine)
    with engine.begin() as connection:
        connection.execute(
            METADATA.tables["conversations"]
            .insert()
            .values(id="a", urgency="urgent", kind="spasms", also="", lang="es", seen_at=1.0)
        )
    engine.dispose()
    store = Store(database_url)
    assert store.load("a") == Conversation("a", "urgent", "spasms", "", "es", 1.0)
    store.close()


def test_processes_that_start_together_do_not_disturb_each_other(database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for engine in pool.map(open_database, [database_url] * 4):
            assert sa.inspect(engine).has_table("sms_outbox")
            engine.dispose()


def test_transactions_that_read_and_write_wait_for_each_other(database_url: str) -> None:
    engine = open_database(database_url)
    table = METADATA.tables["sms_counters"]
    with engine.begin() as connection:
        connection.execute(table.insert().values(name="a", value=0))

    def raise_it(_: int) -> None:
        with engine.begin() as connection:
            row = connection.execute(sa.select(table.c.value).with_for_update()).scalar_one()
            connection.execute(table.update().values(value=row + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(raise_it, range(40)))
    with engine.begin() as connection:
        assert connection.execute(sa.select(table.c.value)).scalar_one() == 40
    engine.dispose()


def test_a_deleted_row_leaves_no_trace_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite"
    store = Store(f"sqlite:///{path}")
    store.save(Conversation("conversation-to-be-forgotten"))
    store.delete("conversation-to-be-forgotten")
    store.close()
    assert b"to-be-forgotten" not in path.read_bytes()


@pytest.mark.parametrize("name", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_any_name_of_postgresql_takes_the_driver_that_is_here(name: str) -> None:
    assert connect(f"{name}://u@127.0.0.1:1/x").dialect.driver == "psycopg"
