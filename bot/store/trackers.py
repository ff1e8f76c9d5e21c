"""Rasa's memory of a conversation, which only its database can be asked to forget."""

from __future__ import annotations

import os
from collections.abc import Mapping

import sqlalchemy as sa

from bot.settings import Settings, with_files
from bot.store.database import connect

TRACKERS = sa.table("rasa_trackers", sa.column("sender_id"))


class Trackers:
    """The table that `bot.nlu.tracker_store` keeps, in TRACKER_DATABASE_URL."""

    def __init__(self, settings: Settings, environ: Mapping[str, str] | None = None) -> None:
        """Connect lazily.

        Args:
            settings: name the folder of Rasa's own SQLite file, used where nothing else is set.
            environ: this process's environment.
        """
        environ = with_files(os.environ if environ is None else environ)
        default = f"sqlite:///{settings.var_dir / 'rasa.sqlite'}"
        self._engine = connect(environ.get("TRACKER_DATABASE_URL") or default)

    def delete(self, conversation_id: str) -> None:
        """Forget a conversation; nothing to do where Rasa has kept none yet."""
        with self._engine.begin() as connection:
            if sa.inspect(connection).has_table("rasa_trackers"):
                connection.execute(TRACKERS.delete().where(TRACKERS.c.sender_id == conversation_id))

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()
