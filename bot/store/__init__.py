"""The database of the gateway."""

from bot.store.conversations import Conversation, Store
from bot.store.feedback import Feedback, Vote

__all__ = ["Conversation", "Feedback", "Store", "Vote"]
