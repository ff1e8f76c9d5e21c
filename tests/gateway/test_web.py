"""The website channel: pages, the widget's files, embedding, forgetting and feedback."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.gateway.app import create_app
from bot.gateway.service import Service
from bot.gateway.web.assets import Assets
from bot.gateway.web.pages import to_html
from bot.settings import ROOT, Settings, load_settings
from bot.store import Vote
from tests.gateway.conftest import WatchedTrackers

Say = Callable[..., dict[str, Any]]
HOSPITAL = "https://www.hospital.example"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("path", ["/", "/?lang=es", "/source"])
def test_pages_have_a_strict_policy_and_ask_nobody_else(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)
    assert not re.search(r"<script(?! src)|style=| on\w+=", page.text)


def test_the_page_speaks_spanish(client: TestClient) -> None:
    page = client.get("/?lang=es").text
    assert '<html lang="es">' in page
    assert "¿Qué" in page
    assert '<iess-chat lang="es">' in page


def test_the_source_page_holds_every_line(client: TestClient, service: Service) -> None:
    shown = re.sub(r"<[^>]+>", "\n", client.get("/source").text)
    lines = {line.strip() for line in shown.splitlines()}
    text = service.live.content.page.text.replace("&", "&amp;").replace("'", "&#x27;")
    wanted = [line.strip().removeprefix("•").strip() for line in text.splitlines()]
    assert [line for line in wanted if line and line not in lines] == []


def test_curated_text_becomes_safe_html() -> None:
    html = to_html("A <b> & [call](tel:911)\n- one [x](javascript:alert(1))\n\nend")
    assert html == (
        '<p>A &lt;b&gt; &amp; <a href="tel:911">call</a></p>'
        "<ul><li>one [x](javascript:alert(1))</li></ul><p>end</p>"
    )


def test_production_shows_no_unsigned_answer(settings: Settings, service: Service) -> None:
    service.pages._settings = load_settings(
        {"VAR_DIR": str(settings.var_dir), "ENVIRONMENT": "production", "SECRET_KEY": "x" * 40}
    )
    page = service.pages.demo("en")
    assert "I cannot give you this answer right now" in page
    assert "Arch their back" not in page


@pytest.mark.parametrize("name", ["demo.css", "demo.js", "icon.svg"])
def test_static_files(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 200


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_guide_has_the_hospital_and_four_questions(client: TestClient, lang: str) -> None:
    guide = client.get(f"/api/guide?lang={lang}").json()
    assert guide["phone_link"].startswith("tel:+")
    assert len(guide["starters"]) == 4
    assert "911" in guide["help"]


def test_the_loader_is_short_lived_and_hashed_files_are_for_ever(
    client: TestClient, service: Service
) -> None:
    loader = client.get("/widget/v1.js", headers={"Accept-Encoding": "identity"})
    assert loader.headers["Cache-Control"] == "public, max-age=300"
    chat = client.get(f"/widget/{service.assets.file}")
    assert "immutable" in chat.headers["Cache-Control"]
    assert chat.headers["Access-Control-Allow-Origin"] == "*"
    assert chat.headers["Content-Encoding"] == "gzip"
    plain = client.get(f"/widget/{service.assets.file}", headers={"Accept-Encoding": "identity"})
    assert plain.content == chat.content == gzip.decompress(_packed(service))


def _packed(service: Service) -> bytes:
    asset = service.assets.find(service.assets.file)
    assert asset is not None
    return asset.packed


@pytest.mark.parametrize("name", ["manifest.json", "../app.py", "chat-0.js", "v2.js"])
def test_no_other_file_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/widget/{name}").status_code == 404


def test_files_of_earlier_builds_are_still_served(tmp_path: Path, service: Service) -> None:
    shutil.copytree(ROOT / "widget" / "release", tmp_path / "widget")
    (tmp_path / "widget" / "chat-0123456789ab.js").write_text("old", encoding="ascii")
    assets = Assets(tmp_path / "widget", tmp_path / "none")
    old = assets.find("chat-0123456789ab.js")
    assert old is not None
    assert "immutable" in old.cache
    assert assets.file == service.assets.file


def test_without_any_build_the_gateway_starts_all_the_same(tmp_path: Path) -> None:
    assert Assets(tmp_path, tmp_path).find("v1.js") is None


@pytest.fixture
def embedded(settings: Settings, service: Service) -> TestClient:
    environ = {"VAR_DIR": str(settings.var_dir), "WIDGET_ORIGINS": HOSPITAL}
    return TestClient(create_app(load_settings(environ), service))


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [(HOSPITAL, True), ("https://evil.example", False), (f"{HOSPITAL}.evil.example", False)],
)
def test_only_listed_origins_may_ask(embedded: TestClient, origin: str, allowed: bool) -> None:
    asks = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    with embedded as client:
        before = client.options("/api/messages", headers=asks)
        reply = client.post("/api/messages", json={"text": 1}, headers={"Origin": origin})
    assert (before.status_code == 200) is allowed
    for response in (before, reply):
        said = response.headers.get("Access-Control-Allow-Origin")
        assert said == (origin if allowed else None)


def test_a_cleared_conversation_is_deleted(
    client: TestClient, say: Say, service: Service, trackers: WatchedTrackers
) -> None:
    token = say("What is an EEG?")["conversation"]
    known = service.tokens.read(token)
    assert known is not None
    assert client.delete("/api/conversation", headers=bearer(token)).status_code == 204
    assert service.store.load(known) is None
    assert trackers.forgotten == [known]


def test_an_expired_token_still_deletes(client: TestClient, say: Say, service: Service) -> None:
    token = say("What is an EEG?")["conversation"]
    service.tokens._seconds = -1
    assert service.tokens.read(token) is None
    assert client.delete("/api/conversation", headers=bearer(token)).status_code == 204
    service.tokens._seconds = 60
    assert service.store.load(service.tokens.read(token) or "") is None


def test_what_could_not_be_deleted_is_told(
    client: TestClient, say: Say, trackers: WatchedTrackers
) -> None:
    token = say("What is an EEG?")["conversation"]
    trackers.fail = True
    response = client.delete("/api/conversation", headers=bearer(token))
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "unavailable"


@pytest.mark.parametrize("token", ["", "forged", "a.b.c"])
def test_nobody_deletes_by_a_forged_token(
    client: TestClient, trackers: WatchedTrackers, token: str
) -> None:
    assert client.delete("/api/conversation", headers=bearer(token)).status_code == 204
    assert trackers.forgotten == []


def test_a_vote_is_counted(client: TestClient, say: Say, service: Service) -> None:
    headers = bearer(say("What is an EEG?")["conversation"])
    vote = {"topic": "eeg", "lang": "en", "helpful": False}
    assert client.post("/api/feedback", json=vote, headers=headers).status_code == 204
    vote |= {"reason": "unclear"}
    assert client.post("/api/feedback", json=vote, headers=headers).status_code == 204
    assert [n for _, n in service.feedback.totals()] == [1, 1]
    assert service.feedback.totals()[1][0] == Vote("eeg", "en", False, "unclear")


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "my baby Anna"},
        {"reason": "because he cried"},
        {"lang": "fr"},
        {"helpful": "maybe"},
    ],
)
def test_a_vote_has_no_free_text(client: TestClient, say: Say, wrong: dict[str, str]) -> None:
    headers = bearer(say("What is an EEG?")["conversation"])
    vote = {"topic": "eeg", "lang": "en", "helpful": False, **wrong}
    assert client.post("/api/feedback", json=vote, headers=headers).status_code == 422


def test_who_has_no_conversation_has_no_vote(client: TestClient, service: Service) -> None:
    vote = {"topic": "eeg", "lang": "en", "helpful": True}
    assert client.post("/api/feedback", json=vote).status_code == 403
    assert service.feedback.totals() == []
