"""A clock that jumps, seen from a conversation in danger."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

Say = Callable[..., dict[str, Any]]
DANGER = "his lips are blue and he is not breathing"
HOUR = 3600.0


@pytest.mark.parametrize("hours", [-240, -1, 0, 23])
def test_an_emergency_stands_over_a_jump(
    say: Say, monkeypatch: pytest.MonkeyPatch, hours: float
) -> None:
    token = say(DANGER)["conversation"]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + hours * HOUR)
    after = say("What is an EEG?", token)
    assert after["urgency"] == "emergency"


def test_a_jump_of_a_day_ahead_asks_whether_the_danger_is_over(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = say(DANGER)["conversation"]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 30 * HOUR)
    after = say("What is an EEG?", token)
    assert after["urgency"] == "routine"
    assert after["messages"][0]["kind"] == "safety"
    assert "911" in after["messages"][0]["text"]
