"""Forgetting what is older than the retention, in every table that knows a conversation."""

from __future__ import annotations

import time

from bot.settings import Settings
from bot.store.conversations import Store
from bot.store.trackers import Trackers


def purge(settings: Settings, store: Store, trackers: Trackers, now: float | None = None) -> int:
    """Delete conversations and Rasa's trackers that were silent for RETENTION_DAYS.

    What the SMS channel keeps beside them has its own days, and `SmsService` its own purge.

    Args:
        settings: name the days.
        store: conversations.
        trackers: Rasa's memory.
        now: Unix time; the clock's where none is given.

    Returns:
        The number of conversations forgotten.

    Raises:
        SQLAlchemyError: a database does not answer.
    """
    before = (time.time() if now is None else now) - settings.operating.retention_days * 86_400
    # A conversation may stand in either alone: a new one whose row could not be written, say.
    return max(store.purge(before), trackers.purge(before))
