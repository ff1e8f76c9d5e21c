"""Answering a question with the curated answer of its topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.again import say_again
from actions.turn import HITS, Turn, desk
from bot.decide import Decision, Part, decide, favour, two_questions
from bot.reply import Message
from bot.retrieval import Hit


class ActionAnswer(Action):
    """Answers the predicted topic, or offers a choice where a second look disagrees."""

    def name(self) -> str:
        return "action_answer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        turn = Turn.read(tracker)
        if turn.again:
            return say_again(turn, dispatcher, tracker)
        composer, limits = desk().composer, desk().limits
        hits = composer.retriever.search(turn.text, HITS, turn.vector)
        ranking = favour(turn.ranking, turn.offered)
        decision = decide(ranking, hits, composer.backed, limits)
        best = decision.topics[0] if decision.topics else ""
        asked = two_questions(turn.parts, best, limits)
        messages = _both(asked, turn) if asked else [_one(decision, hits, turn)]
        return turn.reply(dispatcher, messages, hits)


class ActionOfferChoice(ActionAnswer):
    """Offers a choice: nothing was sure, or a follow-up has nothing to follow."""

    def name(self) -> str:
        return "action_offer_choice"


def _one(decision: Decision, hits: Sequence[Hit], turn: Turn) -> Message:
    composer = desk().composer
    if decision.answer:
        return composer.answer(decision.topics[0], turn.voice, hits, decision.near)
    quote = composer.uncovered(hits, desk().limits.passage)
    if quote and decision.topics:
        return composer.passage(quote, decision.topics[0], turn.voice)
    if decision.topics:
        return composer.choice(decision.topics, turn.voice)
    return composer.unclear(turn.voice)


def _both(asked: Sequence[Part], turn: Turn) -> list[Message]:
    """An answer to each of two questions, in order; a line under both is said once."""
    composer = desk().composer
    messages: list[Message] = []
    for part in asked:
        hits = composer.retriever.search(part.text, HITS)
        message = composer.answer(part.ranking[0][0], turn.voice, hits)
        if any(message.notice == before.notice for before in messages):
            message = replace(message, notice=None)
        messages.append(message)
    return messages
