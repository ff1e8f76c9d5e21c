"""The real gateway is killed at each step between a message and its reply's arrival."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.store.database import open_database
from bot.store.sms_families import Families
from bot.store.sms_inbox import Inbox
from bot.store.sms_outbox import OPEN, Outbox
from tests.databases import database_url, postgres
from tests.gateway.sms.conftest import wait_for
from tests.gateway.sms.gateways import Gateways
from tools.fake_twilio import FakeTwilio
from tools.services import free_ports

__all__ = ["database_url", "postgres"]
# Before a step is where the one before it has ended, so that is not killed twice.
STEPS = [
    "before receive",
    "after receive",
    "after close_webhook",
    "after finish",
    "after claim",
    "after send",
    "after taken",
    "after status",
    "before find",
    "after find",
    "after again",
]
# Each start takes a second: on PostgreSQL the steps where a transaction has just ended.
FEW = [f"after {place}" for place in ("receive", "finish", "claim", "send", "taken")]
INTRO = "Automated guide of"
URGENT = "my baby has clusters of head drops every time he wakes up"
# These come only once a message's fate is unknown.
LATER = ("find", "again")


class SlowRasa(BaseHTTPRequestHandler):
    """Takes a while and then says nothing: the reply is the help text, and comes by REST."""

    def do_POST(self) -> None:
        time.sleep(0.4)
        # Who asked may be dead by now.
        with suppress(OSError):
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def engine_port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), SlowRasa)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def gateways(
    tmp_path: Path, database_url: str, engine_port: int, fake: FakeTwilio
) -> Iterator[Gateways]:
    environ = {
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": database_url,
        "PORT": str(free_ports(1)[0]),
        "RASA_PORT": str(engine_port),
        "SECRET_KEY": "x" * 32,
        "SMS_WEBHOOK_SECONDS": "0.1",
        # How long a crash takes to mend is no matter here.
        "SMS_HELP_SECONDS": "300",
        **fake.settings(),
    }
    running = Gateways(environ, tmp_path / "gateway.log")
    fake.post = running.post
    yield running
    running.close()


def test_whatever_dies_each_reply_is_sent_once(
    fake: FakeTwilio, gateways: Gateways, database_url: str
) -> None:
    engine = open_database(database_url)
    inbox, outbox = Inbox(engine), Outbox(engine)
    numbers = {}
    for count, step in enumerate(STEPS if database_url.startswith("sqlite") else FEW):
        number, sid = f"+1312555{count:04}", f"SM{count:032}"
        numbers[step] = number
        gateways.start(step)
        # No answer and no report comes to what is sent, so the message's fate is unknown.
        fake.auto = step.split()[1] not in LATER
        if not fake.auto:
            fake.behave.append("500 taken" if "find" in step else "500")
        fake.text(number, "What is an EEG?", sid)
        assert gateways.wait_dead(), f"never came to {step}"
        fake.behave.clear()
        if inbox.load(sid) is None:
            # Dead before it was kept: Twilio asks its fallback address, which is ours again.
            gateways.start()
            assert fake.text(number, "What is an EEG?", sid)[0] == 200
            gateways.kill()
    fake.auto = True
    gateways.start()
    wait_for(lambda: all(len(fake.to(number)) >= 2 for number in numbers.values()), 60)
    wait_for(lambda: not outbox.find(*OPEN), 60)
    engine.dispose()
    for step, number in numbers.items():
        got = fake.to(number)
        assert [INTRO in text for text in got] == [True, False], f"{step}: {got}"
    assert not any(number in gateways.log.read_text() for number in numbers.values())


def test_where_the_carrier_cannot_be_asked(
    fake: FakeTwilio, gateways: Gateways, database_url: str
) -> None:
    fake.lists = "503"
    for number, text in (("+13125550001", URGENT), ("+13125550002", "What is an EEG?")):
        gateways.start("after send")
        fake.text(number, text)
        assert gateways.wait_dead()
    gateways.start()
    engine = open_database(database_url)
    outbox, families = Outbox(engine), Families(engine)
    wait_for(lambda: not outbox.find(*OPEN), 60)
    safety, other = Counter(fake.to("+13125550001")), Counter(fake.to("+13125550002"))
    assert max(safety.values()) == 2
    assert all("infantile spasms" in text for text, count in safety.items() if count == 2)
    assert max(other.values()) == 1
    assert families.counter("sent again unasked") == 1
    assert families.counter("left to staff unasked") == len(outbox.find("dead")) == 1
    engine.dispose()
