"""The contract of POST /api/messages, with a scripted engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.compose import Voice
from bot.text import is_gsm7
from tests.gateway.conftest import ScriptedRasa

Say = Callable[..., dict[str, Any]]
DANGER = "his lips are blue and he is not breathing"


def test_a_routine_question(say: Say, rasa: ScriptedRasa) -> None:
    reply = say("What is an EEG?")
    assert list(reply) == [
        "conversation",
        "lang",
        "urgency",
        "message_urgency",
        "topic",
        "messages",
    ]
    assert (reply["urgency"], reply["topic"], reply["lang"]) == ("routine", "eeg", "en")
    message = reply["messages"][0]
    assert set(message) == {
        "kind", "topic", "text", "citations", "sources", "buttons", "notice", "verbatim"
    }  # fmt: skip
    calm = {"urgency": "routine", "danger": "routine"}
    metadata = rasa.seen[0]["metadata"]
    assert len(metadata.pop("request")) == 16
    assert metadata == {"lang": "en", "channel": "web", **calm}


def test_emergency_is_answered_alone_and_without_the_engine(say: Say, rasa: ScriptedRasa) -> None:
    reply = say(DANGER)
    assert (reply["urgency"], reply["topic"]) == ("emergency", None)
    assert [m["kind"] for m in reply["messages"]] == ["safety"]
    assert "911" in reply["messages"][0]["text"].splitlines()[0]
    assert reply["messages"][0]["sources"]
    assert rasa.seen == []


@pytest.mark.parametrize("fail", ["timeout", "refused", "empty", "error", "garbage"])
def test_engine_failure_gives_the_help_text(say: Say, rasa: ScriptedRasa, fail: str) -> None:
    rasa.fail = fail
    reply = say("What is an EEG?")
    message = reply["messages"][0]
    assert message["kind"] == "fallback"
    assert "911" in message["text"]
    assert "312-555-0142" in message["text"]
    rasa.fail = ""
    assert say("What is an EEG?", reply["conversation"])["topic"] == "eeg"


def test_urgent_says_what_to_do_then_answers(say: Say) -> None:
    reply = say("my 5 month old has clusters of head drops when he wakes up. What is an EEG?")
    assert [m["kind"] for m in reply["messages"]] == ["safety", "answer"]
    assert reply["urgency"] == "urgent"
    assert "infantile spasms" in reply["messages"][0]["text"]


@pytest.mark.parametrize(
    "text", ["what now", "ok so what do I do now?", "can it wait until monday"]
)
@pytest.mark.parametrize("danger", [DANGER, "he has clusters of head drops when he wakes up"])
def test_who_asks_what_to_do_is_told_once_more(say: Say, danger: str, text: str) -> None:
    first = say(danger)
    reply = say(text, first["conversation"])
    assert [m["text"] for m in reply["messages"]] == [first["messages"][0]["text"]]
    assert reply["urgency"] == first["urgency"]
    # Where nothing stands, it is a question like any other.
    assert say(text)["messages"][0]["kind"] == "answer"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("he has clusters of head drops when he wakes up. what cream is safe", ["fallback"]),
        ("he has clusters of head drops when he wakes up, ¿o es normal?", ["fallback"]),
        ("he has clusters of head drops when he wakes up", []),
    ],
)
def test_a_question_that_the_page_does_not_answer_is_heard_beside_urgent_words(
    say: Say, rasa: ScriptedRasa, text: str, kinds: list[str]
) -> None:
    rasa.topic = "other_medical"
    assert [m["kind"] for m in say(text)["messages"]] == ["safety", *kinds]


def test_the_learned_voice_raises_what_rules_miss(say: Say, rasa: ScriptedRasa) -> None:
    rasa.levels = {"routine": 0.1, "urgent": 0.1, "crisis": 0.1, "emergency": 0.7}
    assert say("the telephone is green")["urgency"] == "emergency"


UNSPOKEN = {"routine": 0.2, "urgent": 0.05, "crisis": 0.7, "emergency": 0.05}


@pytest.mark.parametrize("topic", ["eeg", "human"])
def test_a_crisis_between_the_lines_says_whom_to_call_and_answers(
    say: Say, rasa: ScriptedRasa, topic: str
) -> None:
    rasa.levels, rasa.topic = UNSPOKEN, topic
    reply = say("nobody is left, and what is an EEG?")
    assert [m["kind"] for m in reply["messages"]][0] == "safety"
    assert "988" in reply["messages"][0]["text"]
    assert (reply["urgency"], reply["topic"]) == ("crisis", topic)


def test_a_crisis_in_plain_words_has_no_answer_beside_it(say: Say, rasa: ScriptedRasa) -> None:
    rasa.levels = UNSPOKEN
    reply = say("i want to die. what is an EEG?")
    assert [m["kind"] for m in reply["messages"]] == ["safety"]


def test_a_crisis_between_the_lines_beside_no_question_stands_alone(
    say: Say, rasa: ScriptedRasa
) -> None:
    rasa.levels, rasa.topic = UNSPOKEN, "other_medical"
    assert [m["kind"] for m in say("nobody is left")["messages"]] == ["safety"]


@pytest.mark.parametrize("levels", [None, UNSPOKEN])
def test_a_crisis_while_an_emergency_stands_is_told_whom_to_call_for_both(
    say: Say, rasa: ScriptedRasa, levels: dict[str, float] | None
) -> None:
    first = say(DANGER)
    rasa.levels = levels or rasa.levels
    text = "nobody is left, what is an EEG?" if levels else "i want to die, what is an EEG?"
    reply = say(text, first["conversation"])
    assert (reply["urgency"], reply["message_urgency"]) == ("emergency", "crisis")
    assert [m["kind"] for m in reply["messages"]] == ["safety", "safety"]
    assert "911" in reply["messages"][0]["text"]
    assert "988" in reply["messages"][1]["text"]


def test_no_choice_of_topics_competes_with_a_standing_emergency(
    say: Say, rasa: ScriptedRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = say(DANGER)["conversation"]
    choice = [rasa.composer.choice(("pain", "appointment"), Voice("en", "web"))]
    monkeypatch.setattr(rasa, "messages", lambda *_: choice)
    assert [m["kind"] for m in say("what about it", token)["messages"]] == ["safety"]
    assert [m["kind"] for m in say("what about it")["messages"]] == ["choice"]


def test_urgency_stands_until_the_family_says_so(say: Say) -> None:
    token = say(DANGER)["conversation"]
    after = say("ok thank you. What is an EEG?", token)
    assert (after["urgency"], after["message_urgency"]) == ("emergency", "routine")
    assert [m["kind"] for m in after["messages"]] == ["safety", "answer"]
    after = say("my mother in law says it is nothing", token)
    assert after["urgency"] == "emergency"
    after = say("the ambulance is here", token)
    assert after["urgency"] == "urgent"
    after = say("false alarm", token)
    assert after["urgency"] == "routine"


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "x" * 500])
def test_a_forged_token_begins_a_new_conversation(say: Say, token: str) -> None:
    reply = say("What is an EEG?", token)
    assert reply["topic"] == "eeg"
    assert reply["conversation"] != token


def test_conversations_do_not_mix(say: Say) -> None:
    one = say(DANGER)["conversation"]
    assert say("What is an EEG?")["urgency"] == "routine"
    assert say("What is an EEG?", one)["urgency"] == "emergency"


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200b", "\n\t"])
def test_empty_text_is_a_fallback(say: Say, text: str) -> None:
    reply = say(text)
    assert reply["messages"][0]["kind"] == "fallback"
    assert reply["topic"] is None
    assert "911" in reply["messages"][0]["text"]


def test_long_text_is_refused_with_the_emergency_line(client: TestClient) -> None:
    response = client.post("/api/messages", json={"text": "secret word " * 300})
    assert response.status_code == 413
    body = response.json()
    assert set(body) == {"error", "emergency"}
    assert "911" in body["emergency"]
    assert "secret" not in response.text


def test_danger_in_a_long_text_gets_its_text(say: Say) -> None:
    assert say("so today " * 1000 + DANGER)["urgency"] == "emergency"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"text": 7}',
        b'{"text": "hi", "channel": "fax"}',
        b'{"text": "hi", "lang": "fr"}',
        b'{"conversation": {"x": "hidden"}, "text": "hi"}',
        b"\xff\xfe",
        b"",
    ],
)
def test_bad_requests_are_refused_with_the_emergency_line(client: TestClient, body: bytes) -> None:
    response = client.post(
        "/api/messages", content=body, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 422
    assert "911" in response.json()["emergency"]
    assert "hidden" not in response.text


def test_lone_surrogates_and_controls_are_text(client: TestClient) -> None:
    body = json.dumps({"text": "what is \ud800 an \u0000 EEG?\u202e"})
    headers = {"Content-Type": "application/json"}
    assert client.post("/api/messages", content=body, headers=headers).status_code == 200


@pytest.mark.parametrize("text", ["/restart", "  /intent{}", "//back", "/ /restart"])
def test_rasa_commands_are_text(say: Say, rasa: ScriptedRasa, text: str) -> None:
    say(text)
    assert not rasa.seen[0]["message"].lstrip().startswith("/")


def test_huge_bodies_are_refused(client: TestClient) -> None:
    response = client.post("/api/messages", json={"text": "a" * 2_000_000})
    assert response.status_code == 413
    assert "911" in response.json()["emergency"]


def test_operator_explanation_needs_the_key(client: TestClient) -> None:
    path, body = "/api/operator/messages", {"text": DANGER}
    assert client.post(path, json=body).status_code == 404
    odd = {b"X-Operator-Key": "é".encode()}
    assert client.post(path, json=body, headers=odd).status_code == 404
    explained = client.post(path, json=body, headers={"X-Operator-Key": "operator-key"}).json()
    assert explained["explain"]["rules"]
    assert "explain" not in client.post("/api/messages", json=body).json()


@pytest.mark.parametrize(
    ("text", "fail", "engine"),
    [
        ("what is an eeg", "", "answered"),
        ("what is an eeg", "timeout", "down"),
        (DANGER, "", "not asked"),
    ],
)
def test_the_explanation_tells_whether_the_engine_answered(
    client: TestClient, rasa: ScriptedRasa, text: str, fail: str, engine: str
) -> None:
    rasa.fail = fail
    headers = {"X-Operator-Key": "operator-key"}
    response = client.post("/api/operator/messages", json={"text": text}, headers=headers)
    assert response.json()["explain"]["engine"] == engine


def test_a_dead_database_silences_nobody(say: Say, service: Any, monkeypatch: Any) -> None:
    from sqlalchemy.exc import OperationalError

    def broken(*_: Any) -> None:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(service.store, "load", broken)
    monkeypatch.setattr(service.store, "save", broken)
    assert say(DANGER)["urgency"] == "emergency"
    assert say("What is an EEG?", service.tokens.sign("a" * 32))["topic"] == "eeg"


@pytest.mark.parametrize("text", ["What is an EEG?", "¿qué es un EEG, señora?", DANGER])
def test_sms_texts_are_sent_in_seven_bits(say: Say, text: str) -> None:
    for message in say(text, channel="sms")["messages"]:
        assert is_gsm7(message["text"])
        assert message["notice"] is None or is_gsm7(message["notice"])


def test_that_it_has_passed_is_heard_and_lowers_nothing(say: Say, rasa: ScriptedRasa) -> None:
    first = say(DANGER)
    rasa.levels = {"routine": 0.05, "urgent": 0.05, "crisis": 0.0, "emergency": 0.9}
    reply = say("he is breathing now", first["conversation"])
    assert (reply["urgency"], reply["message_urgency"]) == ("emergency", "routine")
    text = reply["messages"][0]["text"]
    assert text.startswith("It is good that it has passed.")
    assert "911" in text.splitlines()[0]
    again = say("he is breathing hard now", reply["conversation"])
    assert again["message_urgency"] == "emergency"


def test_a_swallowed_pill_is_not_over_where_all_looks_well(say: Say) -> None:
    first = say("he swallowed my mom's pills")
    reply = say("he seems fine", first["conversation"])
    assert reply["urgency"] == "emergency"
    assert reply["messages"][0]["text"] == first["messages"][0]["text"]


def test_help_called_out_of_nothing_is_an_emergency(say: Say) -> None:
    first = say("we called 911")
    assert (first["urgency"], first["messages"][0]["kind"]) == ("emergency", "safety")
    assert say("the ambulance is here", first["conversation"])["urgency"] == "urgent"


def test_no_farewell_while_a_life_may_be_in_danger(say: Say, rasa: ScriptedRasa) -> None:
    first = say("i want to die")
    rasa.topic = "goodbye"
    reply = say("good night", first["conversation"])
    assert [message["kind"] for message in reply["messages"]] == ["safety"]
    assert "988" in reply["messages"][0]["text"]


def test_out_of_nothing_it_is_judged_as_any_message(say: Say, rasa: ScriptedRasa) -> None:
    rasa.levels = {"routine": 0.05, "urgent": 0.05, "crisis": 0.0, "emergency": 0.9}
    assert say("he is breathing now")["urgency"] == "emergency"


def test_a_harmless_phrase_is_no_alarm_of_the_model_alone(say: Say, rasa: ScriptedRasa) -> None:
    rasa.levels = {"routine": 0.05, "urgent": 0.05, "crisis": 0.0, "emergency": 0.9}
    assert say("she has gas")["urgency"] == "routine"
    assert rasa.seen[-1]["metadata"]["settled"] == "yes"
    assert say("she has gas and a funny look")["urgency"] == "emergency"


def test_a_suspicion_after_the_signs_is_urgent(say: Say, rasa: ScriptedRasa) -> None:
    rasa.check = {"raise": {"level": "urgent", "kind": "spasms"}}
    reply = say("yes he does that")
    assert (reply["urgency"], reply["messages"][0]["kind"]) == ("urgent", "safety")


def test_a_call_for_help_asks_what_happens(say: Say, rasa: ScriptedRasa) -> None:
    rasa.fail = "refused"
    reply = say("HELP please")
    assert reply["urgency"] == "urgent"
    assert "911" in reply["messages"][0]["text"].splitlines()[0]
