"""The database of the gateway."""

from bot.store.conversations import Conversation, Store

__all__ = ["Conversation", "Store"]
