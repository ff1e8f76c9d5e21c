"""Who may call the webhooks: Twilio, and nobody else."""

from __future__ import annotations

import logging
import secrets
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from twilio.request_validator import RequestValidator

from tests.gateway.sms.conftest import MOTHER, Phone
from tools.fake_twilio import ACCOUNT, HOSPITAL, PUBLIC_URL, TOKEN

SECOND = "the-token-of-tomorrow"


def form(**fields: str) -> dict[str, str]:
    sid = "SM" + secrets.token_hex(16)
    return {
        "MessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": MOTHER,
        "To": HOSPITAL,
        "Body": "What is an EEG?",
        "NumMedia": "0",
        **fields,
    }


def sign(fields: dict[str, str], token: str = TOKEN, url: str = PUBLIC_URL) -> str:
    return str(RequestValidator(token).compute_signature(f"{url}/sms/inbound", fields))


def test_a_signed_webhook_is_answered_in_twiml(phone: Phone) -> None:
    status, text = phone.fake.webhook("/sms/inbound", form())
    assert status == 200
    assert text.startswith(
        '<?xml version="1.0" encoding="UTF-8"?><Response><Message statusCallback'
    )


def test_blank_fields_are_signed_too(phone: Phone) -> None:
    assert phone.fake.webhook("/sms/inbound", form(Body="", FromCity="", FromZip=""))[0] == 200


@pytest.mark.parametrize("environ", [{"TWILIO_AUTH_TOKEN_SECONDARY": SECOND}])
def test_both_tokens_hold_while_they_are_rotated(phone: Phone) -> None:
    for token, status in ((TOKEN, 200), (SECOND, 200), ("a-third", 403)):
        fields = form()
        signature = sign(fields, token)
        assert phone.fake.webhook("/sms/inbound", fields, signature)[0] == status


def test_what_is_not_signed_by_twilio_is_refused(
    phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fields = form(Body="a very private question")
    tampered = {**fields, "Body": "another"}
    other_account = form(AccountSid="AC" + "1" * 32)
    for sent, signature in (
        (fields, "nonsense"),
        (fields, " "),
        (fields, sign(fields, "")),
        (fields, sign(fields, url="http://127.0.0.1:8000")),
        (tampered, sign(fields)),
        (other_account, sign(other_account)),
        ({}, sign({})),
    ):
        status, text = phone.fake.webhook("/sms/inbound", sent, signature)
        assert status == 403
        assert "911" in text
        assert "private" not in text
    assert phone.rasa.seen == []
    assert MOTHER not in caplog.text
    assert "private" not in caplog.text
    assert "a webhook was refused" in caplog.text


def test_a_report_is_checked_likewise(phone: Phone) -> None:
    fields = {"MessageSid": "SM" + "1" * 32, "MessageStatus": "failed", "AccountSid": ACCOUNT}
    path = "/sms/status?inbound=SM1&position=0"
    assert phone.fake.webhook(path, fields)[0] == 204
    # The query is signed with the rest.
    url = PUBLIC_URL + path
    signature = str(RequestValidator(TOKEN).compute_signature(url, fields))
    assert phone.fake.webhook(path + "1", fields, signature)[0] == 403


@pytest.mark.parametrize("path", ["/sms/inbound", "/sms/status"])
def test_without_an_account_nothing_is_open(client: TestClient, path: str) -> None:
    body = urlencode(form())
    headers = {"X-Twilio-Signature": sign(form()), "Content-Type": "text/plain"}
    assert client.post(path, content=body, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "fields",
    [{"From": "12345"}, {"From": HOSPITAL}, {"From": "whatsapp:+13125550111"}, {"To": ""}],
)
def test_who_is_no_family_gets_nothing(phone: Phone, fields: dict[str, str]) -> None:
    status, text = phone.fake.webhook("/sms/inbound", form(**fields))
    assert status == 200
    assert "<Message" not in text
    assert phone.rasa.seen == []


def test_a_webhook_without_a_message_id_is_refused(phone: Phone) -> None:
    assert phone.fake.webhook("/sms/inbound", form(MessageSid=""))[0] == 400


def test_no_log_holds_a_number_or_a_text(phone: Phone, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    phone.fake.webhook("/sms/inbound", form(Body="a very private question"))
    phone.rasa.fail = "garbage"
    phone.fake.webhook("/sms/inbound", form(Body="a very private question"))
    assert MOTHER not in caplog.text
    assert "private" not in caplog.text
