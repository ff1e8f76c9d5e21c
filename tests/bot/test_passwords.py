from __future__ import annotations

import pytest
from argon2 import extract_parameters

from bot.errors import AccountError
from bot.passwords import HASHER, check_password, hash_password

GOOD = "a quiet lamp beside the window"


def test_a_password_fits_its_own_hash_only() -> None:
    hashed = hash_password(GOOD)
    assert GOOD not in hashed
    assert check_password(hashed, GOOD)
    assert not check_password(hashed, GOOD + " ")
    assert not check_password(None, "the password of nobody")
    assert not check_password("not a hash", GOOD)


def test_hashes_cost_what_owasp_asks_for() -> None:
    kind = extract_parameters(HASHER.hash(GOOD))
    assert kind.type.name == "ID"
    assert kind.memory_cost >= 19 * 1024
    assert kind.time_cost >= 2


def test_composed_and_decomposed_letters_are_the_same() -> None:
    hashed = hash_password("la niña duerme en la cuna")
    assert check_password(hashed, "la nin\u0303a duerme en la cuna")


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "short",
        "fourteen chars",
        "x" * 257,
        "aaaaaaaaaaaaaaaaaaaaaa",
        "ababababababababab",
        "dana.reyes is my name",
        "I am Dana Reyes, hello",
    ],
)
def test_weak_ones_are_refused(weak: str) -> None:
    with pytest.raises(AccountError):
        hash_password(weak, ("dana.reyes@hospital.example", "Dana Reyes"))
