"""What must not work: forged forms, replayed and fixed sessions, redirects away, HTML in names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.gateway.app import create_app
from bot.gateway.service import Service
from bot.gateway.staff.desk import Desk
from bot.gateway.staff.navigation import routes
from bot.gateway.staff.routes import create_staff_app
from bot.gateway.staff.security import safe_next
from bot.settings import load_settings
from tests.gateway.staff.conftest import PASSWORD, SYSTEM, TOKEN, As, Visitor

EVIL = '"><script>alert(1)</script>'
POSTS = [r.path for r in routes(create_staff_app().routes) if "POST" in (r.methods or ())]


def token_of(visitor: Visitor, path: str = "/staff/") -> str:
    found = TOKEN.search(visitor.get(path).text)
    assert found
    return found.group(1)


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("kind", ["missing", "made up", "another session's", "signed out"])
def test_no_post_works_without_its_own_token(as_role: As, desk: Desk, path: str, kind: str) -> None:
    visitor = as_role("admin")
    data = {
        "missing": {},
        "made up": {"csrf_token": "0" * 64},
        "another session's": {"csrf_token": token_of(as_role("admin"))},
        "signed out": {"csrf_token": token_of(as_role(), "/staff/sign-in")},
    }[kind]
    before = len(list(desk.audit.entries()))
    url = "/staff" + re.sub(r"\{\w+(:\w+)?\}", "1", path)
    response = visitor.client.post(url, data=data, follow_redirects=False)
    assert response.status_code == 403
    assert "open for too long" in response.text
    assert len(list(desk.audit.entries())) == before


def test_a_token_in_the_address_counts_for_nothing(as_role: As) -> None:
    visitor = as_role("viewer")
    url = f"/staff/sign-out?csrf_token={token_of(visitor)}"
    assert visitor.client.post(url, follow_redirects=False).status_code == 403


def test_a_session_that_signed_out_is_worth_nothing(as_role: As) -> None:
    visitor = as_role("viewer")
    kept = visitor.client.cookies["staff-session"]
    assert visitor.post("/staff/sign-out").status_code == 303
    assert "staff-session" not in visitor.client.cookies
    visitor.hold(kept)
    assert visitor.get("/staff/").status_code == 303


@pytest.mark.parametrize("kind", ["made up", "another's"])
def test_a_session_is_never_taken_over_from_the_browser(as_role: As, desk: Desk, kind: str) -> None:
    desk.accounts.add(SYSTEM, "victim@hospital.example", "V", "admin", PASSWORD)
    planted = "planted" if kind == "made up" else as_role("viewer").client.cookies["staff-session"]
    victim = as_role()
    # Takes the form first: with a live session in the browser there would be none.
    token = token_of(victim, "/staff/sign-in")
    victim.hold(planted)
    data = {"email": "victim@hospital.example", "password": PASSWORD}
    forged = victim.client.post(
        "/staff/sign-in", data={**data, "csrf_token": token}, follow_redirects=False
    )
    assert forged.status_code == 403
    del victim.client.cookies["staff-session"]
    assert victim.post("/staff/sign-in", data).status_code == 303
    fresh = victim.client.cookies["staff-session"]
    assert fresh != planted
    attacker = as_role()
    attacker.hold(planted)
    seen = attacker.get("/staff/accounts")
    assert seen.status_code in (303, 403)


def test_each_sign_in_has_a_new_token_and_ends_the_old(as_role: As, desk: Desk) -> None:
    desk.accounts.add(SYSTEM, "jo@hospital.example", "Jo", "viewer", PASSWORD)
    visitor, seen = as_role(), []
    data = {"email": "jo@hospital.example", "password": PASSWORD}
    for _ in range(2):
        assert visitor.post("/staff/sign-in", data).status_code == 303
        seen.append(visitor.client.cookies.pop("staff-session"))
    assert len(set(seen)) == 2
    row = Path(desk.settings.var_dir / "bot.sqlite").read_bytes()
    assert all(token.encode() not in row for token in seen)


@pytest.mark.parametrize(
    "away",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/staff/../../evil",
        "/staff/\\evil",
        "/staff/\r\nLocation: https://evil.example",
        "javascript:alert(1)",
        "/other",
        "/staffx",
        "",
    ],
)
def test_no_address_leads_away_after_sign_in(as_role: As, desk: Desk, away: str) -> None:
    desk.accounts.add(SYSTEM, "jo@hospital.example", "Jo", "viewer", PASSWORD)
    data = {"email": "jo@hospital.example", "password": PASSWORD, "next": away}
    response = as_role().post("/staff/sign-in", data)
    assert response.headers["location"] == "/staff/"


@pytest.mark.parametrize("inside", ["/staff/", "/staff/library?topic=eeg&lang=es", "/staff/try"])
def test_an_address_inside_is_kept(inside: str) -> None:
    assert safe_next(inside) == inside


def test_html_in_a_name_is_text(as_role: As) -> None:
    admin = as_role("admin", name=EVIL)
    assert admin.staff
    pages = ["/staff/", "/staff/me", "/staff/accounts", f"/staff/accounts/{admin.staff.id}"]
    pages += [
        f"/staff/audit?actor={EVIL}",
        f"/staff/sign-in?next={EVIL}",
        f"/staff/welcome?token={EVIL}",
    ]
    pages.append(f"/staff/audit?since={EVIL}")
    for path in pages:
        text = admin.get(path).text
        assert "<script>alert" not in text, path
    sent = {"email": EVIL, "name": EVIL, "role": EVIL}
    refused = admin.post("/staff/accounts", sent)
    assert refused.status_code == 422
    assert "<script>alert" not in refused.text
    assert "&lt;script&gt;" in refused.text


def test_an_account_is_locked_and_even_the_right_password_waits(as_role: As, desk: Desk) -> None:
    key = desk.accounts.add(SYSTEM, "jo@hospital.example", "Jo", "viewer", PASSWORD)
    wrong = {"email": "jo@hospital.example", "password": "not this one at all"}
    said = [as_role().post("/staff/sign-in", wrong) for _ in range(6)]
    assert [r.status_code for r in said] == [422] * 6
    assert ["Too many" in r.text for r in said] == [False] * 5 + [True]
    right = as_role().post("/staff/sign-in", {**wrong, "password": PASSWORD})
    assert "Too many" in right.text
    failed = [(e.action, e.subject) for e in desk.audit.entries()][1:]
    assert failed == [("sign-in.failed", str(key))] * 4 + [("sign-in.locked", str(key))]


def test_an_address_is_locked_whatever_account_is_tried(as_role: As, desk: Desk) -> None:
    visitor = as_role()
    for number in range(desk.staff_settings.lock_address):
        desk.lockout.count("address:testclient")
        assert number < 100
    data = {"email": "any@hospital.example", "password": PASSWORD}
    assert "Too many" in visitor.post("/staff/sign-in", data).text


def test_unknown_and_known_addresses_are_told_the_same(as_role: As, desk: Desk) -> None:
    desk.accounts.add(SYSTEM, "jo@hospital.example", "Jo", "viewer", PASSWORD)
    texts = []
    for email in ("jo@hospital.example", "no@hospital.example"):
        page = as_role().post("/staff/sign-in", {"email": email, "password": "wrong and wrong"})
        texts.append(TOKEN.sub("", page.text.replace(email, "")))
    assert texts[0] == texts[1]


def test_headers_of_every_page(as_role: As) -> None:
    for visitor, path in ((as_role(), "/staff/sign-in"), (as_role("viewer"), "/staff/")):
        headers = visitor.get(path).headers
        assert headers["cache-control"] == "no-store"
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"


def test_no_template_has_script_or_style_in_its_markup() -> None:
    folder = Path(__file__).parents[3] / "bot" / "gateway" / "staff" / "templates"
    for path in folder.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|\|\s*safe\b", text), path
        assert re.findall(r"<script(?![^>]*src=)", text) == [], path


def test_cookies_in_production_are_secure(
    tmp_path: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAFF", "on")
    environ = {"ENVIRONMENT": "production", "SECRET_KEY": "k" * 32, "VAR_DIR": str(tmp_path)}
    app = create_app(load_settings(environ), service)
    with TestClient(app, base_url="https://testserver") as client:
        response = client.get("/staff/sign-in")
        cookie = response.headers["set-cookie"]
        assert cookie.startswith("__Host-staff-form=")
        for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie
        assert "strict-transport-security" in response.headers


@pytest.mark.parametrize(("environment", "value"), [("development", "off"), ("production", "")])
def test_where_it_is_off_there_is_nothing(
    tmp_path: Path,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    environment: str,
    value: str,
) -> None:
    monkeypatch.setenv("STAFF", value)
    environ = {"ENVIRONMENT": environment, "SECRET_KEY": "k" * 32, "VAR_DIR": str(tmp_path)}
    with TestClient(create_app(load_settings(environ), service)) as client:
        for path in ("/staff", "/staff/", "/staff/sign-in", "/staff/static/staff.css"):
            assert client.get(path, follow_redirects=False).status_code == 404


def test_a_fault_shows_no_trace_and_logs_no_text(
    as_role: As,
    app: FastAPI,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    visitor = as_role("admin")

    def fail(*_: object) -> None:
        raise RuntimeError("a family's words")

    monkeypatch.setattr(desk.accounts, "all", fail)
    response = visitor.get("/staff/accounts")
    assert response.status_code == 500
    assert "went wrong on our side" in response.text
    assert "family's words" not in response.text + caplog.text


HUGE = "9" * 20
ODD = [
    ("GET", f"/drafts/{HUGE}", {}, 404),
    ("GET", f"/source/{HUGE}", {}, 404),
    ("GET", f"/accounts/{HUGE}", {}, 404),
    ("GET", f"/watch/incidents/{HUGE}", {}, 404),
    ("GET", f"/audit?before={HUGE}", {}, 404),
    ("POST", f"/drafts/{HUGE}/publish", {}, 422),
    ("POST", f"/watch/{HUGE}/fine", {}, 422),
    ("POST", "/inbox/settle", {"decision": "dismiss", "text": HUGE}, 422),
    ("POST", "/texts/answer/eeg/put-back", {"target": HUGE}, 422),
    ("POST", "/texts/answer/eeg/put-back", {"target": "\u00b2"}, 422),
    ("POST", "/drafts", {"text": "answer/eeg\0"}, 404),
    ("POST", "/drafts", {"text": "answer/../hospital"}, 404),
    ("POST", "/drafts", {"text": "safety/../hospital"}, 404),
    ("GET", "/texts/answer/%2e%2e%2fhospital", {}, 404),
    ("GET", "/texts/answer/eeg%00", {}, 404),
]


@pytest.mark.parametrize(("method", "path", "data", "status"), ODD)
def test_what_no_page_ever_gave_out_is_refused_plainly(
    as_role: As, method: str, path: str, data: dict[str, str], status: int
) -> None:
    visitor, url = as_role("admin"), f"/staff{path}"
    response = visitor.post(url, data) if method == "POST" else visitor.get(url)
    assert response.status_code == status
    assert "This did not work" in response.text
