"""Phone numbers and texts hidden: a keyed hash for the conversation, encryption at rest."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Sealed(Exception):
    """What was sealed cannot be opened: another key, or damaged."""


class Keys:
    """Two keys from one secret: one hashes numbers, one encrypts what must be read again."""

    def __init__(self, secret: str) -> None:
        self._hash_key = _derive(secret, b"sms conversation")
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(secret, b"sms at rest")))

    def conversation(self, number: str) -> str:
        """The conversation id of a phone number: HMAC-SHA256, 64 hexadecimal digits."""
        return hmac.new(self._hash_key, number.encode(), hashlib.sha256).hexdigest()

    def seal(self, value: Any) -> str:
        """Encrypt what JSON can carry."""
        return self._fernet.encrypt(json.dumps(value).encode()).decode("ascii")

    def open(self, sealed: str) -> Any:
        """Decrypt.

        Raises:
            Sealed: it was sealed with another key, or is damaged.
        """
        try:
            return json.loads(self._fernet.decrypt(sealed))
        except (InvalidToken, ValueError) as error:
            raise Sealed("cannot be opened with this SMS_KEY") from error


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(secret.encode())
