from __future__ import annotations

import time

import pytest

from bot.gateway.tokens import Tokens

DAY = 86_400.0


@pytest.fixture
def tokens() -> Tokens:
    return Tokens("k" * 32, 30)


@pytest.mark.parametrize(("days", "known"), [(0, True), (29, True), (31, False), (-400, True)])
def test_a_clock_that_jumps_back_costs_no_conversation(
    tokens: Tokens, monkeypatch: pytest.MonkeyPatch, days: float, known: bool
) -> None:
    token = tokens.sign("a" * 32)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + days * DAY)
    assert tokens.read(token) == ("a" * 32 if known else None)
    assert tokens.read(token, expired=True) == "a" * 32


def test_another_key_opens_nothing(tokens: Tokens) -> None:
    assert Tokens("l" * 32, 30).read(tokens.sign("a")) is None
    assert tokens.read(None) is None
