"""Whatever a body is, danger in it is heard, and every refusal says whom to call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from bot.gateway.edge import DRAIN_BYTES, MAX_BODY_BYTES, Edge
from bot.gateway.service import Service
from bot.settings import Settings, load_settings

DANGER = "she is not breathing"
JSON = {"Content-Type": "application/json"}


def escaped(text: str) -> bytes:
    return "".join(f"\\u{ord(c):04x}" for c in text).encode()


@pytest.mark.parametrize(
    "body",
    [
        b'{"text": "' + DANGER.encode(),
        b'{"text": "' + escaped(DANGER) + b'"',
        b'{"text": ["' + DANGER.encode() + b'"]}',
        b'{"message": "' + DANGER.encode() + b'"}',
        b'{"text": "' + DANGER.encode() + b'", "channel": "fax"}',
        b'{"text": "' + DANGER.encode() + b'", "lang": 7}',
        b'{"text": "' + DANGER.encode() + b'", "conversation": {"id": 7}}',
        b'"' + DANGER.encode() + b'"',
        DANGER.encode(),
        b"text=she+is+not+breathing&lang=en",
        "no est\xe1 respirando".encode("latin-1"),
        json.dumps({"text": [DANGER]}).encode("utf-16"),
        b"[" * 100_000 + DANGER.encode(),
        b'{"text": "' + DANGER.encode() + b" " + b"x" * 2_000_000 + b'"}',
        b'{"n": ' + b"9" * 5000 + b', "text": "' + DANGER.encode() + b'"}',
    ],
    ids=lambda body: repr(body[:40]),
)
def test_danger_in_a_broken_body_gets_its_text(client: TestClient, body: bytes) -> None:
    response = client.post("/api/messages", content=body, headers=JSON)
    assert response.status_code == 200
    assert response.json()["urgency"] == "emergency"
    assert "911" in response.json()["messages"][0]["text"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_danger_by_a_wrong_method_gets_its_text(client: TestClient, method: str) -> None:
    response = client.request(method, "/api/messages", json={"text": DANGER})
    assert (response.status_code, response.json()["urgency"]) == (200, "emergency")
    calm = client.request(method, "/api/messages", json={"text": "What is an EEG?"})
    assert (calm.status_code, calm.json()["error"]["code"]) == (405, "not_allowed")
    assert "911" in calm.json()["emergency"]
    assert calm.headers["Allow"] == "POST"


@pytest.mark.parametrize("token", ["x" * 5000, "\ud800", "é", "\u0000"])
def test_danger_with_a_token_that_is_none_is_a_new_conversation(
    client: TestClient, token: str
) -> None:
    def post(text: Any) -> Any:
        body = json.dumps({"text": text, "conversation": token})
        return client.post("/api/messages", content=body, headers=JSON)

    assert (post(DANGER).status_code, post(DANGER).json()["urgency"]) == (200, "emergency")
    assert post("What is an EEG?").json()["topic"] == "eeg"
    # The same in a body that is broken besides.
    assert post([DANGER]).json()["urgency"] == "emergency"


def test_danger_in_a_broken_body_stands_in_its_conversation(client: TestClient) -> None:
    token = client.post("/api/messages", json={"text": "hi"}).json()["conversation"]
    client.post("/api/messages", json={"text": DANGER, "conversation": token, "channel": "fax"})
    after = client.post("/api/messages", json={"text": "What is an EEG?", "conversation": token})
    assert after.json()["urgency"] == "emergency"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 1000,
        b"[" * 500_000,
        b'{"a":' * 50_000,
        b"\xff\xfe\x00",
        b"9" * 10_000,
        b'{"text": null}',
        b'{"text": "hi", "text": {"a": 1}}',
        b"x" * 10_000_000,
    ],
    ids=lambda body: f"{len(body)} {body[:8]!r}",
)
def test_other_broken_bodies_are_refused(client: TestClient, body: bytes) -> None:
    response = client.post("/api/messages", content=body, headers=JSON)
    assert 400 <= response.status_code < 500
    assert set(response.json()) == {"error", "emergency"}
    assert "911" in response.json()["emergency"]


def test_a_body_in_parts_without_a_length_is_bounded(client: TestClient) -> None:
    def parts() -> Iterator[bytes]:
        yield b'{"text": "'
        for _ in range(100):
            yield b"x" * 50_000

    response = client.post("/api/messages", content=parts(), headers=JSON)
    assert (response.status_code, response.json()["error"]["code"]) == (413, "too_long")


def test_a_fault_of_ours_is_no_stack_trace_and_danger_is_heard(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError("a family's words")

    monkeypatch.setattr(service.limits, "check", broken)
    response = client.post("/api/messages", json={"text": "What is an EEG?"})
    assert (response.status_code, response.json()["error"]["code"]) == (500, "failed")
    assert "family" not in response.text
    danger = client.post("/api/messages", json={"text": DANGER})
    assert (danger.status_code, danger.json()["urgency"]) == (200, "emergency")
    monkeypatch.setattr(service.dialogue, "danger", broken)
    worst = client.post("/api/messages", json={"text": DANGER})
    assert worst.status_code == 500
    assert "911" in worst.json()["emergency"]


def test_the_database_may_be_gone_when_a_refused_danger_is_heard(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise OperationalError("select", {}, Exception("gone"))

    for name in ("load", "save"):
        monkeypatch.setattr(service.store, name, broken)
    response = client.post("/api/messages", content=b'{"text": "' + DANGER.encode())
    assert (response.status_code, response.json()["urgency"]) == (200, "emergency")


def speak(edge: Edge, messages: list[dict[str, Any]], *, hang: bool = False) -> list[Any]:
    """What the edge sends to a caller that says this, and then nothing."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop(0)
        if hang:
            await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/other", "headers": []}
    asyncio.run(edge({**scope, "query_string": b"", "server": ("x", 1)}, receive, send))
    return sent


async def nothing(*_: object) -> None:
    raise AssertionError("the application was reached")


def part(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_that_never_ends_is_refused_in_time() -> None:
    edge = Edge(nothing, seconds=0.05, production=False)
    start, body = speak(edge, [part(b'{"text": "')], hang=True)
    assert start["status"] == 408
    assert b"911" in body["body"]
    assert (b"connection", b"close") in start["headers"]


def test_an_endless_body_is_read_only_so_far() -> None:
    edge = Edge(nothing, seconds=5, production=False)
    chunk = b"x" * MAX_BODY_BYTES
    messages = [part(chunk) for _ in range(2 * DRAIN_BYTES // MAX_BODY_BYTES)]
    start, _ = speak(edge, messages)
    assert start["status"] == 413
    assert len(messages) > 20


def test_who_leaves_is_not_answered() -> None:
    assert speak(Edge(nothing, seconds=5, production=False), [part(b"x")]) == []


def strict(headers: Mapping[str, str]) -> None:
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Permissions-Policy"]
    assert len(headers["X-Request-ID"]) == 16


def test_every_response_has_its_headers(client: TestClient) -> None:
    for response in (
        client.get("/health"),
        client.get("/nothing"),
        client.post("/api/messages", json={"text": "hi"}),
        client.post("/api/messages", content=b"{"),
    ):
        strict(response.headers)
        assert "Strict-Transport-Security" not in response.headers
    ids = {client.get("/health").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3


def test_a_caller_does_not_choose_the_request_id(client: TestClient) -> None:
    given = {"X-Request-ID": "3125550199"}
    assert client.get("/health", headers=given).headers["X-Request-ID"] != "3125550199"


def test_browsers_stay_with_https_in_production() -> None:
    edge = Edge(nothing, seconds=0.01, production=True)
    start, _ = speak(edge, [], hang=True)
    assert b"strict-transport-security" in dict(start["headers"])


@pytest.mark.parametrize(
    ("environment", "value", "public"),
    [
        ("development", "", True),
        ("development", "off", False),
        ("production", "", False),
        ("production", "on", True),
    ],
)
def test_the_description_is_not_public_in_production(
    settings: Settings, environment: str, value: str, public: bool
) -> None:
    environ = {"VAR_DIR": str(settings.var_dir), "ENVIRONMENT": environment, "OPENAPI": value}
    loaded = load_settings({**environ, "SECRET_KEY": "k" * 40})
    assert loaded.operating.openapi is public
