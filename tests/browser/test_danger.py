"""Emergency, crisis and urgent: what is seen first, what is spoken, what stays reachable."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open, say

pytestmark = pytest.mark.browser
EMERGENCY = "his lips are blue and hes not breathing"


def test_the_emergency_card_comes_first_and_stays(chat: Page) -> None:
    say(chat, EMERGENCY)
    alert = chat.get_by_role("alert")
    expect(alert).to_have_count(1)
    call = alert.locator("a.call")
    expect(call).to_have_text("Call 911")
    expect(call).to_have_attribute("href", "tel:911")
    expect(call).to_be_in_viewport()
    bar = chat.locator(".help.emergency a.strong")
    expect(bar).to_have_attribute("href", "tel:911")
    say(chat, "What is an EEG?")
    expect(chat.get_by_role("alert")).to_have_count(1)
    expect(bar).to_be_in_viewport()
    chat.get_by_role("button", name="What to do").click()
    expect(alert.locator("a.call")).to_be_in_viewport()
    chat.keyboard.press("Escape")
    expect(chat.locator(".corner a.alarm")).to_have_attribute("href", "tel:911")
    chat.reload()
    expect(chat.locator(".corner a.alarm")).to_be_visible()
    chat.click("button.launch")
    expect(chat.locator(".said.emergency")).to_have_count(2)
    # A restored alarm is shown, not cried out again.
    expect(chat.get_by_role("alert")).to_have_count(0)


def test_an_emergency_does_not_wait_for_the_message_before(open_page: Open) -> None:
    page = open_page()
    page.click("button.launch")
    page.route(
        "**/api/messages",
        lambda route: route.continue_() if "blue" in (route.request.post_data or "") else None,
    )
    page.fill("textarea", "What is an EEG?")
    page.keyboard.press("Enter")
    page.fill("textarea", EMERGENCY)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()


def test_an_emergency_opens_a_panel_that_was_closed(open_page: Open) -> None:
    page = open_page()
    page.click("button.launch")
    page.evaluate("document.querySelector('iess-chat').close()")
    page.evaluate("document.querySelector('iess-chat').show()")
    # The reply comes after the family has closed the panel, however fast the gateway is.
    held: list[Route] = []
    page.route("**/api/messages", lambda route: held.append(route))
    page.fill("textarea", EMERGENCY)
    with page.expect_request("**/api/messages"):
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("textarea")).to_be_hidden()
    held[0].continue_()
    expect(page.locator(".said.emergency")).to_be_visible()


@pytest.mark.parametrize(
    ("text", "level", "href"),
    [
        ("i want to die", "crisis", "tel:988"),
        ("my baby keeps crunching up when he wakes", "urgent", "tel:+13125550142"),
    ],
)
def test_crisis_and_urgent_are_calmer(chat: Page, text: str, level: str, href: str) -> None:
    say(chat, text)
    card = chat.locator(f".said.{level}").first
    expect(card.locator("a.call")).to_have_attribute("href", href)
    expect(chat.locator(f".help.{level}")).to_be_visible()
    expect(chat.locator(".help a[href='tel:911']")).to_be_visible()
    expect(chat.get_by_role("alert")).to_have_count(0)


def test_the_card_is_told_even_where_the_part_that_draws_it_is_away(open_page: Open) -> None:
    page = open_page()
    page.route("**/widget/talk-*.js", lambda route: route.abort())
    page.click("button.launch")
    say(page, EMERGENCY)
    alert = page.get_by_role("alert")
    expect(alert.locator("a.call")).to_have_attribute("href", "tel:911")
    expect(alert).to_contain_text("put the phone on speaker")
