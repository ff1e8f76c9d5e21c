"""Which content and model made a reply stands in its headers, and not in the contract."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.content import content_version
from bot.gateway.service import Service
from tests.conftest import DATA
from tests.gateway.conftest import ScriptedRasa


def post(client: TestClient, text: str, **headers: str) -> Any:
    return client.post("/api/messages", json={"text": text}, headers=headers)


def test_every_reply_names_its_content(client: TestClient, rasa: ScriptedRasa) -> None:
    for text in ("What is an EEG?", "he is not breathing", ""):
        headers = post(client, text).headers
        assert headers["X-Content-Version"] == content_version(DATA)
        assert "X-Model-Version" not in headers
    assert len(rasa.seen) == 1


def test_the_engine_tells_its_own(
    client: TestClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = service.engine.ask

    async def newer(*arguments: object) -> object:
        from dataclasses import replace

        answer = await ask(*arguments)  # type: ignore[arg-type]
        return replace(answer, model="m2", explain={"content": "c2"})

    monkeypatch.setattr(service.engine, "ask", newer)
    response = post(client, "What is an EEG?")
    assert response.headers["X-Model-Version"] == "m2"
    assert response.headers["X-Content-Version"] == "c2"
    assert "m2" not in response.text
    key = {"X-Operator-Key": service.operator_key}
    told = client.post("/api/operator/messages", json={"text": "What is an EEG?"}, headers=key)
    assert (told.json()["explain"]["model"], told.json()["explain"]["content"]) == ("m2", "c2")


def test_an_idempotency_key_reaches_the_engine(client: TestClient, rasa: ScriptedRasa) -> None:
    post(client, "What is an EEG?", **{"Idempotency-Key": "k1"})
    post(client, "What is an EEG?")
    first, second = (body["id"] for body in rasa.seen)
    assert first == "k1"
    assert len(second) == 32
    assert post(client, "What is an EEG?", **{"Idempotency-Key": "k" * 200}).status_code == 422


def test_the_version_of_the_content_changes_with_any_file(tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy)
    assert content_version(copy) == content_version(DATA)
    with (copy / "answers" / "eeg.yml").open("a") as file:
        file.write("# seen\n")
    assert content_version(copy) != content_version(DATA)
