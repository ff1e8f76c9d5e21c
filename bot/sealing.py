"""Encryption at rest, with keys derived from a secret for one purpose each."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Sealed(Exception):
    """What was sealed cannot be opened: another key, or damaged."""


class Seal:
    """Encrypts what JSON can carry (Fernet: AES-128-CBC and HMAC-SHA256)."""

    def __init__(self, secrets: Sequence[str], purpose: bytes) -> None:
        """Derive the keys.

        Args:
            secrets: the present one, which seals, then older ones that still open.
            purpose: what is sealed; another purpose cannot open it.
        """
        keys = [base64.urlsafe_b64encode(derive(secret, purpose)) for secret in secrets]
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, value: Any) -> str:
        """Encrypt."""
        return self._fernet.encrypt(json.dumps(value).encode()).decode("ascii")

    def open(self, sealed: str) -> Any:
        """Decrypt.

        Raises:
            Sealed: it was sealed with another key, or is damaged.
        """
        try:
            return json.loads(self._fernet.decrypt(sealed.encode("ascii")))
        except (InvalidToken, ValueError) as error:
            raise Sealed("cannot be opened with this key") from error


def derive(secret: str, purpose: bytes) -> bytes:
    """A key of 32 bytes for one purpose (HKDF, SHA-256)."""
    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(secret.encode())
