"""Pictures of the staff pages, by a demonstration account in the stack's own temporary database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from bot.store import Accounts, Audit, Sessions, Staff
from bot.store.database import connect
from bot.store.sessions import Limits

HOUR = 3600.0  # seconds
SIZES: Mapping[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}
# Name of a picture to the path of its page.
PATHS: Mapping[str, str] = {
    "library": "/staff/library",
    "answer": "/staff/library/answer/vigabatrin?lang=es",
    "safety": "/staff/library/safety/emergency.not_breathing",
}
TRIED = "my baby keeps crunching up when he wakes\nhow long would she take vigabatrin"


def try_it(page: Page, url: str) -> None:
    """A conversation that was tried, and why its replies are what they are."""
    page.goto(f"{url}/staff/try")
    page.get_by_label("Messages").fill(TRIED)
    page.get_by_role("main").get_by_role("button", name="Try it").click()
    page.locator("#message-2").wait_for()


def shoot(browser: Browser, url: str, var_dir: Path, folder: Path) -> None:
    """Write every staff page in every size.

    Args:
        browser: Chromium.
        url: of the gateway.
        var_dir: of the gateway, with its SQLite database.
        folder: for the pictures, `staff-<name>-<size>.png`.
    """
    engine = connect(f"sqlite:///{var_dir / 'bot.sqlite'}")
    try:
        operator = Staff(0, "Pictures", "pictures", "admin")
        accounts = Accounts(engine, Audit(engine))
        account = accounts.add(operator, "jo.field@hospital.example", "Jo Field", "approver")
        token = Sessions(engine, Limits(HOUR, HOUR)).start(account)
    finally:
        engine.dispose()
    scenes: dict[str, Callable[[Page], object]] = {
        name: lambda page, path=path: page.goto(url + path)  # type: ignore[misc]
        for name, path in PATHS.items()
    }
    scenes["try"] = lambda page: try_it(page, url)
    for size, options in SIZES.items():
        context = browser.new_context(**options)
        context.add_cookies([{"name": "staff-session", "value": token, "url": url}])
        page = context.new_page()
        for name, show in scenes.items():
            show(page)
            page.wait_for_timeout(400)
            page.screenshot(path=str(folder / f"staff-{name}-{size}.png"), full_page=name == "try")
        context.close()
