"""Passwords of local staff accounts: Argon2id hashes, and what is too weak to be one."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Sequence

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import AccountError

# NIST SP 800-63B-4 asks for 15 where a password is the only factor.
SHORTEST, LONGEST = 15, 256
# The lowest that OWASP names for Argon2id: 19 MiB, two passes. Families wait on the same cores.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# However many try to sign in at once, no more memory than this many hashes take.
AT_ONCE = threading.BoundedSemaphore(2)


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
    with AT_ONCE:
        return HASHER.hash(password)


def check_password(hashed: str | None, password: str) -> bool:
    """Whether a password fits its hash; without a hash it takes as long and does not."""
    try:
        with AT_ONCE:
            right = HASHER.verify(hashed or _nobodys(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and hashed is not None


def _normal(password: str) -> str:
    # The same letters may come composed or not from different keyboards.
    return unicodedata.normalize("NFKC", password[: LONGEST * 4])


def _nobodys() -> str:
    # Costs what a real one costs; its digest of zeros is nobody's.
    cost = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    return f"$argon2id$v=19${cost}${'A' * 22}${'A' * 43}"
