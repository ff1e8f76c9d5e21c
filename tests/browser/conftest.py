"""Real Chromium on the real widget; any request to another host, and any fault in a page, fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from bot.compose import Composer
from bot.reply import SafetyCatalogue
from bot.settings import ROOT
from bot.spasm_check import Guide, load_guide
from bot.triage import Triage
from tests.browser.scripted import Site, serve_site
from tests.conftest import DATA

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def site(composer: Composer, triage: Triage, safety: SafetyCatalogue) -> Iterator[Site]:
    guide: Guide = load_guide(DATA / "spasm_check.yml", composer.library.page)
    with serve_site(composer, guide, triage, safety, ROOT / "widget" / "release") as site:
        yield site


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[Open]:
    """Opens a page in a context of its own: `open_page(path, base, **options of the context)`."""
    contexts: list[BrowserContext] = []
    foreign: list[str] = []
    faults: list[str] = []

    def open_one(path: str = "/", base: str | None = None, **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1100, "height": 800}, **options})
        contexts.append(context)
        own = (site.url, site.host, site.unlisted, "about:", "blob:")
        context.on("request", lambda r: None if r.url.startswith(own) else foreign.append(r.url))
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda m: faults.append(m.text) if is_fault(m.text) else None)
        page.goto((base or site.url) + path)
        page.locator("button.launch, .panel").first.wait_for()
        return page

    yield open_one
    cookies = [cookie for context in contexts for cookie in context.cookies()]
    for context in contexts:
        context.close()
    site.rasa.seconds, site.trackers.fail = 0.0, False
    assert foreign == []
    assert faults == []
    assert cookies == []


def is_fault(text: str) -> bool:
    """A broken policy or an unhandled error; a reply that was made to fail is none."""
    return any(word in text for word in ("Content Security Policy", "Trusted", "Uncaught"))


@pytest.fixture
def chat(open_page: Open) -> Page:
    """The demonstration page with the panel open."""
    page = open_page()
    page.click("button.launch")
    page.locator(".hello .taps button").first.wait_for()
    return page


def say(page: Page, text: str) -> None:
    """Write a message and wait for what follows it."""
    turns = page.locator(".turn, .trouble")
    before = turns.count()
    page.fill("textarea", text)
    page.keyboard.press("Enter")
    turns.nth(before).wait_for()
