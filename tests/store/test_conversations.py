from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.store import Conversation, Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'bot.sqlite'}"


def test_saved_is_loaded_after_a_restart(url: str) -> None:
    saved = Conversation("a" * 32, "emergency", "seizure", "self_harm", "es")
    store = Store(url)
    store.save(saved)
    store.close()
    loaded = Store(url).load("a" * 32)
    assert loaded is not None
    assert replace(loaded, seen_at=0.0) == saved
    assert abs(loaded.seen_at - time.time()) < 60


def test_save_replaces(url: str) -> None:
    store = Store(url)
    store.save(Conversation("a", "urgent"))
    store.save(Conversation("a", "routine"))
    loaded = store.load("a")
    assert loaded is not None
    assert loaded.urgency == "routine"


def test_unknown_is_none(url: str) -> None:
    assert Store(url).load("nobody") is None


def test_delete_forgets(url: str) -> None:
    store = Store(url)
    store.save(Conversation("a"))
    assert store.delete("a")
    assert store.load("a") is None
    assert not store.delete("a")
