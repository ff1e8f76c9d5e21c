"""Conversation tokens, signed here and never chosen by a caller."""

from __future__ import annotations

import secrets
import time

from itsdangerous import BadData, URLSafeTimedSerializer


class Tokens:
    """Signs conversation ids and reads them back."""

    def __init__(self, secret_key: str, days: int) -> None:
        self._serializer = URLSafeTimedSerializer(secret_key, salt="conversation")
        self._seconds = days * 24 * 3600

    def new_id(self) -> str:
        """A fresh conversation id, 128 bits."""
        return secrets.token_hex(16)

    def sign(self, conversation_id: str) -> str:
        """The token a caller holds."""
        token = self._serializer.dumps(conversation_id)
        return token.decode("ascii") if isinstance(token, bytes) else token

    def read(self, token: str | None, *, expired: bool = False) -> str | None:
        """The id in a token; None where it is missing, forged or expired.

        Args:
            token: as a caller sent it.
            expired: accept it after its time, too: to delete is never too late.
        """
        if not token:
            return None
        try:
            value, signed_at = self._serializer.loads(token, return_timestamp=True)
        except BadData:
            return None
        # Where the clock was set back, a token seems to come from the future; it stays good.
        if not expired and time.time() - signed_at.timestamp() > self._seconds:
            return None
        return value if isinstance(value, str) else None
