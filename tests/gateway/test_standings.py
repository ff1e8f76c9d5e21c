"""Conversations while the database is away, and when it is back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.gateway import standings as module
from bot.gateway.standings import Standings, graver
from bot.store import Conversation, Store


class FlakyStore(Store):
    """A store that is away at will."""

    away = False

    def load(self, conversation_id: str) -> Conversation | None:
        self._check()
        return super().load(conversation_id)

    def change(self, *arguments: object) -> None:
        self._check()
        super().change(*arguments)  # type: ignore[arg-type]

    def _check(self) -> None:
        if self.away:
            raise OperationalError("select", None, Exception("gone"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FlakyStore]:
    made = FlakyStore(f"sqlite:///{tmp_path / 'bot.sqlite'}")
    yield made
    made.close()


def test_an_emergency_told_meanwhile_stands_when_the_database_is_back(store: FlakyStore) -> None:
    gateway, other = Standings(store), Standings(store)
    calm = Conversation("a")
    gateway.change(calm, lambda now: now)
    store.away = True
    with pytest.raises(SQLAlchemyError):
        gateway.load("a")
    gateway.change(calm, lambda now: replace(now, urgency="emergency"))
    kept = gateway.load("a")
    assert kept is not None
    assert kept.urgency == "emergency"
    # The next message of the family stands on it.
    gateway.change(calm, lambda now: replace(now, lang="es"))
    store.away = False
    # Any family's message gives the database what it has missed.
    assert gateway.load("somebody else") is None
    found = other.load("a")
    assert found is not None
    assert (found.urgency, found.lang) == ("emergency", "es")


def test_a_conversation_begun_meanwhile_is_known_afterwards(store: FlakyStore) -> None:
    gateway = Standings(store)
    store.away = True
    gateway.change(Conversation("new"), lambda now: now)
    store.away = False
    assert gateway.load("new") is not None


def test_only_so_many_are_remembered(store: FlakyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    gateway = Standings(store)
    store.away = True
    for name in ("a", "b", "c"):
        gateway.change(Conversation(name), lambda now: now)
    store.away = False
    assert [gateway.load(name) is not None for name in ("a", "b", "c")] == [False, True, True]


@pytest.mark.parametrize(
    ("now", "missed", "stands"),
    [
        (None, "routine", "routine"),
        ("routine", "emergency", "emergency"),
        ("emergency", "routine", "emergency"),
        ("crisis", "urgent", "crisis"),
        ("urgent", "urgent", "urgent"),
    ],
)
def test_danger_is_never_lowered_by_what_was_missed(
    now: str | None, missed: str, stands: str
) -> None:
    before = None if now is None else Conversation("a", now)
    assert graver(Conversation("a", missed), before).urgency == stands
