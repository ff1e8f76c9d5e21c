"""The pick of an offered choice, by its number."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.early import early
from actions.turn import Turn, desk
from bot.text import fold

ORDINALS = (
    r"\b(1|1st|one|first|uno|una|primer[ao]?)\b",
    r"\b(2|2nd|two|second|middle|dos|segund[ao]|medio)\b",
    r"\b(3|3rd|three|third|last|tres|tercer[ao]?|ultim[ao])\b",
)


def picked(text: str, offered: tuple[str, ...]) -> str | None:
    """The offered topic that a number or an ordinal word in the text names."""
    folded = fold(text)
    for topic, pattern in zip(offered, ORDINALS, strict=False):
        if re.search(pattern, folded):
            return topic
    return None


class ActionChoose(Action):
    """Answers the picked topic; without an offer there is nothing to pick."""

    def name(self) -> str:
        return "action_choose"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        turn = Turn.read(tracker)
        done = early(turn, dispatcher, tracker)
        if done is not None:
            return done
        composer = desk().composer
        topic = composer.tapped(turn.text) or picked(turn.text, turn.offered)
        if topic:
            message = composer.answer(topic, turn.voice)
        elif turn.offered:
            message = composer.choice(turn.offered, turn.voice)
        else:
            message = composer.unclear(turn.voice)
        return turn.reply(dispatcher, [message], (), why={"by": "picked"})
