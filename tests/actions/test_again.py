"""A family that asks for the other language gets the last answer in it."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import ActionAnswer, ActionOfferChoice
from actions.choose import ActionChoose
from actions.follow_up import ActionFollowUp
from bot.compose import Composer

pytestmark = pytest.mark.usefixtures("desk")

ACTIONS = (ActionAnswer(), ActionOfferChoice(), ActionChoose(), ActionFollowUp())


def run(
    action: Action, slots: dict[str, Any], before: str = "action_answer", lang: str = "es"
) -> tuple[dict[str, Any], list[str]]:
    """The one message of an action, and the names of its events."""
    message = {
        "text": "en español por favor",
        "intent": {"name": "off_topic", "confidence": 0.6},
        "intent_ranking": [{"name": "off_topic", "confidence": 0.6}],
        "metadata": {"lang": lang, "channel": "web", "again": "yes"},
    }
    events = [{"event": "action", "name": name} for name in (before, "action_listen")]
    tracker = Tracker("x", slots, message, events, False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    sent = action.run(dispatcher, tracker, {})
    said = dispatcher.messages[0]["custom"]["messages"]
    assert len(said) == 1
    return said[0], [event["event"] for event in sent]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda a: a.name())
def test_the_last_answer_comes_again_whatever_the_request_was_taken_for(
    action: Action, composer: Composer
) -> None:
    said, events = run(action, {"topic": "eeg"})
    assert (said["kind"], said["topic"]) == ("answer", "eeg")
    assert "prueba de ondas cerebrales" in said["text"]
    assert said["citations"][0]["quote"] in composer.library.page.text
    assert said["citations"][0]["translation"]
    # As if it had not been said: a follow-up goes on from the answer.
    assert events == ["rewind"]


def test_an_offered_choice_comes_again() -> None:
    said, events = run(ActionAnswer(), {"offered": ["eeg", "pain"]}, "action_offer_choice")
    assert said["kind"] == "choice"
    assert [button["topic"] for button in said["buttons"]] == ["eeg", "pain"]
    assert said["buttons"][0]["text"] == "¿Qué es un EEG?"
    assert events == ["rewind"]


@pytest.mark.parametrize(("lang", "word"), [("es", "español"), ("en", "English")])
def test_without_an_answer_before_it_is_confirmed(lang: str, word: str) -> None:
    said, events = run(ActionAnswer(), {}, "action_session_start", lang)
    assert said["kind"] == "smalltalk"
    assert word in said["text"]
    assert said["buttons"]
    assert "rewind" not in events
