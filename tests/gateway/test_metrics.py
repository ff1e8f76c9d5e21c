"""Figures for Prometheus: what is counted, and that no label tells of a family."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY, generate_latest
from sqlalchemy.exc import OperationalError

from bot.content import Review
from bot.gateway.metrics import Exposition, Stock
from bot.gateway.tend import AGAIN_SECONDS, PURGE_SECONDS, Tending
from bot.settings import Settings
from bot.store.database import open_database
from bot.store.sms_outbox import Outbox
from tests.gateway.conftest import ScriptedRasa
from tools.services import free_ports

Say = Callable[..., dict[str, Any]]
LONG_AGO = dt.date(2020, 1, 1)


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_answers_are_counted_by_what_they_are(say: Say) -> None:
    question = {"channel": "web", "lang": "en", "urgency": "routine", "kind": "answer"}
    danger = {**question, "urgency": "emergency", "kind": "safety"}
    before = [value("iess_messages_total", **labels) for labels in (question, danger)]
    steps = value("iess_step_seconds_count", step="triage")
    token = say("What is an EEG? My number is 312-555-0199, Maria Lopez")["conversation"]
    say("she is not breathing")
    after = [value("iess_messages_total", **labels) for labels in (question, danger)]
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1]
    assert value("iess_step_seconds_count", step="triage") - steps == 2
    told = generate_latest().decode()
    for word in ("Maria", "0199", "EEG", token):
        assert word not in told


@pytest.mark.parametrize(("fail", "reason"), [("timeout", "timeout"), ("empty", "failed")])
def test_a_failed_engine_is_counted(say: Say, rasa: ScriptedRasa, fail: str, reason: str) -> None:
    before = value("iess_engine_failures_total", reason=reason)
    rasa.fail = fail
    say("What is an EEG?")
    assert value("iess_engine_failures_total", reason=reason) - before == 1


def test_refusals_are_counted(client: Any) -> None:
    before = value("iess_refusals_total", code="invalid")
    client.post("/api/messages", content=b"{")
    assert value("iess_refusals_total", code="invalid") - before == 1


@pytest.fixture
def outbox(settings: Settings) -> Iterator[Outbox]:
    engine = open_database(settings.database_url)
    yield Outbox(engine)
    engine.dispose()


def reviews() -> dict[str, tuple[Review, ...]]:
    late = Review("approved", "Dr. A", LONG_AGO, LONG_AGO)
    return {"answers": (Review(), Review(), late, Review("approved", "Dr. A", LONG_AGO))}


def test_exposition_on_a_port_of_its_own(settings: Settings, outbox: Outbox) -> None:
    port = free_ports(1)[0]
    changed = replace(settings, operating=replace(settings.operating, metrics_port=port))
    exposition = Exposition(changed, Stock(outbox, reviews))
    try:
        told = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=10, trust_env=False).text
    finally:
        exposition.close()
    assert 'iess_texts_unsigned{content="answers"} 2.0' in told
    assert 'iess_texts_expired{content="answers"} 1.0' in told
    assert 'iess_outbox_messages{state="dead"} 0.0' in told
    assert "iess_texts_unsigned" not in generate_latest().decode()


def test_off_by_default_and_a_taken_port_stops_nothing(
    settings: Settings, outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    stock = Stock(outbox, dict)
    Exposition(settings, stock).close()
    port = free_ports(1)[0]
    changed = replace(settings, operating=replace(settings.operating, metrics_port=port))
    first, second = Exposition(changed, stock), Exposition(changed, stock)
    second.close()
    first.close()
    assert "no /metrics" in caplog.text


def test_a_gone_database_costs_its_own_figures_only(
    settings: Settings, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(outbox, "counts", gone)
    assert [m.name for m in Stock(outbox, dict).collect()] == [
        "iess_texts_unsigned",
        "iess_texts_expired",
    ]


async def tended(missing: list[str], purge: Callable[[], int]) -> float:
    async def parts() -> list[str]:
        return missing

    tending = Tending(parts, purge)
    await tending.look()
    return await tending.forget()


def test_tending_tells_which_parts_answer() -> None:
    assert asyncio.run(tended(["rasa"], lambda: 3)) == PURGE_SECONDS
    assert (value("iess_part_up", part="rasa"), value("iess_part_up", part="actions")) == (0, 1)
    assert value("iess_purged_timestamp_seconds") > 0


def test_a_failed_purge_is_tried_again_soon() -> None:
    def gone() -> int:
        raise OperationalError("delete", {}, Exception("gone"))

    assert asyncio.run(tended([], gone)) == AGAIN_SECONDS
