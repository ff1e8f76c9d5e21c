"""Rasa's memory of a conversation, which only its database can be asked to forget."""

from __future__ import annotations

import os
from collections.abc import Mapping

import sqlalchemy as sa

from bot.settings import Settings, with_files
from bot.store.database import connect

TRACKERS = sa.table("rasa_trackers", sa.column("sender_id", sa.String), sa.column("saved_at"))


def tracker_address(settings: Settings, environ: Mapping[str, str] | None = None) -> str:
    """SQLAlchemy address of Rasa's database: its own setting, the gateway's server, or a file."""
    environ = with_files(os.environ if environ is None else environ)
    if environ.get("TRACKER_DATABASE_URL"):
        return environ["TRACKER_DATABASE_URL"]
    if settings.database_url.startswith("postgres"):
        return settings.database_url
    return f"sqlite:///{settings.var_dir / 'rasa.sqlite'}"


class Trackers:
    """The table that `bot.nlu.tracker_store` keeps, in TRACKER_DATABASE_URL."""

    def __init__(self, settings: Settings, environ: Mapping[str, str] | None = None) -> None:
        """Connect lazily.

        Args:
            settings: name the folder of Rasa's own SQLite file, used where nothing else is set.
            environ: this process's environment.
        """
        self._engine = connect(tracker_address(settings, environ))

    def delete(self, conversation_id: str) -> None:
        """Forget a conversation; nothing to do where Rasa has kept none yet."""
        self._delete(TRACKERS.c.sender_id == conversation_id)

    def purge(self, before: float, prefix: str = "") -> int:
        """Forget those not saved since a Unix time whose id begins so; gives their number."""
        old = TRACKERS.c.saved_at < before
        return self._delete(sa.and_(old, TRACKERS.c.sender_id.startswith(prefix, autoescape=True)))

    def _delete(self, which: sa.ColumnElement[bool]) -> int:
        with self._engine.begin() as connection:
            if not sa.inspect(connection).has_table("rasa_trackers"):
                return 0
            return connection.execute(TRACKERS.delete().where(which)).rowcount

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()
