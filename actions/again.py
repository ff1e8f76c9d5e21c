"""The last answer once more, in the language that the family has just asked for."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import UserUtteranceReverted
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn, desk
from bot.reply import Message

ANSWERS = ("action_answer", "action_offer_choice", "action_follow_up", "action_choose")


def again(turn: Turn) -> Message:
    """The offered choice or the last answer, else a word that we speak the language."""
    composer = desk().composer
    if turn.offered:
        return composer.choice(turn.offered, turn.voice)
    if turn.topic:
        return composer.answer(turn.topic, turn.voice)
    return composer.speaks(turn.voice)


def say_again(
    turn: Turn, dispatcher: CollectingDispatcher, tracker: Tracker
) -> list[dict[str, Any]]:
    """Send it, and forget the request: "how long?" asks about what was answered before it."""
    events = turn.reply(dispatcher, [again(turn)], (), why={"by": "again"})
    return [UserUtteranceReverted()] if _before(tracker) in ANSWERS else events


def _before(tracker: Tracker) -> str:
    """Name of the last action before this message, "" where there was none."""
    names = [event.get("name") for event in tracker.events if event.get("event") == "action"]
    told = [name for name in names if name != "action_listen"]
    return str(told[-1]) if told else ""
