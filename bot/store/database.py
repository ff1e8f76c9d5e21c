"""Opens the database, SQLite or PostgreSQL, at the newest revision of its schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event

from bot.store.bounded import bound

METADATA = sa.MetaData()
MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do, as long as every process of ours takes the same.
MIGRATION_LOCK = 20_260_727


def open_database(url: str, *, durable: bool = False) -> sa.Engine:
    """Connect, and bring the schema to the newest revision.

    Args:
        url: as `connect` takes it.
        durable: likewise.
    """
    # A step of the schema takes its time, and waits for another process that takes it.
    patient = connect(url, durable=durable, bounded=False)
    migrate(patient)
    patient.dispose()
    return connect(url, durable=durable)


def connect(url: str, *, durable: bool = False, bounded: bool = True) -> sa.Engine:
    """Connections to a database, made when they are needed.

    Args:
        url: SQLAlchemy address; PostgreSQL under any driver's name takes the one installed here.
        durable: SQLite writes to the disk itself at each commit, and outlives a power cut.
        bounded: a PostgreSQL server that says nothing is an error after a few seconds.
    """
    scheme, separator, rest = url.partition("://")
    if scheme.startswith("postgres"):
        url = f"postgresql+psycopg{separator}{rest}"
    # An error quotes its statement; the values may be what a family wrote.
    engine = sa.create_engine(url, pool_pre_ping=True, hide_parameters=True)
    if bounded and engine.dialect.name == "postgresql":
        bound(engine)
    if engine.dialect.name == "sqlite":
        synchronous = "FULL" if durable else "NORMAL"

        @event.listens_for(engine, "connect")
        def patient(connection: Any, _record: Any) -> None:
            # Write-ahead log: a reader never waits, a writer waits its turn.
            connection.isolation_level = None
            cursor = connection.cursor()
            for pragma in (
                "journal_mode=WAL",
                f"synchronous={synchronous}",
                "busy_timeout=5000",
                # What a family has deleted leaves no traces in the file.
                "secure_delete=ON",
            ):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        @event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            # A transaction that reads and then writes would fail where another wrote in between.
            reads = connection.get_execution_options().get("reads")
            connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def reading(engine: sa.Engine) -> sa.Engine:
    """The same database for transactions that only read; they wait for no writer."""
    return engine.execution_options(reads=True)


def migrate(engine: sa.Engine) -> None:
    """Take the schema to its newest revision, one process at a time, wholly or not at all."""
    config = _config()
    present, newest = revisions(engine)
    if present == newest:
        return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def revisions(engine: sa.Engine) -> tuple[str | None, str | None]:
    """The revision that the schema is at, None for an empty database, and the newest one."""
    with reading(engine).connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present, ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
