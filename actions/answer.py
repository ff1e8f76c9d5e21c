"""Answering a question with the curated answer of its topic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.early import early
from actions.follow_up import ActionFollowUp
from actions.turn import HITS, Turn, desk
from bot.decide import Decision, Part, decide, favour, two_questions
from bot.reply import Message
from bot.retrieval import Hit
from bot.spasm_check import simple
from bot.topics import INFORMATIONAL

# The topic of a question about a dose, about stopping or changing a medicine, or of what the page
# says nothing of.
REFUSED = "other_medical"
# "Does it hurt?" right after these asks about them; the page says it of the spasms alone.
NO_WORD_ON_PAIN = (
    "eeg",
    "hospital_stay_tests",
    "hormonal_therapy",
    "vigabatrin",
    "vigabatrin_vision",
    "surgery",
    "ketogenic_diet",
)
IT_HURTS = re.compile(
    r"(?:(?:ok|and|but|y|pero|oh) )*"
    r"(?:(?:does|will|do|is|are|would) (?:it|that|this|they|those|these)"
    r" (?:hurt|painful|going to hurt|be painful)(?: (?:him|her|the baby|my baby|a lot|much|bad))?"
    r"|(?:le|les)? ?duelen?(?: mucho)?|(?:le )?va a doler|es doloroso|painful|hurts)"
)
# Follow-ups that any answer may have; "the other one" needs an answer that names two.
LEANING = ("follow_up_duration", "follow_up_risk", "follow_up_why", "follow_up_how")


class ActionAnswer(Action):
    """Answers the predicted topic, or offers a choice where a second look disagrees."""

    def name(self) -> str:
        return "action_answer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        turn = Turn.read(tracker)
        done = early(turn, dispatcher, tracker)
        if done is not None:
            return done
        if turn.topic in NO_WORD_ON_PAIN and _just_answered(turn, tracker) and _hurts(turn.text):
            message = desk().composer.beyond_page(turn.topic, turn.voice)
            return turn.reply(dispatcher, [message], (), why={"by": "follow_up"})
        hits = desk().composer.retriever.search(turn.text, HITS, turn.vector)
        messages, why = _messages(turn, hits)
        return turn.reply(dispatcher, messages, hits, why=why)


class ActionOfferChoice(ActionAnswer):
    """Offers a choice: nothing was sure, or a follow-up has nothing to follow.

    "Why?" after an answer that no story gives a reason for is still about that answer.
    """

    def name(self) -> str:
        return "action_offer_choice"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        answer = ActionFollowUp().run if _leans(Turn.read(tracker), tracker) else super().run
        events = answer(dispatcher, tracker, domain)
        if any(event["event"] == "rewind" for event in events):
            return events
        # Where no rule or story led here, Rasa would fall back on this action again and again.
        return [*events, FollowupAction("action_listen")]


def _just_answered(turn: Turn, tracker: Tracker) -> bool:
    """Whether the message before this one got an answer from the page."""
    users = [event for event in tracker.events if event.get("event") == "user"]
    last: dict[str, Any] = (users[-2].get("parse_data") or {}) if len(users) > 1 else {}
    before = str((last.get("intent") or {}).get("name") or "")
    answered = before in INFORMATIONAL or before == "choose" or before.startswith("follow_up")
    return answered and turn.topic is not None and not turn.offered


def _leans(turn: Turn, tracker: Tracker) -> bool:
    """Whether a message plainly asks on about the answer just before it."""
    intent, confidence = turn.ranking[0] if turn.ranking else ("", 0.0)
    plain = intent in LEANING and confidence >= desk().limits.sure
    return plain and _just_answered(turn, tracker)


def _hurts(text: str) -> bool:
    """Whether all that a message asks is if it hurts."""
    return bool(IT_HURTS.fullmatch(simple(text)))


def _messages(turn: Turn, hits: Sequence[Hit]) -> tuple[list[Message], dict[str, Any]]:
    """The reply: to a tap, to two questions, to one about a dose, or to one; and what chose it."""
    composer, limits = desk().composer, desk().limits
    tapped = composer.tapped(turn.text)
    if tapped:
        return [composer.answer(tapped, turn.voice, hits)], {"by": "tap"}
    decision = decide(favour(turn.ranking, turn.offered), hits, composer.backed, limits)
    why = {"rule": decision.rule, "agrees": decision.agrees, "limits": asdict(limits)}
    refused = _refused(turn.text)
    best = decision.topics[0] if decision.topics else ""
    asked = two_questions(_parts(turn), REFUSED if refused else best, limits)
    if asked:
        parts = [{"text": p.text, "topic": p.ranking[0][0]} for p in asked]
        return _both(asked, turn), {"by": "two_questions", "parts": parts, **why}
    if refused:
        return [composer.refusal(turn.voice)], {"by": "refused", **why}
    if desk().refusals.leaves_out(turn.text):
        return [composer.answer(REFUSED, turn.voice, hits)], {"by": "left_out", **why}
    message, by = _one(decision, hits, turn)
    messages = [message]
    if by == "answer" and decision.near:
        messages.append(composer.otherwise(decision.near, turn.voice))
    return messages, {"by": by, **why}


def _refused(text: str) -> bool:
    return desk().refusals.refuses(text)


def _parts(turn: Turn) -> list[Part]:
    """The questions of the message; one about a dose is that, whatever it was taken for."""
    return [replace(p, ranking=((REFUSED, 1.0),)) if _refused(p.text) else p for p in turn.parts]


def _one(decision: Decision, hits: Sequence[Hit], turn: Turn) -> tuple[Message, str]:
    """The reply to one question, and what chose it: answer, passage, choice or unclear."""
    composer = desk().composer
    topic = decision.topics[0] if decision.topics else None
    if decision.answer and topic in INFORMATIONAL:
        return composer.answer(topic, turn.voice, hits), "answer"
    # What no curated topic covers, the page may still say.
    quote = composer.uncovered(hits, desk().limits.passage)
    nearest = next((name for name, _ in turn.ranking if name in INFORMATIONAL), None)
    if quote and nearest:
        return composer.passage(quote, nearest, turn.voice), "passage"
    if decision.answer and topic:
        return composer.answer(topic, turn.voice, hits), "answer"
    if decision.topics:
        return composer.choice(decision.topics, turn.voice), "choice"
    return composer.unclear(turn.voice), "unclear"


def _both(asked: Sequence[Part], turn: Turn) -> list[Message]:
    """An answer to each of two questions, in order; a line under both is said once."""
    composer = desk().composer
    messages: list[Message] = []
    for part in asked:
        hits = composer.retriever.search(part.text, HITS)
        refused = _refused(part.text)
        message = (
            composer.refusal(turn.voice)
            if refused
            else composer.answer(part.ranking[0][0], turn.voice, hits)
        )
        if any(message.notice == before.notice for before in messages):
            message = replace(message, notice=None)
        messages.append(message)
    return messages
