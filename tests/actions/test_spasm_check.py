"""The form's validation: one message part a turn, the slots it sets, and what the gateway gets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.spasm_check import CALM, ValidateSpasmCheckForm
from bot.answers import Library
from bot.compose import Composer
from bot.danger import load_limits
from bot.decide import load_thresholds
from bot.reply import SafetyCatalogue
from bot.spasm_check import load_guide
from tests.actions.conftest import use_desk
from tests.conftest import DATA

WORRIED = {"routine": 0.05, "urgent": 0.05, "crisis": 0.05, "emergency": 0.85}


class Chat:
    """Rasa's part: keeps the slots between turns, and runs the validation."""

    def __init__(self, desk: SimpleNamespace) -> None:
        self.desk = desk
        self.slots: dict[str, Any] = {}
        self.custom: dict[str, Any] = {}
        self.ranking: list[dict[str, Any]] = []
        self.gateway = True

    def say(
        self, text: str, topic: str = "", levels: dict[str, float] | None = None, **metadata: str
    ) -> list[str]:
        open_slot = self.slots.get("requested_slot")
        if open_slot:
            self.slots[open_slot] = text
        message = {
            "text": text,
            "intent": {"name": topic or "spasm_check", "confidence": 0.9},
            "intent_ranking": [{"name": topic, "confidence": 0.95}] if topic else [*self.ranking],
            "metadata": {"lang": "en", "channel": "web", **metadata} if self.gateway else {},
            "encoding": {"version": "other", "levels": levels or {}, "kinds": {}},
        }
        tracker = Tracker("x", self.slots, message, [], False, None, {}, "spasm_check_form")
        dispatcher = CollectingDispatcher()
        events = asyncio.run(ValidateSpasmCheckForm().run(dispatcher, tracker, {}))
        self.slots.update({e["name"]: e["value"] for e in events if e["event"] == "slot"})
        if "channel" not in message["metadata"]:
            return [m["text"] for m in dispatcher.messages]
        parts = [m for m in dispatcher.messages if m.get("custom")]
        assert len(parts) == len(dispatcher.messages) == 1
        self.custom = parts[0]["custom"]
        return [m["kind"] for m in self.custom["messages"]]


@pytest.fixture
def chat(
    monkeypatch: pytest.MonkeyPatch, library: Library, composer: Composer, safety: SafetyCatalogue
) -> Iterator[Chat]:
    desk = SimpleNamespace(
        composer=composer,
        safety=safety,
        limits=load_thresholds(DATA / "thresholds.yml"),
        learned=load_limits(DATA / "safety" / "learned.yml"),
        encoder_version="none",
        content_version="none",
        guide=load_guide(DATA / "spasm_check.yml", library.page),
    )
    use_desk(monkeypatch, desk)
    yield Chat(desk)


def test_the_shape_is_the_engines(chat: Chat) -> None:
    from bot.reply import Message

    assert chat.say("start the check") == ["choice"]
    assert {"messages", "level", "explain", "guided"} == set(chat.custom)
    message = Message.from_dict(chat.custom["messages"][0])
    assert message.buttons
    assert all(button.topic is None for button in message.buttons)
    assert message.notice


def test_a_whole_check(chat: Chat) -> None:
    chat.say("start the check")
    for reply, slot in [
        ("1", "check_age"),
        ("5", "check_looks"),
        ("1 3", "check_clusters"),
        ("yes", "check_waking"),
        ("no", "check_lost"),
        ("skip", "check_since"),
        ("monday", "check_video"),
    ]:
        assert chat.say(reply) == ["choice"]
        assert chat.slots["requested_slot"] == slot
        assert "raise" not in chat.custom
        assert chat.custom["guided"]
    assert chat.say("1") == ["safety", "answer"]
    assert chat.custom["raise"] == {"level": "urgent", "kind": "spasms"}
    assert not any(chat.slots[s] for s in chat.slots if s.startswith("check_"))
    assert chat.slots["requested_slot"] is None
    assert chat.slots["topic"] == "signs"
    assert chat.slots["offered"] == []


def test_a_number_holds_nothing_for_the_learned_voice(chat: Chat) -> None:
    chat.say("start the check", levels=WORRIED)
    assert chat.custom["level"]["levels"] == WORRIED
    chat.say("1", levels=WORRIED)
    assert chat.custom["level"] == CALM
    chat.say("he went grey", levels=WORRIED)
    assert chat.custom["level"]["levels"] == WORRIED
    assert chat.slots["requested_slot"] == "check_age"
    assert chat.slots["check_age"] is None


def test_a_bare_two_about_breathing_raises_an_emergency(chat: Chat) -> None:
    chat.say("start the check")
    chat.say("2")
    assert chat.custom["raise"]["level"] == "emergency"
    assert chat.slots["requested_slot"] == "check_now"


def test_a_crisis_that_the_rules_found_is_no_answer(chat: Chat) -> None:
    chat.say("start the check")
    chat.say("1")
    chat.say("i cant do this anymore", danger="crisis")
    assert chat.slots["requested_slot"] == "check_age"
    assert not chat.custom["guided"]


def test_a_question_in_between(chat: Chat) -> None:
    chat.say("start the check")
    chat.say("1")
    assert chat.say("what is an eeg?", topic="eeg") == ["answer", "choice"]
    assert chat.slots["requested_slot"] == "check_age"
    chat.say("what is an eeg?", topic="eeg")
    assert chat.say("what is an eeg?", topic="eeg") == ["safety", "answer"]
    assert chat.slots["requested_slot"] is None
    chat.say("start the check")
    assert chat.slots["requested_slot"] == "check_age"


def test_leaving_keeps_nothing(chat: Chat) -> None:
    chat.say("start the check")
    chat.say("1")
    assert chat.say("never mind") == ["safety"]
    assert not any(chat.slots[s] for s in chat.slots if s.startswith("check_"))


def test_switched_off_the_signs_are_answered(chat: Chat) -> None:
    chat.desk.guide = None
    assert chat.say("start the check") == ["answer"]
    assert chat.slots["requested_slot"] is None


def test_a_tap_on_another_question_does_not_begin_it(chat: Chat) -> None:
    chat.ranking = [{"name": "spasm_check", "confidence": 0.9}]
    assert chat.say("¿Qué puedo preguntar aquí?") == ["fallback"]
    assert chat.slots["requested_slot"] is None


def test_a_mere_guess_does_not_begin_it(chat: Chat) -> None:
    chat.ranking = [
        {"name": "spasm_check", "confidence": 0.6},
        {"name": "signs", "confidence": 0.2},
    ]
    assert chat.say("hm the thing with the list") == ["choice"]
    assert chat.slots["requested_slot"] is None
    assert chat.slots["offered"] == ["signs"]
    chat.say("Could this be infantile spasms? Start the check.")
    assert chat.slots["requested_slot"] == "check_now"
    chat.say("never mind")
    chat.ranking[0]["confidence"] = 0.8
    chat.say("the spasm list thing")
    assert chat.slots["requested_slot"] == "check_now"


def test_in_rasa_shell_a_bare_two_gets_the_emergency_text_alone(chat: Chat) -> None:
    chat.gateway = False
    chat.say("start the check")
    (text,) = chat.say("2")
    assert "911" in text.splitlines()[0]
    chat.say("1")
    for reply in ("5", "1", "1", "1", "1", "1"):
        chat.say(reply)
    what_to_do, card = chat.say("1")
    assert what_to_do.startswith("Seek urgent neurology care today.")
    assert card.startswith("To show the doctor")


def test_the_domain_names_every_question(library: Library) -> None:
    from bot.content import read_yaml

    root = Path(DATA).parent
    guide = load_guide(DATA / "spasm_check.yml", library.page)
    domain = read_yaml(root / "domain.yml")
    assert tuple(domain["forms"]["spasm_check_form"]["required_slots"]) == guide.slots
    for slot in guide.slots:
        (mapping,) = domain["slots"][slot]["mappings"]
        assert mapping["conditions"] == [
            {"active_loop": "spasm_check_form", "requested_slot": slot}
        ]
