from __future__ import annotations

import pytest

from bot.gateway.tokens import MAX_TOKEN, Tokens

OLD, NEW = "old" * 12, "new" * 12


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
