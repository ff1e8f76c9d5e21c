"""What families ask, through the real Rasa, action server and gateway."""

from __future__ import annotations

import pytest

from bot.answers import Library
from tests.e2e.conftest import Say
from tools.serve import Stack

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("text", "topic", "quoted"),
    [
        ("What is an EEG?", "eeg", "An electroencephalogram (EEG) is the main test for IESS."),
        ("how long would she take vigabatrin", "vigabatrin", "six months to two years"),
        ("wut meds r used 4 this", "treatment", "There are two first-line treatments for IESS:"),
        ("which brain injuries cause it", "causes", "structural brain abnormalities"),
        ("is the shot given by needle or by mouth", "hormonal_therapy", "given by mouth"),
        ("¿que es un electroencefalograma?", "eeg", "An electroencephalogram (EEG)"),
    ],
)
def test_a_question_gets_its_sourced_answer(
    say: Say, library: Library, text: str, topic: str, quoted: str
) -> None:
    reply = say(text)
    assert (reply["topic"], reply["urgency"]) == (topic, "routine")
    quotes = [c["quote"] for c in reply["messages"][0]["citations"]]
    assert any(quoted in quote for quote in quotes)
    assert all(quote in library.page.text for quote in quotes)


def test_the_empty_list_stays_empty(say: Say) -> None:
    text = say("which brain injuries cause it")["messages"][0]["text"]
    assert "does not" in text
    assert "list" in text


@pytest.mark.parametrize(
    ("text", "urgency", "shows"),
    [
        ("my baby keeps crunching up when he wakes", "urgent", "infantile spasms"),
        ("his lips are blue and hes not breathing", "emergency", "911"),
        ("mi bebe no respira", "emergency", "911"),
        ("se dobla como navaja varias veces al despertar", "urgent", "espasmos"),
    ],
)
def test_danger_comes_first(say: Say, text: str, urgency: str, shows: str) -> None:
    reply = say(text)
    assert reply["urgency"] == urgency
    assert reply["messages"][0]["kind"] == "safety"
    assert shows in reply["messages"][0]["text"]


def test_a_dose_is_not_given(say: Say) -> None:
    reply = say("what dose of prednisolone")
    assert reply["topic"] == "other_medical"
    message = reply["messages"][0]
    assert message["kind"] == "fallback"
    assert "on your own" in f"{message['text']} {message['notice']}"
    assert "mg" not in message["text"]


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("What is an EEG? And how long is the steroid given?", ["eeg", "hormonal_therapy"]),
        ("how do i book a visit n wat does vigabatrin do", ["appointment", "vigabatrin"]),
        ("qué causa los espasmos y cómo los tratan", ["causes", "treatment"]),
        ("What is an EEG and how many mg of Sabril for 9 kg?", ["eeg", "other_medical"]),
    ],
)
def test_two_questions_get_two_answers(say: Say, text: str, topics: list[str]) -> None:
    assert [m["topic"] for m in say(text)["messages"]] == topics


FOLLOW_UPS: list[tuple[list[str], str, str]] = [
    (["tell me about the steroids", "and for how long?"], "hormonal_therapy", "about one month"),
    (["how is vigabatrin used?", "what about the other one?"], "hormonal_therapy", "steroids"),
    (["what is vigabatrin for", "is it dangerous?"], "vigabatrin_vision", "vision"),
    (["tell me about the steroids", "no, I meant vigabatrin"], "vigabatrin", "vigabatrin"),
    (["what is an EEG", "where does it say that?"], "eeg", "electroencephalogram"),
    (["what is an EEG", "thanks", "how do I book an appointment"], "appointment", "scheduling"),
]


@pytest.mark.parametrize(("turns", "topic", "holds"), FOLLOW_UPS)
def test_follow_ups_lean_on_the_turn_before(
    say: Say, turns: list[str], topic: str, holds: str
) -> None:
    token, reply = None, None
    for turn in turns:
        reply = say(turn, token)
        token = reply["conversation"]
    assert reply is not None
    assert reply["topic"] == topic
    assert holds in str(reply["messages"])


def test_a_follow_up_with_nothing_before_it_is_no_guess(stack: Stack, say: Say) -> None:
    reply = say("and for how long?")
    assert reply["topic"] is None
    assert reply["messages"][0]["buttons"]
    assert "Circuit breaker" not in stack.log("rasa").read_text(encoding="utf-8")


def test_an_offered_choice_is_picked_by_its_number(say: Say) -> None:
    first = say("tell me about the treatments")
    choice = say("and for how long?", first["conversation"], channel="sms")
    assert choice["messages"][0]["kind"] == "choice"
    wanted = choice["messages"][0]["buttons"][1]["topic"]
    assert say("2", choice["conversation"], channel="sms")["topic"] == wanted


def test_every_canonical_question_reaches_its_own_answer(say: Say, library: Library) -> None:
    wrong = {}
    for answer in library:
        for question in answer.question.values():
            topic = say(question)["topic"]
            if topic != answer.topic:
                wrong[question] = topic
    assert not wrong


def test_rasa_commands_do_nothing(say: Say) -> None:
    token = say("how is vigabatrin used?")["conversation"]
    say(" /restart", token)
    reply = say("/vigabatrin_vision{}", token)
    assert reply["messages"]
    assert say("how is vigabatrin used?", token)["topic"] == "vigabatrin"
