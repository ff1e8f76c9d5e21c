"""Rasa actions, thin: they hand what Rasa understood to bot.compose.

The only code that imports rasa_sdk.
"""

from actions.answer import ActionAnswer, ActionOfferChoice
from actions.choose import ActionChoose
from actions.follow_up import ActionFollowUp
from actions.spasm_check import ValidateSpasmCheckForm

__all__ = [
    "ActionAnswer",
    "ActionChoose",
    "ActionFollowUp",
    "ActionOfferChoice",
    "ValidateSpasmCheckForm",
]
