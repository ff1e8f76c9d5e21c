"""Processes that die in mid-conversation: danger is still answered, and the service recovers."""

from __future__ import annotations

import os
import signal
import time
from statistics import median

import pytest

from tests.e2e.conftest import Say
from tools.serve import Stack

pytestmark = pytest.mark.e2e
# The bound that the safety policy's proof sets for an emergency while others are dead.
EMERGENCY_SECONDS = 0.1


@pytest.mark.parametrize("dead", [("actions",), ("rasa",), ("rasa", "actions")])
def test_death_in_mid_conversation(stack: Stack, say: Say, dead: tuple[str, ...]) -> None:
    token = say("how is vigabatrin used?")["conversation"]
    for name in dead:
        stack.kill(name)
    try:
        down = say("What is an EEG?", token)
        assert down["messages"][0]["kind"] == "fallback"
        assert "911" in down["messages"][0]["text"]
        took = []
        for _ in range(5):
            started = time.perf_counter()
            assert say("she is not breathing")["urgency"] == "emergency"
            took.append(time.perf_counter() - started)
        assert median(took) < EMERGENCY_SECONDS
        # No rule knows these words: the learned voice speaks in the gateway meanwhile.
        learned = say("he went all grey and i cant get him to look at me", token)
        assert learned["urgency"] == "emergency"
    finally:
        for name in dead:
            stack.start(name)
        stack.wait_ready()
    after = say("What is an EEG?", token)
    assert after["topic"] == "eeg"
    assert after["messages"][0]["kind"] == "safety"


def test_a_hanging_engine_is_not_waited_for(stack: Stack, say: Say) -> None:
    os.killpg(stack.pids["rasa"], signal.SIGSTOP)
    try:
        assert say("she is not breathing")["urgency"] == "emergency"
        started = time.perf_counter()
        assert say("What is an EEG?")["messages"][0]["kind"] == "fallback"
        # Three seconds are the family's patience; the rest is this busy machine.
        assert time.perf_counter() - started < 5
    finally:
        os.killpg(stack.pids["rasa"], signal.SIGCONT)
    stack.wait_ready()
    assert say("What is an EEG?")["topic"] == "eeg"
