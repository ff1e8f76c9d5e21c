"""Text messages through the signed webhook, the gateway, the real Rasa and the action server."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from bot.text import is_gsm7, sms_size
from eval.sms_load import drive
from tools.fake_twilio import FakeTwilio
from tools.serve import Stack

pytestmark = pytest.mark.e2e
Write = Callable[[str], list[str]]
numbers = (f"+1312556{count:04}" for count in itertools.count())


@pytest.fixture
def write(stack: Stack, twilio: FakeTwilio) -> Write:
    """A phone that was greeted."""
    number = next(numbers)

    def send(text: str) -> list[str]:
        before = len(twilio.to(number))
        status, _ = twilio.text(number, text)
        assert status == 200
        said = twilio.to(number)[before:]
        assert all(is_gsm7(part) and sms_size(part).segments <= 2 for part in said)
        return said

    send("START")
    return send


def test_a_question_and_its_follow_up(write: Write) -> None:
    assert "EEG" in " ".join(write("wuts an eeg"))
    assert "page says" in write("where does it say that?")[-1]


def test_danger_that_no_rule_knows_is_heard(write: Write) -> None:
    assert "911" in write("he went all grey and i cant get him to look at me")[0]


def test_a_choice_is_picked_by_a_bare_number(write: Write) -> None:
    write("tell me about the treatments")
    (choice,) = write("and for how long?")
    assert [line[:2] for line in choice.split("\n")[1:3]] == ["1 ", "2 "]
    second = choice.split("\n")[2][2:]
    answer = write("2")[-1]
    assert "1 " not in answer.split("\n")
    assert second
    assert answer != choice


def test_the_guided_check_by_text(write: Write) -> None:
    assert "breathing" in write("start the check")[-1]
    assert "How old" in write("yes")[-1]
    assert write("5")


def test_spanish(write: Write) -> None:
    assert "EEG" in " ".join(write("que es un electroencefalograma"))
    assert "911" in write("mi bebe no respira")[0]


def test_twenty_a_second_for_three_seconds(stack: Stack, twilio: FakeTwilio) -> None:
    try:
        run = drive(twilio, 20, 3)
    finally:
        twilio.on_sent = None
    assert (run.lost, run.twice, set(run.statuses)) == (0, 0, {200})
