"""The guided check through the real Rasa, action server and gateway."""

from __future__ import annotations

from typing import Any

import pytest

from bot.answers import Library
from bot.text import sms_size
from tests.e2e.conftest import Say

pytestmark = pytest.mark.e2e

START = {
    "en": "Could this be infantile spasms? Start the check.",
    "es": "¿Podrían ser espasmos infantiles? Empezar la guía.",
}


class Family:
    """One conversation."""

    def __init__(self, say: Say, channel: str) -> None:
        self._say = say
        self._channel = channel
        self._token: str | None = None

    def __call__(self, text: str) -> dict[str, Any]:
        reply = self._say(text, self._token, channel=self._channel)
        self._token = reply["conversation"]
        return reply


def kinds(reply: dict[str, Any]) -> list[str]:
    return [message["kind"] for message in reply["messages"]]


def asked(reply: dict[str, Any]) -> str:
    """The open question."""
    message = reply["messages"][-1]
    assert message["kind"] == "choice", reply
    return str(message["text"])


def test_a_whole_check_on_the_web(say: Say, library: Library) -> None:
    family = Family(say, "web")
    reply = family(START["en"])
    assert "breathing well" in asked(reply)
    assert reply["urgency"] == "routine"
    taps = ["Yes", "5 months", "Arch their back", "Yes", "No", "Not sure", "This week"]
    for number, tap in enumerate(taps, start=2):
        reply = family(tap)
        assert f"Question {number} of 8" in asked(reply), tap
        assert reply["messages"][-1]["buttons"]
        assert reply["urgency"] in ("routine", "urgent")
    reply = family("Yes")
    assert reply["urgency"] == "urgent"
    assert kinds(reply) == ["safety", "answer"]
    what_to_do, card = reply["messages"]
    assert what_to_do["text"].startswith("Seek urgent neurology care today.")
    assert reply["topic"] == "signs"
    for line in ("Arch their back", "Age: “5 months”", "Since: This week", "video EEG"):
        assert line in card["text"]
    assert all(c["quote"] in library.page.text for c in card["citations"])
    # The check is over: the next message is a message like any other.
    assert family("What is an EEG?")["topic"] == "eeg"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_whole_check_by_sms_numbers(say: Say, lang: str) -> None:
    family = Family(say, "sms")
    reply = family(START[lang])
    for number in ("1", "6", "1 3", "1", "1", "2", "2"):
        text = asked(reply)
        assert sms_size(text).segments == 1
        assert sms_size(text).encoding == "GSM-7"
        reply = family(number)
        assert (reply["lang"], reply["urgency"]) == (lang, "routine"), number
    reply = family("1")
    assert reply["urgency"] == "urgent"
    assert kinds(reply) == ["safety", "answer"]
    for message in reply["messages"]:
        size = sms_size(message["text"])
        assert size.encoding == "GSM-7"
        assert size.units <= 306


def test_no_to_all_still_ends_in_a_call_today(say: Say) -> None:
    family = Family(say, "sms")
    family(START["en"])
    for number in ("1", "6", "8", "2", "2", "2", "5", "2"):
        reply = family(number)
    assert reply["urgency"] == "routine"
    assert kinds(reply) == ["safety", "answer"]
    assert "today" in reply["messages"][0]["text"]
    assert "911" in reply["messages"][0]["text"]


@pytest.mark.parametrize("reply_to_breathing", ["2", "No", "3", "no not really"])
def test_not_breathing_normally_is_an_emergency(say: Say, reply_to_breathing: str) -> None:
    family = Family(say, "sms")
    family(START["en"])
    reply = family(reply_to_breathing)
    assert (reply["urgency"], kinds(reply)) == ("emergency", ["safety"])
    assert reply["messages"][0]["text"].startswith("Call 911")
    # The same question is open when they come back.
    after = family("1")
    assert after["urgency"] == "emergency"
    assert kinds(after) == ["safety", "choice"]
    assert "How old" in asked(after)


def test_an_emergency_midway_is_answered_alone_and_the_check_goes_on(say: Say) -> None:
    family = Family(say, "web")
    family(START["en"])
    family("Yes")
    family("5 months")
    reply = family("oh god his lips are blue and he is not breathing")
    assert (reply["urgency"], kinds(reply)) == ("emergency", ["safety"])
    reply = family("the ambulance is here")
    assert reply["urgency"] == "urgent"
    reply = family("1 3")
    assert "in a row" in asked(reply)
    reply = family("never mind")
    assert kinds(reply) == ["safety"]
    assert family("What is an EEG?")["topic"] == "eeg"


@pytest.mark.parametrize("leave", ["never mind", "enough", "ya no", "Leave the check"])
def test_leaving_midway_says_what_to_do(say: Say, leave: str) -> None:
    family = Family(say, "web")
    family(START["en"])
    family("Yes")
    reply = family(leave)
    assert kinds(reply)[-1] == "safety"
    assert "911" in reply["messages"][-1]["text"]
    assert "hoy" in reply["messages"][-1]["text"] or "today" in reply["messages"][-1]["text"]
    assert family("How is vigabatrin used?")["topic"] == "vigabatrin"


def test_a_question_in_the_middle_is_answered_and_the_check_goes_on(say: Say) -> None:
    family = Family(say, "web")
    family(START["en"])
    family("Yes")
    reply = family("What is an EEG?")
    assert reply["topic"] == "eeg"
    assert kinds(reply)[-1] == "choice"
    assert "How old" in asked(reply)
    assert "What does it look like" in asked(family("7"))
    assert "How old" in asked(family("go back"))


def test_own_words_that_tell_of_spasms_say_what_to_do_at_once(say: Say) -> None:
    family = Family(say, "web")
    family(START["en"])
    family("Yes")
    family("5 months")
    reply = family("he crunches up and his head drops again and again when he wakes")
    assert (reply["urgency"], kinds(reply)) == ("urgent", ["safety", "choice"])
    assert "in a row" in asked(reply)


def test_since_when_takes_no_danger_back(say: Say) -> None:
    family = Family(say, "web")
    family("my baby keeps crunching up when he wakes")
    reply = family(START["en"])
    assert kinds(reply) == ["safety", "choice"]
    for answer in ("1", "5", "1", "1", "1", "2"):
        reply = family(answer)
    assert "Since when" in asked(reply)
    reply = family("this happened weeks ago for the first time")
    assert reply["urgency"] == "urgent"
    assert "video" in asked(reply)
    # The text of the danger is told once in a reply, without a reminder beside it.
    assert kinds(family("2")) == ["safety", "answer"]


def test_a_long_check_is_not_forgotten(say: Say) -> None:
    """The history that is kept is bounded; the open form must outlive it."""
    family = Family(say, "sms")
    family(START["en"])
    family("1")
    for _ in range(12):
        assert "How old" not in asked(family("4"))
        assert "How old" in asked(family("back"))
    assert "What do you see" in asked(family("4"))
