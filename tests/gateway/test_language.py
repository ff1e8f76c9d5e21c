"""The language of a conversation: remembered, switched, asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.gateway.conftest import ScriptedRasa

Say = Callable[..., dict[str, Any]]


def metadata(rasa: ScriptedRasa) -> dict[str, str]:
    found: dict[str, str] = rasa.seen[-1]["metadata"]
    return found


def test_the_language_is_remembered_and_switched(say: Say) -> None:
    reply = say("¿qué es un EEG?")
    assert reply["lang"] == "es"
    token = reply["conversation"]
    assert say("EEG", token)["lang"] == "es"
    assert say("how long does it take", token)["lang"] == "en"
    assert say("EEG", token)["lang"] == "en"


@pytest.mark.parametrize(
    ("text", "lang"),
    [("en español por favor", "es"), ("puede contestar en ingles", "en"), ("english pls", "en")],
)
def test_the_engine_is_told_to_say_it_again(
    say: Say, rasa: ScriptedRasa, text: str, lang: str
) -> None:
    token = say("what is an EEG?")["conversation"]
    assert "again" not in metadata(rasa)
    assert say(text, token)["lang"] == lang
    assert (metadata(rasa)["lang"], metadata(rasa)["again"]) == (lang, "yes")


def test_a_wish_beside_a_question_is_answered_in_that_language(
    say: Say, rasa: ScriptedRasa
) -> None:
    reply = say("What is an EEG? In Spanish please")
    assert (reply["lang"], reply["topic"]) == ("es", "eeg")
    assert "again" not in metadata(rasa)


def test_a_wish_goes_before_what_the_page_was_set_to(say: Say) -> None:
    assert say("en español por favor", lang="en")["lang"] == "es"


@pytest.mark.parametrize("danger", ["he is not breathing and blue", "I want to kill myself"])
def test_what_to_do_in_danger_is_said_again_in_the_language_asked_for(
    say: Say, danger: str
) -> None:
    first = say(danger)
    assert first["urgency"] in ("emergency", "crisis")
    again = say("en español por favor", first["conversation"])
    assert again["urgency"] == first["urgency"]
    assert [m["kind"] for m in again["messages"]] == [m["kind"] for m in first["messages"]]
    assert "Llame" in again["messages"][0]["text"].splitlines()[0]
    assert "guía automática" in again["messages"][0]["text"]


def test_quotes_stay_english_beside_their_translation(say: Say) -> None:
    citation = say("¿qué es un EEG?")["messages"][0]["citations"][0]
    assert set(citation) == {"quote", "section", "url", "translation"}
    assert "test" in citation["quote"]
    assert "prueba" in citation["translation"]
    assert say("what is an EEG?")["messages"][0]["citations"][0]["translation"] is None
