"""Conversations that staff tried, kept under a random id so that a link reproduces them."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.store.database import METADATA, reading

KEEP_DAYS = 30

TRYOUTS = sa.Table(
    "staff_tryouts",
    METADATA,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Index("ix_staff_tryouts_created_at", "created_at"),
)


@dataclass(frozen=True)
class Tryout:
    """What was tried, and what was said then.

    Attributes:
        turns: the messages, in order.
        lang: of the replies, or "" to tell it from each message.
        said: for each message what was said by each channel (web, sms), as plain text.
        created_at: Unix time, seconds; 0.0 before it is kept.
    """

    turns: tuple[str, ...]
    lang: str
    said: tuple[Mapping[str, str], ...]
    created_at: float = 0.0


class Tryouts:
    """Keeps them encrypted for KEEP_DAYS: staff may try a family's own words."""

    def __init__(self, engine: sa.Engine, secret: str) -> None:
        """Keep them in the database of the conversations.

        Args:
            engine: of that database.
            secret: of this installation; with another one they are not found.
        """
        self._engine = engine
        key = HKDF(SHA256(), 32, salt=None, info=b"staff tryouts").derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def keep(self, tryout: Tryout) -> str:
        """Keep one, drop those that are too old, and return the id for its link."""
        key, now = secrets.token_urlsafe(16), time.time()
        body = {"turns": tryout.turns, "lang": tryout.lang, "said": tryout.said}
        sealed = self._fernet.encrypt(json.dumps(body).encode()).decode("ascii")
        with self._engine.begin() as connection:
            connection.execute(TRYOUTS.delete().where(TRYOUTS.c.created_at < _oldest(now)))
            values = {"id": key, "sealed": sealed, "created_at": now}
            connection.execute(TRYOUTS.insert().values(**values))
        return key

    def find(self, key: str) -> Tryout | None:
        """One by its id; None where it is unknown, too old, deleted or of another secret."""
        query = sa.select(TRYOUTS).where(
            TRYOUTS.c.id == key, TRYOUTS.c.created_at >= _oldest(time.time())
        )
        with reading(self._engine).connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        try:
            body = json.loads(self._fernet.decrypt(row.sealed))
        except InvalidToken:
            return None
        return Tryout(tuple(body["turns"]), body["lang"], tuple(body["said"]), row.created_at)

    def delete(self, key: str) -> bool:
        """Forget one; False where there was none."""
        with self._engine.begin() as connection:
            gone = connection.execute(TRYOUTS.delete().where(TRYOUTS.c.id == key))
        return gone.rowcount > 0


def _oldest(now: float) -> float:
    return now - KEEP_DAYS * 24 * 3600
