"""What Twilio's answers mean for a message, against the stateful fake."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

import httpx
import pytest

from bot.errors import CarrierBusy, CarrierError, CarrierRefused, CarrierUnknown
from bot.gateway.sms import carrier as module
from bot.gateway.sms.carrier import Carrier, Sms
from bot.gateway.sms.settings import SmsSettings
from tests.gateway.sms.conftest import MOTHER
from tools.fake_twilio import ACCOUNT, HOSPITAL, TOKEN, FakeTwilio

T = TypeVar("T")
SMS = Sms(MOTHER, HOSPITAL, "What is an EEG?")


def settings(url: str, token: str = TOKEN) -> SmsSettings:
    return SmsSettings(ACCOUNT, (token,), "https://sms.example", url, "k" * 32, 5, 30, 30, 40, 1000)


def ask(url: str, what: Callable[[Carrier], Coroutine[None, None, T]], token: str = TOKEN) -> T:
    async def run() -> T:
        carrier = Carrier(settings(url, token))
        try:
            return await what(carrier)
        finally:
            await carrier.close()

    return asyncio.run(run())


def test_a_message_is_sent_with_its_callback(fake: FakeTwilio) -> None:
    sid = ask(fake.url, lambda c: c.send(SMS, "https://sms.example/sms/status?inbound=a"))
    (sent,) = fake.sent
    assert (sent.sid, sent.to, sent.sender, sent.body) == (sid, MOTHER, HOSPITAL, SMS.text)
    assert sent.callback == "https://sms.example/sms/status?inbound=a"


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        ("429", CarrierBusy),
        ("401", CarrierBusy),
        ("500", CarrierUnknown),
        ("503", CarrierUnknown),
        ("500 taken", CarrierUnknown),
        ("silence", CarrierUnknown),
        ("21610", CarrierRefused),
        ("21211", CarrierRefused),
    ],
)
def test_what_a_failure_means(
    fake: FakeTwilio,
    monkeypatch: pytest.MonkeyPatch,
    behaviour: str,
    error: type[CarrierError],
) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.3)
    fake.silence = 1.0
    fake.behave.append(behaviour)
    with pytest.raises(error) as caught:
        ask(fake.url, lambda c: c.send(SMS, "https://sms.example"))
    assert MOTHER not in str(caught.value)
    if isinstance(caught.value, CarrierRefused):
        assert caught.value.code == behaviour


def test_nobody_there_has_taken_nothing() -> None:
    with pytest.raises(CarrierBusy):
        ask("http://127.0.0.1:1", lambda c: c.send(SMS, "https://sms.example"))


def test_a_wrong_token_may_be_mended(fake: FakeTwilio) -> None:
    with pytest.raises(CarrierBusy):
        ask(fake.url, lambda c: c.send(SMS, "https://sms.example"), token="wrong")


def test_garbage_says_nothing_about_the_message() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(201, text="<html>"))

    async def run() -> None:
        carrier = Carrier(settings("https://api.twilio.com"), transport)
        try:
            await carrier.send(SMS, "https://sms.example")
        finally:
            await carrier.close()

    with pytest.raises(CarrierUnknown):
        asyncio.run(run())


def test_a_message_is_found_by_number_text_and_time(fake: FakeTwilio) -> None:
    sid = ask(fake.url, lambda c: c.send(SMS, "https://sms.example"))
    since = fake.sent[0].created
    assert ask(fake.url, lambda c: c.find(SMS, since, ())) == sid
    assert ask(fake.url, lambda c: c.find(SMS, since, {sid})) is None
    assert ask(fake.url, lambda c: c.find(SMS, since + 120, ())) is None
    other = Sms(MOTHER, HOSPITAL, "Another text")
    assert ask(fake.url, lambda c: c.find(other, since, ())) is None
    fake.lists = "503"
    with pytest.raises(CarrierUnknown):
        ask(fake.url, lambda c: c.find(SMS, since, ()))
