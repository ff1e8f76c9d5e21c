"""Pictures of the page for the README: `make screenshots`, with Debian's Chromium."""

from __future__ import annotations

import shutil
import sys
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tools import staff_screenshots
from tools.serve import Stack
from tools.steps import ROOT

FOLDER = ROOT / "docs" / "screenshots"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "desktop": {"viewport": {"width": 1280, "height": 860}},
}
SCENES: dict[str, list[str]] = {
    "first": [],
    "answer": ["how long would she take vigabatrin"],
    "choice": ["and for how long?"],
    "emergency": ["his lips are blue and hes not breathing"],
    "spasms": ["my baby keeps crunching up when he wakes"],
    "spanish": ["¿cómo se diagnostica?"],
}


def play(page: Page, url: str, turns: list[str]) -> None:
    """Open the guide and say each turn, waiting for its reply."""
    page.goto(url)
    page.click("button.launch")
    page.locator(".hello .taps").wait_for()
    for turn in turns:
        page.fill("textarea", turn)
        page.keyboard.press("Enter")
        page.locator(".turn").nth(turns.index(turn)).wait_for()


def main() -> int:
    """Write every scene in every size."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("error: install Debian's package chromium first", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Stack() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for size, options in SIZES.items():
            for scene, turns in SCENES.items():
                page = browser.new_page(**options)
                play(page, stack.url, turns)
                if scene == "answer":
                    page.locator("summary").first.click()
                    page.locator("figure").first.scroll_into_view_if_needed()
                page.wait_for_timeout(400)
                page.screenshot(path=str(FOLDER / f"{scene}-{size}.png"))
                page.close()
        staff_screenshots.shoot(browser, stack.url, stack.var_dir, FOLDER)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
