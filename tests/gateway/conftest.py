"""A gateway with a scripted engine behind its real transport seam, and a real SQLite store."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from bot.answers import load_library
from bot.compose import Composer, Voice
from bot.danger import LearnedLimits
from bot.gateway.app import create_app
from bot.gateway.dialogue import Dialogue
from bot.gateway.engine import Engine
from bot.gateway.limits import Limits
from bot.gateway.record.origins import Origins
from bot.gateway.record.recorder import Recorder
from bot.gateway.record.settings import RecordSettings
from bot.gateway.service import Service
from bot.gateway.tokens import Tokens
from bot.gateway.web.assets import Assets
from bot.gateway.web.pages import Pages
from bot.hospital import load_hospital
from bot.live import LiveContent
from bot.other_languages import load_other_languages
from bot.reply import Message, SafetyCatalogue
from bot.settings import ROOT, Settings, load_settings
from bot.store import Feedback, Figures, Inbox, Store
from bot.store.content import ContentStore
from bot.store.database import open_database
from bot.store.trackers import Trackers
from bot.triage import Triage
from bot.urgency import Signals
from tests.conftest import DATA

LIMITS = LearnedLimits(danger=0.35, emergency=0.6, crisis=0.5)
CALM = {"routine": 0.97, "urgent": 0.01, "crisis": 0.01, "emergency": 0.01}


@dataclass
class ScriptedRasa:
    """Answers like Rasa's REST channel; `fail` makes it fail in a named way."""

    composer: Composer
    topic: str = "eeg"
    levels: dict[str, float] = field(default_factory=lambda: dict(CALM))
    fail: str = ""
    check: dict[str, Any] = field(default_factory=dict)
    intents: tuple[tuple[str, float], ...] = (("eeg", 0.9), ("signs", 0.05))
    seen: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/":
            return httpx.Response(404 if self.fail == "refused" else 200)
        body = json.loads(request.content)
        self.seen.append(body)
        if self.fail == "timeout":
            raise httpx.ReadTimeout("slow", request=request)
        if self.fail == "refused":
            raise httpx.ConnectError("refused", request=request)
        if self.fail == "empty":
            return httpx.Response(200, json=[])
        if self.fail == "error":
            return httpx.Response(500, text="Traceback ...")
        if self.fail == "garbage":
            return httpx.Response(200, json=[{"custom": {"messages": 7}}])
        voice = Voice(body["metadata"]["lang"], body["metadata"]["channel"])
        said = self.messages(body["sender"], body["message"], voice)
        custom = {
            "messages": [asdict(message) for message in said],
            "level": {"levels": self.levels, "kinds": {}},
            "explain": {"intents": [{"name": n, "confidence": c} for n, c in self.intents]},
            **self.check,
        }
        return httpx.Response(200, json=[{"recipient_id": body["sender"], "custom": custom}])

    def messages(self, _sender: str, _text: str, voice: Voice) -> list[Message]:
        """What the action says."""
        return [self.composer.answer(self.topic, voice)]


@pytest.fixture
def rasa(composer: Composer) -> ScriptedRasa:
    return ScriptedRasa(composer)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at the newest revision; a copy is quicker than the steps that lead there."""
    path = tmp_path_factory.mktemp("database") / "bot.sqlite"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def settings(tmp_path: Path, empty_database: Path) -> Settings:
    shutil.copyfile(empty_database, tmp_path / "bot.sqlite")
    return load_settings({"VAR_DIR": str(tmp_path), "ACTIONS_PORT": "1"})


class WatchedTrackers(Trackers):
    """Rasa's database, which tells what it was asked to forget; `fail` breaks it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, {})
        self.forgotten: list[str] = []
        self.fail = False

    def delete(self, conversation_id: str) -> None:
        if self.fail:
            raise OperationalError("delete", None, Exception("locked"))
        super().delete(conversation_id)
        self.forgotten.append(conversation_id)


def mask_capitals(text: str) -> str:
    """Stands for the masker, whose model takes seconds to load."""
    return re.sub(r"\b[A-Z][a-z]+", "[name]", text)


def make_service(
    settings: Settings, rasa: ScriptedRasa, triage: Triage, safety: SafetyCatalogue
) -> Service:
    """A whole service around the scripted engine."""
    library = load_library(DATA)
    hospital = load_hospital(DATA / "hospital.yml", library.page.text)
    engine = Engine(["http://rasa"], 1.0, httpx.MockTransport(rasa))
    store = Store(settings.database_url)
    tokens = Tokens(settings.secrets, settings.token_days)
    recorder = Recorder(
        Figures(store.engine),
        Feedback(store.engine),
        Inbox(store.engine),
        tokens,
        Origins(settings.secret_key),
        RecordSettings(keep=True, days=30, share=0.0, margin=0.1),
        LIMITS,
        lambda: mask_capitals,
    )
    dialogue = Dialogue(
        triage=triage,
        safety=safety,
        limits=LIMITS,
        signals=Signals.load(DATA / "safety" / "signals.yml"),
        engine=engine,
        store=store,
        tokens=tokens,
        encoder=None,
        max_text=settings.max_text,
        others=load_other_languages(DATA / "safety" / "other_languages.yml", safety, hospital),
        note=recorder.note,
    )
    content = ContentStore(store.engine)
    live = LiveContent(settings, content)
    feedback = Feedback(store.engine)
    # The released widget, whatever this tree has built.
    assets = Assets(settings.var_dir, ROOT / "widget" / "release")
    trackers = WatchedTrackers(settings)
    return Service(
        settings,
        dialogue,
        engine,
        store,
        tokens,
        "operator-key",
        feedback,
        trackers,
        Pages(settings, live),
        assets,
        content,
        live,
        Limits(settings),
        recorder=recorder,
    )


@pytest.fixture
def service(
    settings: Settings, rasa: ScriptedRasa, triage: Triage, safety: SafetyCatalogue
) -> Service:
    return make_service(settings, rasa, triage, safety)


@pytest.fixture
def trackers(service: Service) -> WatchedTrackers:
    assert isinstance(service.trackers, WatchedTrackers)
    return service.trackers


@pytest.fixture
def client(settings: Settings, service: Service) -> Iterator[TestClient]:
    with TestClient(create_app(settings, service), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def say(client: TestClient) -> Callable[..., dict[str, Any]]:
    def post(text: str, conversation: str | None = None, **body: Any) -> dict[str, Any]:
        sent = {"conversation": conversation, "text": text, **body}
        response = client.post("/api/messages", json=sent)
        assert response.status_code == 200, response.text
        reply: dict[str, Any] = response.json()
        return reply

    return post
