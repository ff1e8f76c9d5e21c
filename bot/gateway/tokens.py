"""Conversation tokens, signed here and never chosen by a caller."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence

from itsdangerous import BadData, URLSafeTimedSerializer

MAX_TOKEN = 512  # characters; ours have about 90


class Tokens:
    """Signs conversation ids and reads them back."""

    def __init__(self, keys: Sequence[str], days: int) -> None:
        """Sign.

        Args:
            keys: the present one, which signs, then older ones that are still accepted.
            days: after which a token is no longer known.
        """
        self._serializer = URLSafeTimedSerializer(list(reversed(keys)), salt="conversation")
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
        # The library fails at what no encoding can carry.
        if not token or len(token) > MAX_TOKEN or not token.isascii():
            return None
        try:
            value, signed_at = self._serializer.loads(token, return_timestamp=True)
        except BadData:
            return None
        # Where the clock was set back, a token seems to come from the future; it stays good.
        if not expired and time.time() - signed_at.timestamp() > self._seconds:
            return None
        return value if isinstance(value, str) else None
