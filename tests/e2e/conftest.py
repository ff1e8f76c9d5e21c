"""The real Rasa, action server and gateway, started once for all end-to-end tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from eval.accuracy import Row
from eval.messages import SETS, ask_all, load
from tools.fake_twilio import FakeTwilio
from tools.serve import Stack
from tools.sms_demo import poster

Say = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def twilio() -> Iterator[FakeTwilio]:
    with FakeTwilio(auto=True) as running:
        yield running


@pytest.fixture(scope="session")
def stack(twilio: FakeTwilio) -> Iterator[Stack]:
    limits = {"SMS_HOURLY_LIMIT": "1000", "SMS_DAILY_SEGMENTS": "1000000"}
    # A busy machine takes its time.
    with Stack({**twilio.settings(), **limits}, start_seconds=300.0) as running:
        client, twilio.post = poster(running.url)
        with client:
            yield running


@pytest.fixture(scope="session")
def rows(stack: Stack) -> dict[str, list[Row]]:
    """Every unseen message with its reply, by set; asked once for all gates."""
    found = {}
    with httpx.Client(base_url=stack.url, timeout=30, trust_env=False) as client:
        for name in SETS:
            messages = load(name)
            found[name] = list(zip(messages, ask_all(client, messages), strict=True))
    return found


@pytest.fixture
def say(stack: Stack) -> Iterator[Say]:
    with httpx.Client(base_url=stack.url, timeout=30, trust_env=False) as client:

        def post(text: str, conversation: str | None = None, **body: Any) -> dict[str, Any]:
            sent = {"conversation": conversation, "text": text, **body}
            response = client.post("/api/messages", json=sent)
            assert response.status_code == 200
            reply: dict[str, Any] = response.json()
            return reply

        yield post
