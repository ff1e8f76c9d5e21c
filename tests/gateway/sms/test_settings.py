"""Settings, keys and the command line of the channel."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.errors import ConfigError
from bot.gateway.service import Service
from bot.gateway.sms.keys import Keys, Sealed
from bot.gateway.sms.service import SmsService
from bot.gateway.sms.settings import SMS_SETTINGS, load_sms_settings
from bot.gateway.sms.texts import SmsTexts
from bot.reply import SafetyCatalogue
from bot.settings import ROOT, Settings, load_settings
from bot.store.database import open_database
from bot.store.sms_inbox import Inbox, Letter, Received
from bot.store.sms_outbox import Outbox
from tests.gateway.sms.conftest import MOTHER
from tools.fake_twilio import ACCOUNT, FakeTwilio

GOOD = {
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": "token",
    "PUBLIC_URL": "https://sms.example/",
    "SMS_KEY": "k" * 32,
}


@pytest.mark.parametrize("name", [name for name, _, _ in SMS_SETTINGS])
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_off_without_an_account(settings: Settings) -> None:
    assert load_sms_settings(settings, {}) is None


def test_good_settings(settings: Settings) -> None:
    sms = load_sms_settings(settings, {**GOOD, "TWILIO_AUTH_TOKEN_SECONDARY": "next"})
    assert sms is not None
    assert sms.tokens == ("token", "next")
    assert sms.public_url == "https://sms.example"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TWILIO_ACCOUNT_SID", "SM123"),
        ("TWILIO_AUTH_TOKEN", ""),
        ("PUBLIC_URL", ""),
        ("PUBLIC_URL", "sms.example"),
        ("SMS_KEY", "short"),
        ("SMS_WEBHOOK_SECONDS", "15"),
        ("SMS_HOURLY_LIMIT", "none"),
    ],
)
def test_a_wrong_value_is_named(settings: Settings, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load_sms_settings(settings, {**GOOD, name: value})


@pytest.mark.parametrize(("name", "value"), [("SMS_KEY", ""), ("PUBLIC_URL", "http://sms.example")])
def test_production_wants_more(settings: Settings, name: str, value: str) -> None:
    production = replace(settings, environment="production")
    assert load_sms_settings(production, GOOD)
    with pytest.raises(ConfigError, match=name):
        load_sms_settings(production, {**GOOD, name: value})


def test_production_does_not_start_on_unsigned_texts(
    settings: Settings, service: Service, safety: SafetyCatalogue, texts: SmsTexts
) -> None:
    sms = load_sms_settings(settings, GOOD)
    assert sms is not None
    production = replace(settings, environment="production")
    with pytest.raises(ConfigError, match=r"sms\.yml was never signed"):
        SmsService(production, sms, service.dialogue, safety, texts, service.store)


def test_numbers_are_hidden_by_a_key() -> None:
    keys, others = Keys("k" * 32), Keys("l" * 32)
    assert keys.conversation(MOTHER) == keys.conversation(MOTHER)
    assert keys.conversation(MOTHER) != others.conversation(MOTHER)
    assert len(keys.conversation(MOTHER)) == 64
    sealed = keys.seal({"to": MOTHER})
    assert MOTHER not in sealed
    assert keys.open(sealed) == {"to": MOTHER}
    for broken in (sealed[:-2], "", "nonsense"):
        with pytest.raises(Sealed):
            keys.open(broken)
    with pytest.raises(Sealed):
        others.open(sealed)


def test_staff_see_and_settle_what_did_not_arrive(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fake: FakeTwilio,
) -> None:
    for name, value in {**fake.settings(), **GOOD, "VAR_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    engine = open_database(load_settings().database_url)
    sealed = Keys(GOOD["SMS_KEY"]).seal({"to": MOTHER, "sender": "x", "text": "Call 911"})
    inbox, outbox = Inbox(engine), Outbox(engine)
    inbox.receive(Received("SM1", "c", 1.0, "sealed"), 1.0)
    inbox.finish("SM1", [Letter("safety", True, sealed, 1)], "", 1.0, 1.0)
    outbox.status("SM1", 0, "SM2", "undelivered", "30003")
    engine.dispose()

    def run(*arguments: str) -> str:
        assert main(["sms", *arguments]) == 0
        return capsys.readouterr().out

    assert "30003  SAFETY TEXT" in run("dead")
    assert MOTHER not in run("dead")
    assert f"to {MOTHER}: Call 911" in run("dead", "--show")
    assert "dead                     1" in run("status")
    assert "settled" in run("settle", "1")
    assert run("dead") == "none\n"
    assert main(["sms", "settle", "1"]) == 1
    assert "families forgotten" in run("purge")


def test_the_command_line_says_that_sms_is_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.delenv("TWILIO_ACCOUNT_SID", raising=False)
    assert main(["sms", "dead"]) == 1
    assert "SMS is off" in capsys.readouterr().err
