"""Replies that go by the REST API, whatever the carrier does."""

from __future__ import annotations

import pytest

from bot.store.sms_outbox import OPEN
from tests.gateway.conftest import ScriptedRasa
from tests.gateway.sms.conftest import MOTHER, Phone, wait_for
from tools.fake_twilio import HOSPITAL

LATE = pytest.mark.parametrize("environ", [{"SMS_WEBHOOK_SECONDS": "0.1"}])
URGENT = "my baby has clusters of head drops every time he wakes up"


@pytest.fixture(autouse=True)
def one_message(rasa: ScriptedRasa) -> None:
    """The answer is one message: no urgent line stands under this topic."""
    rasa.topic = "rehab"


@pytest.fixture
def late(phone: Phone, fast: None) -> Phone:
    """A phone whose replies are too late for the webhook, and who was greeted."""
    phone.write("What is an EEG?")
    phone.got(2)
    wait_for(lambda: not phone.sms.outbox.find(*OPEN))
    phone.fake.sent.clear()
    phone.fake.requests.clear()
    phone.delay = 0.4
    return phone


@LATE
@pytest.mark.parametrize("failures", [["429", "429"], ["401"], ["500"], ["503", "429", "500"]])
def test_what_was_not_taken_is_sent_again(late: Phone, failures: list[str]) -> None:
    late.fake.behave.extend(failures)
    assert late.write("What is an EEG?") == []
    assert len(late.got(1)) == 1
    wait_for(lambda: not late.sms.outbox.find(*OPEN))
    assert len(late.fake.to(MOTHER)) == 1


@LATE
def test_what_may_have_been_taken_is_looked_up_before_it_is_sent_again(late: Phone) -> None:
    late.fake.behave.extend(["500 taken"])
    late.write("What is an EEG?")
    late.got(1)
    wait_for(lambda: not late.sms.outbox.find(*OPEN))
    assert len(late.fake.to(MOTHER)) == 1
    asked = [query for method, _, query in late.fake.requests if method == "GET"]
    assert asked[0]["To"] == MOTHER
    assert asked[0]["From"] == HOSPITAL


@LATE
def test_two_like_answers_are_told_apart(late: Phone) -> None:
    late.write("What is an EEG?")
    late.got(1)
    late.fake.behave.append("500")
    late.write("What is an EEG?")
    assert len(late.got(2)) == 2


@LATE
def test_the_opt_out_that_the_carrier_knows_is_ours(late: Phone) -> None:
    late.fake.behave.append("21610")
    late.write("What is an EEG?")
    wait_for(lambda: late.sms.families.opted_out(late.conversation))
    wait_for(lambda: late.sms.outbox.find("blocked"))
    assert late.fake.to(MOTHER) == []


@LATE
def test_what_will_never_be_taken_goes_to_staff_and_the_next_one_goes_on(late: Phone) -> None:
    late.fake.behave.append("21211")
    late.write("What is an EEG?")
    wait_for(lambda: late.sms.outbox.find("dead"))
    assert late.sms.outbox.find("dead")[0].error == "21211"
    late.write("What is an EEG?")
    late.got(1)


@LATE
def test_a_family_that_opts_out_meanwhile_gets_nothing_more(late: Phone) -> None:
    late.fake.behave.extend(["429"] * 5)
    late.write("What is an EEG?")
    wait_for(lambda: len(late.fake.requests) > 1)
    late.write("STOP")
    wait_for(lambda: late.sms.outbox.find("blocked"))
    assert [text[:11] for text in late.got(1)] == ["This number"]


@LATE
def test_where_the_carrier_never_answers_safety_goes_again_and_others_to_staff(
    late: Phone,
) -> None:
    late.fake.lists = "503"
    late.fake.behave.extend(["500 taken"])
    late.write(URGENT)
    wait_for(lambda: late.sms.families.counter("sent again unasked") == 1)
    assert len(late.got(2)) == 2
    late.fake.behave.extend(["500 taken"])
    late.write("What is surgery?")
    wait_for(lambda: late.sms.families.counter("left to staff unasked") == 1)


def test_a_reply_that_the_webhook_lost_is_sent(phone: Phone, fast: None) -> None:
    status, given = phone.fake.text(MOTHER, "What is an EEG?")
    assert status == 200
    assert given
    # As if the answer to the webhook had never arrived.
    phone.fake.sent.clear()
    assert phone.got(2) == [sent.body for sent in given]


def test_a_reply_that_the_webhook_gave_is_not_sent_again(phone: Phone, fast: None) -> None:
    phone.write("What is an EEG?")
    wait_for(lambda: not phone.sms.outbox.find("handed"))
    assert len(phone.fake.to(MOTHER)) == 2
    assert {row.state for row in phone.sms.outbox.find("sent", "dead")} == {"sent"}


def test_reports_settle_what_the_webhook_gave(phone: Phone) -> None:
    _, (intro, answer) = phone.fake.text(MOTHER, "What is an EEG?")
    for status in ("delivered", "sent", "queued", "delivered"):
        assert phone.fake.report(intro, status) == 204
    assert phone.fake.report(answer, "undelivered", "30003") == 204
    (sent,) = phone.sms.outbox.find("sent")
    assert (sent.carrier_status, sent.sealed) == ("delivered", None)
    (dead,) = phone.sms.outbox.find("dead")
    assert dead.error == "30003"
    # The carrier asks for nothing with these: nothing follows.
    assert [row for row in phone.fake.requests if row[0] == "POST"] == []
