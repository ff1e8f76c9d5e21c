"""The two voices on the topic, joined."""

from __future__ import annotations

from typing import Any

from rasa.shared.nlu.training_data.message import Message

from bot.nlu.encoder_featurizer import TOPIC_HEAD
from bot.nlu.topic_voices import TopicVoices


def mixed(head: dict[str, float] | None, weight: float = 0.5, length: int = 10) -> Message:
    ranking = [{"name": "eeg", "confidence": 0.6}, {"name": "pain", "confidence": 0.4}]
    data: dict[str, Any] = {"text": "x", "intent": ranking[0], "intent_ranking": ranking}
    message = Message(data={**data, TOPIC_HEAD: head} if head else data)
    voices = TopicVoices({"head_weight": weight, "ranking_length": length})
    return voices.process([message])[0]


def test_the_confidences_are_averaged() -> None:
    message = mixed({"eeg": 0.1, "pain": 0.8, "signs": 0.1})
    assert message.get("intent")["name"] == "pain"
    found = {i["name"]: round(i["confidence"], 3) for i in message.get("intent_ranking")}
    assert found == {"pain": 0.6, "eeg": 0.35, "signs": 0.05}


def test_the_weight_and_the_length_are_settings() -> None:
    message = mixed({"signs": 1.0}, weight=0.25, length=2)
    assert [i["name"] for i in message.get("intent_ranking")] == ["eeg", "pain"]


def test_without_a_head_the_classifier_speaks_alone() -> None:
    message = mixed(None)
    assert message.get("intent") == {"name": "eeg", "confidence": 0.6}
