"""Phone numbers and texts hidden: a keyed hash for the conversation, encryption at rest."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from bot.sealing import Seal, Sealed, derive

__all__ = ["Keys", "Sealed"]


class Keys:
    """Two keys from one secret: one hashes numbers, one encrypts what must be read again."""

    def __init__(self, secret: str) -> None:
        self._hash_key = derive(secret, b"sms conversation")
        self._seal = Seal([secret], b"sms at rest")

    def conversation(self, number: str) -> str:
        """The conversation id of a phone number: HMAC-SHA256, 64 hexadecimal digits."""
        return hmac.new(self._hash_key, number.encode(), hashlib.sha256).hexdigest()

    def seal(self, value: Any) -> str:
        """Encrypt what JSON can carry."""
        return self._seal.seal(value)

    def open(self, sealed: str) -> Any:
        """Decrypt.

        Raises:
            Sealed: it was sealed with another SMS_KEY, or is damaged.
        """
        return self._seal.open(sealed)
