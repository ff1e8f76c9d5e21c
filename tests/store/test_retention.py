from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.__main__ import main
from bot.settings import Settings, load_settings
from bot.store import Conversation, Store
from bot.store.database import connect
from bot.store.retention import PREVIEW_SECONDS, purge
from bot.store.trackers import Trackers, tracker_address
from tests.databases import database_url, postgres

__all__ = ["database_url", "postgres"]
DAY = 86_400


def tracker(url: str, sender: str, saved_at: float) -> None:
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "CREATE TABLE IF NOT EXISTS rasa_trackers"
                " (sender_id text, tracker text, saved_at float)"
            )
        )
        connection.execute(
            sa.text("INSERT INTO rasa_trackers VALUES (:id, 'sealed', :at)"),
            {"id": sender, "at": saved_at},
        )
    engine.dispose()


def senders(url: str) -> set[str]:
    engine = connect(url)
    with engine.connect() as connection:
        found = set(connection.execute(sa.text("SELECT sender_id FROM rasa_trackers")).scalars())
    engine.dispose()
    return found


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    settings = load_settings({"VAR_DIR": str(tmp_path), "DATABASE_URL": database_url})
    return replace(settings, operating=replace(settings.operating, retention_days=7))


def test_what_is_silent_too_long_is_forgotten_everywhere(settings: Settings) -> None:
    store, trackers = Store(settings.database_url), Trackers(settings, {})
    address = tracker_address(settings, {})
    assert purge(settings, store, trackers) == 0
    now = time.time()
    for name in ("a", "b"):
        store.save(Conversation(name))
    tracker(address, "a", now - 8 * DAY)
    tracker(address, "b", now - 6 * DAY)
    # Rows are stamped with the present: eight days later, all but Rasa's "b" have been silent.
    assert purge(settings, store, trackers, now) == 1
    assert senders(address) == {"b"}
    assert {store.load("a"), store.load("b")} != {None}
    assert purge(settings, store, trackers, now + 8 * DAY) == 2
    assert senders(address) == set()
    assert store.load("a") is None
    store.close()
    trackers.close()


def test_what_a_crash_left_of_a_preview_goes_after_an_hour(settings: Settings) -> None:
    store, trackers = Store(settings.database_url), Trackers(settings, {})
    address = tracker_address(settings, {})
    now = time.time()
    for name in ("preview-a", "preview_b"):
        store.save(Conversation(name))
        tracker(address, name, now)
    purge(settings, store, trackers, now + PREVIEW_SECONDS - 60)
    assert senders(address) == {"preview-a", "preview_b"}
    purge(settings, store, trackers, now + PREVIEW_SECONDS + 60)
    assert senders(address) == {"preview_b"}
    assert store.load("preview-a") is None
    assert store.load("preview_b") is not None
    store.close()
    trackers.close()


def test_the_command(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VAR_DIR", str(settings.var_dir))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("RETENTION_DAYS", "7")
    tracker(tracker_address(settings, {}), "a", time.time() - 8 * DAY)
    assert main(["purge"]) == 0
    assert "1 conversations forgotten (older than 7 days)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("database", "given", "expected"),
    [
        ("sqlite:///x", {}, "rasa.sqlite"),
        ("postgresql://u@h/d", {}, "postgresql://u@h/d"),
        ("postgresql://u@h/d", {"TRACKER_DATABASE_URL": "sqlite:///y"}, "sqlite:///y"),
    ],
)
def test_where_rasa_remembers(
    settings: Settings, database: str, given: dict[str, str], expected: str
) -> None:
    assert tracker_address(replace(settings, database_url=database), given).endswith(expected)
