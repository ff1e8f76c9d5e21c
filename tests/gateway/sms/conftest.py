"""A gateway with its SMS channel, its carrier a stateful fake on loopback."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.gateway.app import create_app
from bot.gateway.service import Service
from bot.gateway.sms import line, sender
from bot.gateway.sms.keys import Keys
from bot.gateway.sms.service import SmsService
from bot.gateway.sms.settings import load_sms_settings
from bot.gateway.sms.texts import SmsTexts, load_texts
from bot.hospital import Hospital
from bot.reply import SafetyCatalogue
from bot.settings import Settings
from tests.conftest import DATA
from tests.databases import database_url, postgres
from tests.gateway.conftest import ScriptedRasa
from tools.fake_twilio import FakeTwilio

__all__ = ["database_url", "postgres"]
MOTHER = "+13125550111"


def wait_for(what: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until something is so; the clock is only a bound on a hung test."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@dataclass
class Phone:
    """A family's phone: what it writes goes through the signed webhook.

    Attributes:
        delay: seconds that the engine takes.
    """

    fake: FakeTwilio
    sms: SmsService
    rasa: ScriptedRasa
    number: str = MOTHER
    delay: float = 0.0

    @property
    def conversation(self) -> str:
        """The id of its conversation."""
        return Keys(self.sms.settings.key).conversation(self.number)

    def write(self, body: str, sid: str | None = None, **fields: str) -> list[str]:
        """Send a message; gives the texts that the webhook's answer holds."""
        status, given = self.fake.text(self.number, body, sid, **fields)
        assert status == 200
        return [sent.body for sent in given]

    def got(self, count: int) -> list[str]:
        """All texts the phone got, once there are so many."""
        wait_for(lambda: len(self.fake.to(self.number)) >= count)
        return self.fake.to(self.number)


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with FakeTwilio() as running:
        yield running


@pytest.fixture(scope="session")
def texts(hospital: Hospital) -> SmsTexts:
    return load_texts(DATA / "safety" / "sms.yml", hospital)


@pytest.fixture
def environ() -> dict[str, str]:
    """Settings that a test changes."""
    return {}


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits in tenths of seconds, where a family's take seconds."""
    monkeypatch.setattr(line, "SETTLE", 0.4)
    monkeypatch.setattr(sender, "ASK_AFTER", 0.2)
    monkeypatch.setattr(sender, "BACKOFF", (0.1,) * 9)


@pytest.fixture
def phone(
    settings: Settings,
    service: Service,
    rasa: ScriptedRasa,
    safety: SafetyCatalogue,
    texts: SmsTexts,
    fake: FakeTwilio,
    environ: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Phone]:
    # Twelve seconds: a busy machine must not turn every reply into a late one.
    given = {"SMS_WEBHOOK_SECONDS": "12", **fake.settings(), **environ}
    sms_settings = load_sms_settings(settings, given)
    assert sms_settings
    sms = SmsService(settings, sms_settings, service.dialogue, safety, texts, service.store)
    service.sms = sms
    phone = Phone(fake, sms, rasa)
    ask = service.engine.ask

    async def slow(*arguments: Any) -> Any:
        await asyncio.sleep(phone.delay)
        return await ask(*arguments)

    monkeypatch.setattr(service.engine, "ask", slow)
    with TestClient(create_app(settings, service), raise_server_exceptions=False) as client:

        def post(path: str, body: str, headers: Mapping[str, str]) -> tuple[int, str]:
            response = client.post(path, content=body, headers=dict(headers))
            return response.status_code, response.text

        fake.post = post
        yield phone
