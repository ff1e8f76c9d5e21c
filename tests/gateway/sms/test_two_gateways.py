"""Two gateways on one database: each message answered once, in its family's order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from bot.gateway.app import create_app
from bot.gateway.service import Service
from bot.gateway.sms import line
from bot.gateway.sms.service import SmsService
from bot.gateway.sms.settings import load_sms_settings
from bot.gateway.sms.texts import SmsTexts
from bot.reply import SafetyCatalogue
from bot.settings import Settings
from bot.store.sms_outbox import OPEN
from bot.triage import Triage
from tests.gateway.conftest import ScriptedRasa, make_service
from tests.gateway.sms.conftest import MOTHER, wait_for
from tools.fake_twilio import FakeTwilio
from tools.redis_server import RedisServer


class TwoGateways:
    """Two whole gateways; `through` says which of them gets the next webhook."""

    def __init__(self, services: list[Service], clients: list[TestClient], fake: FakeTwilio):
        self.services = services
        self.fake = fake
        self.delay = [0.0, 0.0]
        self.written: list[str] = []
        self._clients = clients
        for number, service in enumerate(services):
            self._slow(number, service)

    def _slow(self, number: int, service: Service) -> None:
        ask = service.engine.ask

        async def slow(*arguments: object) -> object:
            await asyncio.sleep(self.delay[number])
            return await ask(*arguments)  # type: ignore[arg-type]

        service.engine.ask = slow  # type: ignore[method-assign, assignment]

    def write(self, number: int, body: str) -> None:
        """A message by the gateway of this number."""
        self.fake.post = lambda path, text, headers: self._post(number, path, text, dict(headers))
        sid = f"SM{len(self.written):032x}"
        self.written.append(sid)
        status, _ = self.fake.text(MOTHER, body, sid)
        assert status == 200

    def _post(self, number: int, path: str, text: str, headers: dict[str, str]) -> tuple[int, str]:
        response = self._clients[number].post(path, content=text, headers=headers)
        return response.status_code, response.text

    def answered(self) -> list[str]:
        """The messages in the order of their replies, once each has one."""
        sms = self.services[0].sms
        assert sms
        wait_for(lambda: all(self._done(sms, sid) for sid in self.written))
        rows = sorted(sms.outbox.find(*OPEN, "sent"), key=lambda row: row.id)
        return list(dict.fromkeys(row.inbound for row in rows))

    @staticmethod
    def _done(sms: SmsService, sid: str) -> bool:
        kept = sms.inbox.load(sid)
        return kept is not None and kept.done


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    """Where the gateways share what is short-lived."""
    with RedisServer() as running:
        yield running.url


@pytest.fixture
def two(
    settings: Settings,
    redis_url: str,
    rasa: ScriptedRasa,
    triage: Triage,
    safety: SafetyCatalogue,
    texts: SmsTexts,
    database_url: str,
) -> Iterator[TwoGateways]:
    with ExitStack() as stack:
        fake = stack.enter_context(FakeTwilio())
        services, clients = [], []
        for port in (8001, 8002):
            operating = replace(settings.operating, redis_url=redis_url)
            own = replace(settings, port=port, database_url=database_url, operating=operating)
            service = make_service(own, rasa, triage, safety)
            sms = load_sms_settings(own, {**fake.settings(), "SMS_WEBHOOK_SECONDS": "0.1"})
            assert sms
            service.sms = SmsService(own, sms, service.dialogue, safety, texts, service.store)
            clients.append(stack.enter_context(TestClient(create_app(own, service))))
            services.append(service)
        yield TwoGateways(services, clients, fake)


def test_a_later_message_waits_for_the_earlier_one_at_the_other_gateway(two: TwoGateways) -> None:
    two.delay[0] = 1.5
    two.write(0, "What is an EEG?")
    two.write(1, "how is vigabatrin used?")
    two.write(1, "thanks bye")
    assert two.answered() == two.written


def test_a_danger_waits_for_nobody(two: TwoGateways) -> None:
    two.delay[0] = 3.0
    two.write(0, "What is an EEG?")
    two.write(1, "he is not breathing")
    assert two.answered() == two.written[::-1]


def test_an_earlier_message_whose_gateway_died_is_taken_over_and_answered_first(
    two: TwoGateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "LEASE", 0.5)
    dead = two.services[0].sms
    assert dead
    # It has kept the message, and never comes to answer it.
    monkeypatch.setattr(dead.line, "_start", lambda *_: None)
    two.write(0, "What is an EEG?")
    two.write(1, "how is vigabatrin used?")
    assert two.answered() == two.written


def test_a_danger_told_in_pieces_to_both_is_heard(two: TwoGateways) -> None:
    two.write(0, "his lips are")
    two.answered()
    two.write(1, "blue")
    two.answered()
    sms = two.services[0].sms
    assert sms
    kinds = [row.kind for row in sms.outbox.find(*OPEN, "sent") if row.inbound == two.written[1]]
    assert kinds[0] == "safety"
