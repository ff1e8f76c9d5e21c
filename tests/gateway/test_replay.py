"""A replay names the replies that a draft changes, and leaves no conversation behind."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from bot.compose import Composer, Voice
from bot.gateway.engine import Engine
from bot.gateway.replay import Asked, Replayer, read_messages
from bot.gateway.service import Service
from bot.live import load_content, with_draft
from bot.overlay import base_body, parse
from bot.retrieval import Retriever
from bot.settings import Settings
from bot.store.content import Text
from bot.store.content_tables import Version
from bot.store.replays import Replays
from tests.bot.test_live import ANNA, edited, say
from tests.conftest import DATA, WordEncoder

NEW = "The EEG is the main test for IESS."
MESSAGES = [
    Asked("a", "what is an eeg", "en", "web"),
    Asked("b", "does it hurt", "en", "web"),
    Asked("c", "what is an eeg", "en", "sms"),
    Asked("d", "my baby is choking", "en", "web"),
]


class Drafting:
    """An engine that answers from the draft that the metadata names."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self.service, self.settings = service, settings
        self.senders: list[str] = []
        self.fail = False
        self.kept = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.senders.append(body["sender"])
        self.kept |= not body.get("probe")
        if self.fail:
            return httpx.Response(500)
        metadata = body["metadata"]
        version = self.service.content.get(int(metadata.get("draft", 0)))
        content = self.service.live.content
        if version:
            content = load_content(self.settings, with_draft(self.service.content, version))
        composer = Composer(
            content.library,
            Retriever(content.page, WordEncoder()),
            content.hospital,
            content.safety,
            content.phrases.texts,
            signed_only=False,
        )
        topic = "eeg" if "eeg" in body["message"] else "pain"
        message = composer.answer(topic, Voice(metadata["lang"], metadata["channel"]))
        custom: dict[str, Any] = {"messages": [asdict(message)], "level": {}, "explain": {}}
        return httpx.Response(200, json=[{"custom": custom}])


@pytest.fixture
def engine(service: Service, settings: Settings) -> Drafting:
    return Drafting(service, settings)


@pytest.fixture
def replayer(service: Service, settings: Settings, engine: Drafting) -> Replayer:
    return Replayer(
        settings,
        service.content,
        service.live,
        Replays(service.store.engine),
        service.dialogue,
        lambda: Engine(["http://rasa"], 1.0, httpx.MockTransport(engine)),
        MESSAGES,
    )


def drafted(service: Service, kind: str, key: str, body: str) -> Version:
    return service.content.begin(kind, key, Text(body, ("en",)), ANNA, base=None)


def test_it_names_the_replies_that_change(
    service: Service, replayer: Replayer, engine: Drafting
) -> None:
    version = drafted(service, "answer", "eeg", edited("eeg", say(NEW)))
    assert replayer.replays.begin(version, len(MESSAGES))
    replayer.run(version)
    replay = replayer.replays.get(version.id)
    assert replay is not None
    assert (replay.state, replay.done, replay.total, replay.revision) == ("done", 4, 4, 1)
    assert [change["id"] for change in replay.changes] == ["a"]
    assert NEW in replay.changes[0]["after"]
    assert NEW not in replay.changes[0]["before"]
    assert len(engine.senders) == len(set(engine.senders)) == 8
    assert not engine.kept


def test_it_names_the_dangers_that_are_answered_otherwise(
    service: Service, replayer: Replayer
) -> None:
    raw = parse(base_body(DATA, "safety", "emergency.choking"), "")
    raw["web"]["en"] = raw["web"]["en"].replace("[Call 911]", "[Call 911 at once]", 1)
    version = drafted(service, "safety", "emergency.choking", yaml.safe_dump(raw))
    replayer.replays.begin(version, len(MESSAGES))
    replayer.run(version)
    replay = replayer.replays.get(version.id)
    assert replay is not None
    assert [change["id"] for change in replay.changes] == ["d"]
    assert "[Call 911 at once]" in replay.changes[0]["after"]


def test_an_engine_that_fails_ends_it(
    service: Service, replayer: Replayer, engine: Drafting
) -> None:
    engine.fail = True
    version = drafted(service, "answer", "eeg", edited("eeg", say(NEW)))
    replayer.replays.begin(version, len(MESSAGES))
    replayer.run(version)
    replay = replayer.replays.get(version.id)
    assert replay is not None
    assert replay.state == "failed"


def test_two_do_not_run_at_once(service: Service, replayer: Replayer) -> None:
    version = drafted(service, "answer", "eeg", edited("eeg", say(NEW)))
    assert replayer.replays.begin(version, 4)
    assert not replayer.replays.begin(version, 4)
    assert not replayer.start(version)
    replayer.replays.step(version.id, 4, [], "done")
    assert replayer.replays.begin(version, 4)


def test_the_messages_are_those_of_the_evaluation() -> None:
    found = read_messages()
    assert len(found) == 2 * 364
    assert {asked.channel for asked in found} == {"web", "sms"}
    # A message that mixes two languages is answered in one of them.
    assert {asked.lang for asked in found} == {"en", "es"}
    assert read_messages(Path("nothing.jsonl")) == []
