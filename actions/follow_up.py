"""Follow-ups that lean on the answer before: how long, why, the other one, tell me more."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.early import early
from actions.more import more
from actions.turn import Turn, desk
from bot.reply import Message


def follow(turn: Turn) -> Message:
    """The message that a follow-up leads to."""
    composer, topic = desk().composer, turn.topic
    tapped = composer.tapped(turn.text)
    if tapped:
        return composer.answer(tapped, turn.voice)
    if topic is None:
        return composer.unclear(turn.voice)
    if turn.intent == "follow_up_source":
        return composer.sources(topic, turn.shown, turn.voice)
    if turn.intent == "follow_up_more":
        return more(turn, topic)
    target = desk().follow_ups.get(turn.intent, {}).get(topic)
    if target is None:
        return composer.beyond_page(topic, turn.voice)
    if target.choices:
        return composer.choice(target.choices, turn.voice)
    if target.quote and target.topic:
        return composer.passage(target.quote, target.topic, turn.voice)
    return composer.answer(target.topic or topic, turn.voice)


class ActionFollowUp(Action):
    """Resolves a follow-up by the last topic."""

    def name(self) -> str:
        return "action_follow_up"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        turn = Turn.read(tracker)
        done = early(turn, dispatcher, tracker)
        if done is not None:
            return done
        return turn.reply(dispatcher, [follow(turn)], (), why={"by": "follow_up"})
