"""Forgetting what is older than the retention, in every table that knows a conversation."""

from __future__ import annotations

import time

from bot.settings import Settings
from bot.store.conversations import Store
from bot.store.trackers import Trackers

# Conversations that staff try out begin so. They are deleted as they end; what a crash in their
# midst left goes with a later purge.
PREVIEW = "preview-"
PREVIEW_SECONDS = 3600.0


def purge(settings: Settings, store: Store, trackers: Trackers, now: float | None = None) -> int:
    """Delete conversations and Rasa's trackers that were silent for RETENTION_DAYS.

    What staff tried out goes after PREVIEW_SECONDS. What the SMS channel keeps beside them has its
    own days, and `SmsService` its own purge.

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
    now = time.time() if now is None else now
    for place in (store, trackers):
        place.purge(now - PREVIEW_SECONDS, PREVIEW)
    before = now - settings.operating.retention_days * 86_400
    # A conversation may stand in either alone: a new one whose row could not be written, say.
    return max(store.purge(before), trackers.purge(before))
