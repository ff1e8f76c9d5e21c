"""What the gateway makes of the fields that a guided check adds to the engine's answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from bot.danger import LearnedLimits, judge
from bot.reply import Message, Raised, SafetyCatalogue
from bot.triage import Triage
from tests.gateway.conftest import CALM, ScriptedRasa

Say = Callable[..., dict[str, Any]]
LIMITS = LearnedLimits(danger=0.35, emergency=0.6, crisis=0.5)
SPASMS = {"level": "urgent", "kind": "spasms"}
URGENT = {"routine": 0.1, "urgent": 0.8, "crisis": 0.05, "emergency": 0.05}


def kinds(reply: dict[str, Any]) -> list[str]:
    return [message["kind"] for message in reply["messages"]]


@pytest.fixture
def ending(safety: SafetyCatalogue) -> dict[str, Any]:
    what_to_do = safety.message("urgent", "spasms", "en", "web")
    messages = [what_to_do, Message("answer", "signs", "the card")]
    return {"raise": SPASMS, "guided": True, "messages": [asdict(m) for m in messages]}


@pytest.mark.parametrize(
    ("text", "levels", "raised", "level", "kind", "voices"),
    [
        ("the 5th", CALM, None, "routine", "", ("rules", "learned")),
        ("the 5th", CALM, Raised("urgent", "spasms"), "urgent", "spasms", ("check",)),
        ("2", CALM, Raised("emergency", "general"), "emergency", "general", ("check",)),
        ("the 5th", URGENT, Raised("urgent", "spasms"), "urgent", "spasms", ("learned", "check")),
        ("he stopped breathing", CALM, Raised("urgent", "spasms"),
         "emergency", "not_breathing", ("rules",)),
    ],
)  # fmt: skip
def test_the_check_is_one_more_voice(
    triage: Triage,
    text: str,
    levels: dict[str, float],
    raised: Raised | None,
    level: str,
    kind: str,
    voices: tuple[str, ...],
) -> None:
    danger = judge(triage.read(text), levels, {}, LIMITS, raised)
    assert (danger.level, danger.kind, danger.voices) == (level, kind, voices)


def test_a_finished_check_raises_and_tells_it_once(
    say: Say, rasa: ScriptedRasa, ending: dict[str, Any]
) -> None:
    rasa.check = ending
    reply = say("2")
    assert (reply["urgency"], reply["message_urgency"]) == ("urgent", "urgent")
    assert kinds(reply) == ["safety", "answer"]
    again = say("2", reply["conversation"])
    assert kinds(again) == ["safety", "answer"]
    rasa.check = {}
    after = say("What is an EEG?", reply["conversation"])
    assert (after["urgency"], kinds(after)) == ("urgent", ["safety", "answer"])


def test_a_standing_emergency_keeps_its_reminder(
    say: Say, rasa: ScriptedRasa, ending: dict[str, Any]
) -> None:
    token = say("his lips are blue and he is not breathing")["conversation"]
    rasa.check = ending
    reply = say("2", token)
    assert (reply["urgency"], kinds(reply)) == ("emergency", ["safety", "safety", "answer"])
    assert "Call 911" in reply["messages"][0]["text"]


def test_a_raised_emergency_is_answered_alone(
    say: Say, rasa: ScriptedRasa, ending: dict[str, Any]
) -> None:
    rasa.check = {**ending, "raise": {"level": "emergency", "kind": "general"}}
    reply = say("2")
    assert (reply["urgency"], kinds(reply)) == ("emergency", ["safety"])
    assert "911" in reply["messages"][0]["text"].splitlines()[0]


def test_the_next_question_stands_beside_a_danger(say: Say, rasa: ScriptedRasa) -> None:
    question = asdict(Message("choice", None, "Since when?"))
    rasa.check = {"guided": True, "messages": [question]}
    reply = say("he crunches up in clusters when he wakes up")
    assert (reply["urgency"], kinds(reply)) == ("urgent", ["safety", "choice"])
    # In the check, "that was weeks ago" is an answer, and takes nothing back.
    after = say("that was weeks ago", reply["conversation"])
    assert (after["urgency"], kinds(after)) == ("urgent", ["safety", "choice"])
    rasa.check = {"messages": [question]}
    assert say("that was weeks ago", reply["conversation"])["urgency"] == "routine"


@pytest.mark.parametrize("raised", [{"level": "huge", "kind": "x"}, {"level": "urgent"}, "urgent"])
def test_a_wrong_field_is_an_engine_failure(say: Say, rasa: ScriptedRasa, raised: Any) -> None:
    rasa.check = {"raise": raised}
    assert kinds(say("What is an EEG?")) == ["fallback"]
