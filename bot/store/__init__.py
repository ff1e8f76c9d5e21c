"""The database of the gateway."""

from bot.store.audit import Audit
from bot.store.conversations import Conversation, Store
from bot.store.feedback import Feedback, Vote
from bot.store.sessions import Lockout, Sessions
from bot.store.staff import Accounts, Staff

__all__ = [
    "Accounts",
    "Audit",
    "Conversation",
    "Feedback",
    "Lockout",
    "Sessions",
    "Staff",
    "Store",
    "Vote",
]
