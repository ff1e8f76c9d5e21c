"""Keyed hashes of conversations: the same one is known again, and nobody can tell which it was."""

from __future__ import annotations

import hmac


class Origins:
    """Hashes under a key of its own, made from the service's secret."""

    def __init__(self, secret: str) -> None:
        """Derive the key."""
        self._key = hmac.digest(secret.encode(), b"iess-origins", "sha256")

    def of(self, conversation: str, what: str = "") -> str:
        """64 hexadecimal digits.

        Args:
            conversation: its id.
            what: of it, such as a topic; hashes of different things cannot be matched.
        """
        return hmac.new(self._key, f"{conversation}\n{what}".encode(), "sha256").hexdigest()
