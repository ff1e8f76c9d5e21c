"""Traces show the steps of a message, go on in the action server, and hold no words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanContext

from bot import tracing
from tests.gateway.conftest import ScriptedRasa

SECRET = "Maria Lopez has an EEG at 312-555-0199"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    # The web framework looks here for whether to tell its own.
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    yield exporter
    provider.shutdown()


def own(context: SpanContext | None) -> int:
    assert context is not None
    return context.span_id


def test_the_steps_of_a_message(
    client: TestClient, rasa: ScriptedRasa, spans: InMemorySpanExporter
) -> None:
    client.post("/api/messages", json={"text": SECRET})
    parent = rasa.seen[0]["metadata"][tracing.PARENT]
    tracing.passed("action", 1, parent)
    found = {span.name: span for span in spans.get_finished_spans()}
    assert set(found) == {"message", "triage", "engine", "action"}
    whole = found["message"]
    assert own(found["triage"].parent) == own(found["engine"].parent) == own(whole.context)
    assert own(found["action"].parent) == own(found["engine"].context)
    assert dict(whole.attributes or {}) == {"channel": "web", "urgency": "routine"}
    told = "".join(span.to_json() for span in spans.get_finished_spans())
    assert "Maria" not in told
    assert "0199" not in told


def test_a_failed_step_tells_no_words(
    client: TestClient, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr("bot.gateway.dialogue.rise_or_fall", broken)
    assert client.post("/api/messages", json={"text": SECRET}).status_code == 500
    told = "".join(span.to_json() for span in spans.get_finished_spans())
    assert "message" in told
    assert "Maria" not in told


def test_nothing_travels_while_traces_are_off(client: TestClient, rasa: ScriptedRasa) -> None:
    client.post("/api/messages", json={"text": "hi"})
    assert tracing.PARENT not in rasa.seen[0]["metadata"]
    tracing.set_up("gateway", "")
    assert tracing.parent() is None
