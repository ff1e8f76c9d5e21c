"""Pictures of the page for the README: `make screenshots`, with Debian's Chromium."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tools.serve import Stack

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
SIZES = {"phone": (390, 844), "desktop": (1100, 800)}
SCENES: dict[str, list[str]] = {
    "first": [],
    "answer": ["how long would she take vigabatrin"],
    "choice": ["and for how long?"],
    "emergency": ["his lips are blue and hes not breathing"],
    "spasms": ["my baby keeps crunching up when he wakes"],
    "spanish": ["¿cómo se diagnostica?"],
}


def play(page: Page, url: str, turns: list[str]) -> None:
    """Open the page and say each turn, waiting for its reply."""
    page.goto(url)
    for turn in turns:
        before = page.locator(".bot").count()
        page.fill("#text", turn)
        page.keyboard.press("Enter")
        page.locator(".bot").nth(before).wait_for()
    page.wait_for_timeout(300)


def main() -> int:
    """Write every scene in every size."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("error: install Debian's package chromium first", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Stack() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for size, (width, height) in SIZES.items():
            for scene, turns in SCENES.items():
                page = browser.new_page(viewport={"width": width, "height": height})
                play(page, stack.url, turns)
                if scene == "answer":
                    page.locator("summary").first.click()
                page.screenshot(path=str(FOLDER / f"{scene}-{size}.png"))
                page.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
