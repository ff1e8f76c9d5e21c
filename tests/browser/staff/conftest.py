"""Staff pages in real Chromium; a request to another host, or a fault in a page, fails the test."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page

from bot.store.audit import Audit
from bot.store.database import connect
from bot.store.sessions import Limits, Sessions
from bot.store.staff import Accounts, Staff
from tests.browser.conftest import is_fault
from tests.browser.scripted import Site

SYSTEM = Staff(0, "Test", "test", "admin")
OpenStaff = Callable[..., Page]


@pytest.fixture
def staff_database(site: Site) -> Iterator[sa.Engine]:
    """The database of the running gateway."""
    engine = connect(site.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def accounts(staff_database: sa.Engine) -> Accounts:
    return Accounts(staff_database, Audit(staff_database))


@pytest.fixture
def open_staff(
    browser: Browser, site: Site, accounts: Accounts, staff_database: sa.Engine
) -> Iterator[OpenStaff]:
    """Opens a staff page: `open_staff(path, role="editor", **options of the context)`."""
    contexts: list[BrowserContext] = []
    foreign: list[str] = []
    faults: list[str] = []
    sessions = Sessions(staff_database, Limits(3600, 3600))

    def open_one(
        path: str = "/staff/", role: str | None = None, name: str = "Jo Field", **options: Any
    ) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        if role:
            email = f"{role}-{secrets.token_hex(4)}@hospital.example"
            token = sessions.start(accounts.add(SYSTEM, email, name, role))
            context.add_cookies([{"name": "staff-session", "value": token, "url": site.url}])
        context.on(
            "request", lambda r: None if r.url.startswith(site.url) else foreign.append(r.url)
        )
        page = context.new_page()
        # The first check of a draft reads the claim checker, which takes seconds on a busy machine.
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda m: faults.append(m.text) if is_fault(m.text) else None)
        page.goto(site.url + path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert foreign == []
    assert faults == []
