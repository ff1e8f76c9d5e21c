"""Signed-in people of each role, as a browser sees the staff area."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import httpx2
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot import passwords
from bot.gateway.app import create_app
from bot.gateway.service import Service
from bot.gateway.staff.desk import Desk
from bot.settings import Settings
from bot.store.staff import Staff

PASSWORD = "a quiet lamp beside the window"
SYSTEM = Staff(0, "Test", "test", "admin")
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Visitor:
    """A browser of its own; `staff` is who it is signed in as."""

    client: TestClient
    staff: Staff | None = None

    def hold(self, session: str) -> None:
        """Put a session's token into the browser."""
        self.client.cookies.set("staff-session", session, domain="testserver.local", path="/")

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.client.get(path, headers=headers, follow_redirects=False)

    def post(self, path: str, data: Mapping[str, str] | None = None) -> httpx2.Response:
        """Send a form as its page would, with the token of this session."""
        token = TOKEN.search(self.get("/staff/" if self.staff else "/staff/sign-in").text)
        assert token
        sent = {"csrf_token": token.group(1), **(data or {})}
        return self.client.post(path, data=sent, follow_redirects=False)


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 at its lowest cost; what it costs outside is in tests/bot/test_passwords.py."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher.from_parameters(CHEAPEST))


As = Callable[..., Visitor]


@pytest.fixture
def app(settings: Settings, service: Service) -> Iterator[FastAPI]:
    app = create_app(settings, service)
    with TestClient(app):
        yield app


@pytest.fixture
def desk(app: FastAPI) -> Desk:
    mounted = next(
        route.app
        for route in app.routes
        if getattr(route, "path", "") == "/staff"
        and hasattr(route, "app")
        and hasattr(route.app, "state")
    )
    desk: Desk = mounted.state.desk
    return desk


@pytest.fixture
def as_role(app: FastAPI, desk: Desk) -> As:
    """`as_role("editor")` is a browser signed in as a new editor; None is signed out."""
    made = []

    def sign_in(
        role: str | None = None, name: str = "Jo Field", password: str | None = None
    ) -> Visitor:
        client = TestClient(app, raise_server_exceptions=False)
        if role is None:
            return Visitor(client)
        made.append(role)
        email = f"{role}{len(made)}@hospital.example"
        key = desk.accounts.add(SYSTEM, email, name, role, password)
        visitor = Visitor(client, Staff(key, name, email, role))
        visitor.hold(desk.sessions.start(key))
        return visitor

    return sign_in
