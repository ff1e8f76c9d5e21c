"""The standing urgency where several gateways answer one conversation."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from bot.gateway.dialogue import Dialogue, Incoming
from bot.gateway.service import Service
from bot.reply import SafetyCatalogue
from bot.settings import Settings
from bot.store import Conversation, Store
from bot.triage import Triage
from tests.databases import database_url, postgres
from tests.gateway.conftest import ScriptedRasa, make_service

__all__ = ["database_url", "postgres"]
DANGER = "his lips are blue and he is not breathing"


@pytest.fixture
def gateways(
    settings: Settings,
    rasa: ScriptedRasa,
    triage: Triage,
    safety: SafetyCatalogue,
    database_url: str,
) -> Iterator[list[Service]]:
    shared = replace(settings, database_url=database_url)
    services = [make_service(shared, rasa, triage, safety) for _ in range(2)]
    yield services
    for service in services:
        service.store.close()


def at_once(*calls: Callable[[], object]) -> None:
    """Run calls in threads that start together."""
    barrier = threading.Barrier(len(calls))
    errors: list[Exception] = []

    def run(call: Callable[[], object]) -> None:
        barrier.wait()
        try:
            call()
        except Exception as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors


def test_no_change_of_another_process_is_lost(database_url: str) -> None:
    stores = [Store(database_url) for _ in range(4)]

    def one_more(now: Conversation | None) -> Conversation:
        # A lost change would be a lost letter.
        return replace(now, kind=now.kind + "x") if now else Conversation("c", kind="x")

    def add(store: Store) -> None:
        for _ in range(7):
            store.change("c", one_more)

    at_once(*(lambda store=store: add(store) for store in stores))
    kept = stores[0].load("c")
    assert kept is not None
    assert len(kept.kind) == 28
    for store in stores:
        store.close()


def test_an_emergency_outlives_calm_messages_at_another_gateway(
    gateways: list[Service],
) -> None:
    one, other = gateways
    for number in range(10):
        token = f"conversation-{number}"

        def tell(service: Service, text: str, token: str = token) -> None:
            dialogue: Dialogue = service.dialogue
            asyncio.run(dialogue.respond(Incoming(token, text, "sms", own_id=True)))

        at_once(lambda: tell(one, "What is an EEG?"), lambda: tell(other, DANGER))
        kept = one.store.load(token)
        assert kept is not None
        assert kept.urgency == "emergency"


def test_a_database_that_fails_in_between_costs_no_answer(
    gateways: list[Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = gateways

    def fail(*_: object) -> None:
        raise OperationalError("select", None, Exception("gone"))

    monkeypatch.setattr(one.store, "change", fail)
    reply = asyncio.run(one.dialogue.respond(Incoming("c", DANGER, "sms", own_id=True)))
    assert reply.urgency == "emergency"
    assert "911" in reply.messages[0].text
