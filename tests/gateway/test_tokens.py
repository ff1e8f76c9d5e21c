from __future__ import annotations

import time

import pytest

from bot.gateway.tokens import MAX_TOKEN, Tokens

OLD, NEW = "old" * 12, "new" * 12
DAY = 86_400.0


def test_a_token_outlives_a_rotation_of_keys() -> None:
    token = Tokens([OLD], 30).sign("abc")
    assert Tokens([NEW, OLD], 30).read(token) == "abc"
    assert Tokens([NEW], 30).read(token) is None
    # The next reply's token is signed with the new key.
    assert Tokens([NEW], 30).read(Tokens([NEW, OLD], 30).sign("abc")) == "abc"


def test_a_token_of_ours_is_well_below_the_bound() -> None:
    assert len(Tokens([NEW], 30).sign("a" * 64)) < MAX_TOKEN / 2


@pytest.mark.parametrize("token", [None, "", "a.b.c", "x" * 100_000, "é" * 10, "\ud800"])
def test_what_is_no_token_is_nobody(token: str | None) -> None:
    assert Tokens([NEW], 30).read(token) is None


@pytest.mark.parametrize(("days", "known"), [(0, True), (29, True), (31, False), (-400, True)])
def test_a_clock_that_jumps_back_costs_no_conversation(
    monkeypatch: pytest.MonkeyPatch, days: float, known: bool
) -> None:
    tokens = Tokens([NEW], 30)
    token = tokens.sign("a" * 32)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + days * DAY)
    assert tokens.read(token) == ("a" * 32 if known else None)
    assert tokens.read(token, expired=True) == "a" * 32
