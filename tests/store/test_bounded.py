"""A PostgreSQL server that is stopped, and one that comes back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from bot.store import Conversation, Store, bounded
from bot.store.bounded import Breaker, Silent
from tools.postgres import Postgres


@pytest.fixture
def server() -> Iterator[Postgres]:
    with Postgres() as running:
        yield running


def test_while_the_server_is_silent_one_question_at_a_time_is_put() -> None:
    now = 100.0
    breaker = Breaker(lambda: now)
    breaker.check()
    breaker.failed()
    with pytest.raises(Silent):
        breaker.check()
    now += bounded.SECONDS
    breaker.check()
    with pytest.raises(Silent):
        breaker.check()
    breaker.works()
    breaker.check()


def test_a_stopped_server_is_an_error_and_heals(
    server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "SECONDS", 0.5)
    store = Store(server.create("stopped"))
    store.save(Conversation("a", "emergency"))
    for pid in server.pids():
        os.kill(pid, signal.SIGSTOP)
    try:
        for _ in range(3):
            with pytest.raises(OperationalError):
                store.load("a")
    finally:
        for pid in server.pids():
            os.kill(pid, signal.SIGCONT)

    # Whoever asks next after the pause finds out that it is back.
    for _ in range(200):
        try:
            kept = store.load("a")
            break
        except OperationalError:
            time.sleep(0.05)
    assert kept is not None
    assert kept.urgency == "emergency"
    store.close()


def test_a_killed_server_is_an_error_and_its_data_are_back_after_a_restart(
    server: Postgres,
) -> None:
    store = Store(server.create("killed"))
    store.save(Conversation("a", "emergency"))
    server.kill()
    with pytest.raises(OperationalError):
        store.load("a")
    server.start()
    kept = store.load("a")
    assert kept is not None
    assert kept.urgency == "emergency"
    store.close()


def test_an_error_quotes_no_value(server: Postgres) -> None:
    store = Store(server.create("quotes"))
    with store.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE conversations"))
    with pytest.raises(sa.exc.ProgrammingError) as caught:
        store.load("a-secret-id")
    assert "a-secret-id" not in str(caught.value)
    store.close()
