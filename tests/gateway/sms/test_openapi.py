"""The shape of our requests, checked by a mock server made from Twilio's own description."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from bot.errors import CarrierRefused
from bot.gateway.sms.carrier import Carrier, Sms
from bot.gateway.sms.settings import SmsSettings
from tools.fake_twilio import ACCOUNT, TOKEN
from tools.prism import Prism

SMS = Sms("+13125550111", "+13125550100", "What is an EEG?")


@pytest.fixture(scope="module")
def prism() -> Iterator[Prism]:
    with Prism() as running:
        yield running


@pytest.fixture
def settings(prism: Prism) -> SmsSettings:
    return SmsSettings(
        ACCOUNT, (TOKEN,), "https://sms.example", prism.url, "k" * 32, 5, 30, 30, 40, 1000
    )


def test_sending_is_as_described(settings: SmsSettings) -> None:
    async def send() -> str:
        carrier = Carrier(settings)
        try:
            return await carrier.send(SMS, "https://sms.example/sms/status?inbound=SM1&position=0")
        finally:
            await carrier.close()

    assert asyncio.run(send()).startswith("SM")


def test_looking_up_is_as_described(settings: SmsSettings) -> None:
    async def find() -> str | None:
        carrier = Carrier(settings)
        try:
            return await carrier.find(SMS, 0.0, ())
        finally:
            await carrier.close()

    assert asyncio.run(find()) is None


def test_what_is_not_as_described_is_refused(settings: SmsSettings, prism: Prism) -> None:
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    answer = httpx.post(prism.url + path, data={"Body": "x"}, auth=(ACCOUNT, TOKEN))
    assert answer.status_code == 422

    async def send() -> None:
        carrier = Carrier(settings)
        try:
            await carrier.send(SMS, "no address")
        finally:
            await carrier.close()

    with pytest.raises(CarrierRefused):
        asyncio.run(send())
