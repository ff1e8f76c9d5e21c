"""Answering a question with the curated answer of its topic."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.turn import HITS, Turn, desk
from bot.decide import decide


class ActionAnswer(Action):
    """Answers the predicted topic, or offers a choice where a second look disagrees."""

    def name(self) -> str:
        return "action_answer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        turn = Turn.read(tracker)
        composer = desk().composer
        hits = composer.retriever.search(turn.text, HITS, turn.vector)
        decision = decide(turn.ranking, hits, composer.backed, desk().limits)
        if decision.answer:
            message = composer.answer(decision.topics[0], turn.voice, hits)
        elif decision.topics:
            message = composer.choice(decision.topics, turn.voice)
        else:
            message = composer.unclear(turn.voice)
        return turn.reply(dispatcher, [message], hits)


class ActionOfferChoice(ActionAnswer):
    """Offers a choice: nothing was sure, or a follow-up has nothing to follow."""

    def name(self) -> str:
        return "action_offer_choice"
