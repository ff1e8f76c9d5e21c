"""What stands of each conversation, also while the database is away."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from bot.gateway import metrics
from bot.reply import LEVELS
from bot.store import Conversation, Store

log = logging.getLogger(__name__)
# Conversations that are remembered while the database is away.
MOST = 2000


class Standings:
    """Reads and changes conversations in the store.

    What the store does not take, this process remembers, and gives to it with the next message of
    any family that finds it working. Until then, other gateways do not know of it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._missed: OrderedDict[str, Conversation] = OrderedDict()

    def load(self, conversation_id: str) -> Conversation | None:
        """What is known of a conversation, or None.

        Raises:
            SQLAlchemyError: the store does not answer, and nothing is remembered.
        """
        try:
            self._catch_up()
            return self._store.load(conversation_id)
        except SQLAlchemyError:
            missed = self._missed.get(conversation_id)
            if missed:
                return missed
            raise

    def change(self, before: Conversation, change: Callable[[Conversation], Conversation]) -> None:
        """Change a conversation as it stands now, whichever gateway has written of it last.

        Args:
            before: what was known of it.
            change: may be called again where the store fails in between.
        """
        try:
            self._store.change(before.id, lambda now: change(now or before))
        except SQLAlchemyError as error:
            database_failed(error)
            after = change(self._missed.get(before.id, before))
            self._missed[before.id] = replace(after, seen_at=time.time())
            if len(self._missed) > MOST:
                self._missed.popitem(last=False)

    def _catch_up(self) -> None:
        for conversation_id, missed in list(self._missed.items()):
            self._store.change(conversation_id, partial(graver, missed))
            self._missed.pop(conversation_id, None)


def database_failed(error: SQLAlchemyError) -> None:
    """Count and log it, by type only: a statement quotes its values."""
    metrics.DATABASE_FAILURES.labels("conversations").inc()
    log.error("database failed: %s", type(error).__name__)


def graver(missed: Conversation, now: Conversation | None) -> Conversation:
    """Of what stands and what the store has missed, what tells of more danger."""
    if now is None or LEVELS.index(missed.urgency) <= LEVELS.index(now.urgency):
        return missed
    return now
