"""Runs the revisions on the connection that `bot.store.database.migrate` hands over."""

from __future__ import annotations

from alembic import context

from bot.store.database import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
