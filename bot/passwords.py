"""Passwords of local staff accounts: Argon2id hashes, and what is too weak to be one."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import AccountError

# NIST SP 800-63B-4 asks for 15 where a password is the only factor.
SHORTEST, LONGEST = 15, 256
HASHER = PasswordHasher()


def hash_password(password: str, known: Sequence[str] = ()) -> str:
    """An Argon2id hash, with its salt and parameters in it.

    Args:
        password: as it was typed.
        known: the owner's e-mail address and name, which make a guessable one.

    Raises:
        AccountError: it is too short, too long or too easy to guess.
    """
    password = _normal(password)
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountError(
            f"A password needs {SHORTEST} to {LONGEST} characters; a sentence is easy to remember.",
            "password",
        )
    folded = password.casefold()
    names = {part.casefold() for text in known for part in (text, text.split("@")[0]) if part}
    if len(set(folded)) < 6 or any(len(n) > 7 and n in folded for n in names):
        raise AccountError(
            "This password is easy to guess. Use other words than your name.", "password"
        )
    return HASHER.hash(password)


def check_password(hashed: str | None, password: str) -> bool:
    """Whether a password fits its hash; without a hash it takes as long and does not."""
    try:
        right = HASHER.verify(hashed or _nobodys(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and hashed is not None


def _normal(password: str) -> str:
    # The same letters may come composed or not from different keyboards.
    return unicodedata.normalize("NFKC", password[: LONGEST * 4])


@cache
def _nobodys() -> str:
    return HASHER.hash("the password of nobody")
