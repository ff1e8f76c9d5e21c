"""Limits of a conversation, an address and all families; danger is answered over any of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.gateway.app import create_app
from bot.gateway.limits import Limited, Limits
from bot.reply import SafetyCatalogue
from bot.settings import Settings
from bot.triage import Triage
from tests.gateway.conftest import ScriptedRasa, make_service

DANGER = "his lips are blue and he is not breathing"
QUESTION = {"text": "What is an EEG?"}


def limited(settings: Settings, **rates: Any) -> Settings:
    loose = {"limit_conversation": "90/hour", "limit_address": "90/hour"}
    operating = replace(settings.operating, **{"limit_overall": "90/hour", **loose, **rates})
    return replace(settings, operating=operating)


@pytest.fixture
def tight(
    settings: Settings, rasa: ScriptedRasa, triage: Triage, safety: SafetyCatalogue
) -> Iterator[TestClient]:
    """A gateway where a conversation may say one thing an hour."""
    settings = limited(settings, limit_conversation="1/hour")
    service = make_service(settings, rasa, triage, safety)
    with TestClient(create_app(settings, service), client=("203.0.113.7", 1)) as client:
        yield client


def test_a_conversation_over_its_limit_is_told_how_long_to_wait(tight: TestClient) -> None:
    token = tight.post("/api/messages", json=QUESTION).json()["conversation"]
    said = {**QUESTION, "conversation": token}
    assert tight.post("/api/messages", json=said).status_code == 200
    response = tight.post("/api/messages", json=said)
    assert response.status_code == 429
    assert 3500 < int(response.headers["Retry-After"]) <= 3601
    assert response.json()["error"]["code"] == "limited"
    assert "911" in response.json()["emergency"]
    # Who begins anew is another conversation.
    assert tight.post("/api/messages", json=QUESTION).status_code == 200


def test_danger_over_the_limit_gets_its_text_in_its_conversation(tight: TestClient) -> None:
    token = tight.post("/api/messages", json=QUESTION).json()["conversation"]
    for _ in range(2):
        tight.post("/api/messages", json={**QUESTION, "conversation": token})
    response = tight.post("/api/messages", json={"text": DANGER, "conversation": token})
    assert response.status_code == 200
    assert response.json()["urgency"] == "emergency"
    assert [m["kind"] for m in response.json()["messages"]] == ["safety"]
    # It stands, as any other: the next refusal does not take it back.
    again = tight.post("/api/messages", json={"text": DANGER, "conversation": token})
    assert again.json()["urgency"] == "emergency"


def run(limits: Limits, *calls: tuple[str | None, str]) -> list[str]:
    async def all_of_them() -> list[str]:
        said = []
        for conversation, address in calls:
            try:
                await limits.check(conversation, address)
                said.append("ok")
            except Limited:
                said.append("limited")
        return said

    return asyncio.run(all_of_them())


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("unix", "unix", True),
    ],
)
def test_what_counts_as_one_address(
    settings: Settings, first: str, second: str, same: bool
) -> None:
    limits = Limits(limited(settings, limit_address="1/hour"))
    assert run(limits, (None, first), (None, second)) == ["ok", "limited" if same else "ok"]


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("environment", ["development", "production"])
def test_this_machine_is_exempt_outside_production(
    settings: Settings, address: str, environment: str
) -> None:
    strict = limited(settings, limit_overall="1/hour")
    limits = Limits(replace(strict, environment=environment))
    expected = "limited" if environment == "production" else "ok"
    assert run(limits, (None, address), (None, address)) == ["ok", expected]


def test_what_one_limit_refuses_does_not_use_up_the_next(settings: Settings) -> None:
    limits = Limits(limited(settings, limit_conversation="1/hour", limit_overall="2/hour"))
    first = ("a", "203.0.113.7")
    assert run(limits, first, first, first, ("b", "203.0.113.8"), ("c", "203.0.113.9")) == [
        "ok", "limited", "limited", "ok", "limited"
    ]  # fmt: skip


def test_without_redis_each_gateway_counts_for_itself(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    # Nobody listens on port 1.
    gone = limited(settings, limit_overall="1/hour", redis_url="redis://:secret@127.0.0.1:1/0")
    calls = ((None, "203.0.113.7"), (None, "203.0.113.7"))
    assert run(Limits(gone), *calls) == ["ok", "limited"]
    assert caplog.text.count("Redis failed") == 1
    assert "secret" not in caplog.text
