"""A family that writes in none of our languages is told whom to call, and 911 in danger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.gateway.conftest import ScriptedRasa

Say = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("什么是婴儿痉挛症？", "翻译"),
        ("Bonjour, mon bébé a des spasmes", "interprète"),
        ("Что такое инфантильные спазмы?", "переводчика"),
        ("ما هي التشنجات الطفلية؟", "مترجم"),
    ],
)
@pytest.mark.parametrize("channel", ["web", "sms"])
def test_a_question_is_sent_to_an_interpreter(
    say: Say, rasa: ScriptedRasa, text: str, word: str, channel: str
) -> None:
    reply = say(text, channel=channel)
    assert (reply["lang"], reply["urgency"], reply["topic"]) == ("en", "routine", None)
    own, english = reply["messages"]
    assert own["kind"] == english["kind"] == "fallback"
    assert word in own["text"]
    assert "911" in own["text"]
    assert "interpreter" in english["text"]
    assert "312-555-0142" in own["text"]
    assert own["sources"]
    assert rasa.seen == []


@pytest.mark.parametrize(
    ("text", "level", "kind_word"),
    [
        ("meu bebê não está respirando", "emergency", "CPR"),
        ("아기가 숨을 안 쉬어요", "emergency", "CPR"),
        ("tibebe a gen konvilsyon", "emergency", "seizure"),
        ("chcę umrzeć", "crisis", "988"),
    ],
)
@pytest.mark.parametrize("channel", ["web", "sms"])
def test_danger_is_raised_in_both(
    say: Say, rasa: ScriptedRasa, text: str, level: str, kind_word: str, channel: str
) -> None:
    reply = say(text, channel=channel)
    assert (reply["urgency"], reply["message_urgency"], reply["topic"]) == (level, level, None)
    assert {m["kind"] for m in reply["messages"]} == {"safety"}
    own, english = reply["messages"][:2]
    assert own["text"].startswith("911" if channel == "sms" else "[911](tel:911)")
    assert kind_word in english["text"]
    assert rasa.seen == []


def test_the_danger_stands_until_the_family_says_otherwise(say: Say) -> None:
    token = say("Ребёнок не дышит")["conversation"]
    reply = say("Что такое инфантильные спазмы?", token)
    assert (reply["urgency"], reply["message_urgency"]) == ("emergency", "routine")
    assert reply["messages"][0]["text"].startswith("[911](tel:911)")
    assert [m["kind"] for m in reply["messages"]] == ["safety", "safety", "fallback"]


def test_a_message_of_ours_goes_on_in_our_language(say: Say, rasa: ScriptedRasa) -> None:
    token = say("Bonjour, mon bébé a des spasmes")["conversation"]
    reply = say("¿Qué es un EEG?", token)
    assert (reply["lang"], reply["topic"]) == ("es", "eeg")
    assert len(rasa.seen) == 1
