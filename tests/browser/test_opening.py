"""Opening and closing by mouse, keyboard and touch; where the focus goes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Open, say

pytestmark = pytest.mark.browser
FOCUSED = "document.querySelector('iess-chat').shadowRoot.activeElement?.className"


def test_by_mouse(open_page: Open) -> None:
    page = open_page()
    expect(page.locator(".panel")).to_have_count(0)
    page.click("button.launch")
    panel = page.get_by_role("dialog", name="Infantile spasms guide")
    expect(panel).to_be_visible()
    assert panel.get_attribute("aria-modal") is None
    expect(page.get_by_role("textbox", name="Type your question")).to_be_focused()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("button.launch")).to_be_focused()


def test_by_keyboard_alone(open_page: Open) -> None:
    page = open_page()
    page.locator("button.launch").focus()
    page.keyboard.press("Enter")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type("What is an EEG?")
    page.keyboard.press("Enter")
    page.locator(".turn").wait_for()
    expect(page.locator("textarea")).to_be_focused()
    # Everything in the panel is reached, and Esc leaves it.
    reached = set()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        reached.add(page.evaluate(FOCUSED + " ?? ''"))
    assert {"scroll", "flip", "icon"} <= reached
    page.locator("textarea").focus()
    page.keyboard.press("Escape")
    expect(page.locator("button.launch")).to_be_focused()


def test_by_touch_no_keyboard_hides_the_greeting(open_page: Open) -> None:
    page = open_page(**PHONE)
    page.tap("button.launch")
    page.locator(".hello").wait_for()
    assert page.evaluate(FOCUSED) == "panel"
    page.locator(".hello .taps button").nth(2).tap()
    page.locator(".turn").wait_for()
    assert page.evaluate(FOCUSED) == "scroll"


def test_escape_closes_from_the_page_where_the_panel_covers_it(open_page: Open) -> None:
    page = open_page(**PHONE)
    page.tap("button.launch")
    page.locator(".panel").wait_for()
    page.evaluate("document.querySelector('#ask').focus()")
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_have_count(0)


def test_escape_first_closes_the_menu(chat: Page) -> None:
    chat.get_by_role("button", name="More: print, clear").click()
    chat.keyboard.press("Escape")
    expect(chat.locator(".menu")).to_have_count(0)
    expect(chat.locator(".panel")).to_be_visible()


def test_the_page_can_open_it(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("button", name="Ask a question").click()
    expect(page.locator("textarea")).to_be_focused()
    say(page, "What is an EEG?")
