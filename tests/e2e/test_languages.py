"""The language of a conversation, through the real Rasa, action server and gateway."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Say

pytestmark = pytest.mark.e2e


def test_the_answer_comes_again_in_spanish_and_a_follow_up_goes_on(say: Say) -> None:
    token = say("what is vigabatrin")["conversation"]
    again = say("en español por favor", token)
    assert (again["lang"], again["topic"]) == ("es", "vigabatrin")
    assert again["messages"][0]["citations"][0]["translation"]
    follow = say("por cuanto tiempo", token)
    assert (follow["lang"], follow["topic"]) == ("es", "vigabatrin")
    assert "six months to two years" in follow["messages"][0]["text"]
    assert "seis meses a dos años" in follow["messages"][0]["text"]
    assert say("english please", token)["lang"] == "en"


def test_the_open_question_of_the_check_comes_again(say: Say) -> None:
    token = say("¿Podrían ser espasmos infantiles? Empezar la guía.")["conversation"]
    assert "Pregunta 2" in say("1", token)["messages"][0]["text"]
    again = say("english please", token)["messages"][0]["text"]
    assert again.startswith("Question 2 of 8. How old")
    assert "Question 3" in say("5", token)["messages"][0]["text"]


def test_another_language_is_told_whom_to_call(say: Say) -> None:
    reply = say("Bonjour, mon bébé a des spasmes")
    assert (reply["lang"], reply["topic"], reply["urgency"]) == ("en", None, "routine")
    assert "interprète" in reply["messages"][0]["text"]
    reply = say("mon bébé ne respire plus", reply["conversation"])
    assert reply["urgency"] == "emergency"
    assert reply["messages"][0]["text"].startswith("[911](tel:911)")
