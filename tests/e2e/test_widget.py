"""A family's conversation in a real browser with the real Rasa, action server and gateway."""

from __future__ import annotations

import sqlite3

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PHONE, say
from tools.serve import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.browser]


def kept(stack: Stack) -> set[str]:
    """Conversations that a database of the service knows."""
    found: set[str] = set()
    for name, column, table in (
        ("bot.sqlite", "id", "conversations"),
        ("rasa.sqlite", "sender_id", "rasa_trackers"),
    ):
        with sqlite3.connect(stack.var_dir / name) as database:
            rows = database.execute(f"SELECT {column} FROM {table}")
            found |= {f"{table} {row[0]}" for row in rows}
    return found


def test_a_whole_conversation_on_a_phone(stack: Stack, browser: Browser) -> None:
    before = kept(stack)
    page = browser.new_page(**PHONE)
    page.set_default_timeout(20_000)
    page.goto(stack.url)
    page.tap("button.launch")
    page.locator(".hello .taps button", has_text="Start the check").tap()
    for number, answer in enumerate(("Yes", "5 months"), start=1):
        page.locator(".turn").nth(number - 1).wait_for()
        say(page, answer)
    page.get_by_label("Arch their back").check()
    page.get_by_role("button", name="Continue").tap()
    page.locator(".turn").nth(3).wait_for()
    for answer in ("Yes", "No", "Not sure", "This week", "Yes"):
        say(page, answer)
    expect(page.locator(".said.urgent .call")).to_have_attribute("href", "tel:+13125550142")
    expect(page.locator(".doctor dd").first).to_have_text("Arch their back")
    say(page, "how long would she take vigabatrin")
    said = page.locator(".said.answer").last
    expect(said).to_contain_text("six months to two years")
    said.get_by_text("Where the page says this").tap()
    expect(said.locator("blockquote", has_text="six months to two years")).to_be_visible()
    say(page, "his lips are blue and hes not breathing")
    expect(page.get_by_role("alert").locator("a.call")).to_have_attribute("href", "tel:911")
    assert len(kept(stack) - before) == 2
    page.get_by_role("button", name="More: print, clear").tap()
    page.get_by_role("button", name="Clear this conversation").tap()
    page.locator(".menu .firm").tap()
    expect(page.locator(".note")).to_contain_text("deleted, here and on our server")
    assert kept(stack) - before == set()
    page.close()
