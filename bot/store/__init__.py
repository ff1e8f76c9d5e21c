"""The database of the gateway."""

from bot.store.audit import Audit
from bot.store.conversations import Conversation, Store
from bot.store.feedback import Feedback, Vote
from bot.store.figures import Figures
from bot.store.inbox import Inbox
from bot.store.incidents import Incidents
from bot.store.sessions import Lockout, Sessions
from bot.store.staff import Accounts, Staff
from bot.store.tryouts import Tryout, Tryouts

__all__ = [
    "Accounts",
    "Audit",
    "Conversation",
    "Feedback",
    "Figures",
    "Inbox",
    "Incidents",
    "Lockout",
    "Sessions",
    "Staff",
    "Store",
    "Tryout",
    "Tryouts",
    "Vote",
]
