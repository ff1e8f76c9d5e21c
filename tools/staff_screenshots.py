"""Pictures of every staff page, wide and narrow, to be looked at: `make staff-screenshots`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bot.store.audit import Audit
from bot.store.database import open_database
from bot.store.sessions import Limits, Sessions
from bot.store.staff import Accounts, Staff
from tools.screenshots import FLAGS
from tools.serve import Stack
from tools.steps import ROOT

FOLDER = ROOT / "reports" / "staff"
WIDTHS = (1280, 320)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def sign_in(database_url: str) -> str:
    """A session of a new administrator, in a database with a few accounts."""
    engine = open_database(database_url)
    system = Staff(0, "Pictures", "pictures", "admin")
    accounts = Accounts(engine, Audit(engine))
    key = accounts.add(system, "dana.reyes@hospital.example", "Dana Reyes, MD", "admin")
    for name, role in (("Kim Lee", "editor"), ("Bartholomew Featherstonehaugh", "approver")):
        accounts.add(system, f"{name.split()[0].lower()}@hospital.example", name, role)
    token = Sessions(engine, Limits(3600, 3600)).start(key)
    engine.dispose()
    return token


def hold(context: BrowserContext, token: str, url: str) -> None:
    """Sign the browser in."""
    context.add_cookies([{"name": "staff-session", "value": token, "url": url}])


def pages(browser: Browser, url: str, token: str) -> Iterator[tuple[str, str]]:
    """Name and path of the sign-in page and of all pages that the frame links to."""
    context = browser.new_context()
    hold(context, token, url)
    page = context.new_page()
    page.goto(f"{url}/staff/")
    links = page.locator('a[href^="/staff/"]').evaluate_all("all => all.map((a) => a.pathname)")
    context.close()
    yield "sign-in", "/staff/sign-in"
    for path in dict.fromkeys(links):
        yield path.removeprefix("/staff/").replace("/", "-") or "home", path


def main() -> int:
    """Write every page in every size and scheme."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("error: install Debian's package chromium first", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Stack() as stack, sync_playwright() as playwright:
        token = sign_in(f"sqlite:///{stack.var_dir / 'bot.sqlite'}")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name, path in list(pages(browser, stack.url, token)):
            for width in WIDTHS:
                for scheme in SCHEMES:
                    context = browser.new_context(
                        viewport={"width": width, "height": 800}, color_scheme=scheme
                    )
                    if name != "sign-in":
                        hold(context, token, stack.url)
                    page = context.new_page()
                    page.goto(stack.url + path)
                    file = FOLDER / f"{name}-{width}-{scheme}.png"
                    page.screenshot(path=str(file), full_page=True)
                    context.close()
        browser.close()
    print(f"pictures are in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
