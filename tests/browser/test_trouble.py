"""A gateway that fails, is slow or away: the fixed help, a retry, and never silence."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import Open, say

pytestmark = pytest.mark.browser


def fail(route: Route) -> None:
    route.fulfill(status=500, body="Traceback (most recent call last): ...")


@pytest.mark.parametrize(
    "how", [fail, lambda route: route.abort(), lambda route: route.fulfill(body="<html>")]
)
def test_the_fixed_help_and_a_retry(chat: Page, how: object) -> None:
    chat.route("**/api/messages", how)  # type: ignore[arg-type]
    say(chat, "What is an EEG?")
    help_text = chat.locator(".trouble")
    expect(help_text.locator("a[href='tel:911']")).to_be_visible()
    expect(help_text.locator("a[href='tel:+13125550142']")).to_be_visible()
    assert "Traceback" not in chat.locator(".panel").inner_text()
    chat.unroute("**/api/messages")
    chat.get_by_role("button", name="Try again").click()
    expect(chat.locator(".said.answer")).to_contain_text("main test")
    expect(chat.locator(".mine")).to_have_count(1)
    expect(chat.locator(".trouble")).to_have_count(0)


def test_a_message_that_is_sent_again_counts_once(chat: Page) -> None:
    keys: list[str | None] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/api/messages"):
            keys.append(request.headers.get("idempotency-key"))

    chat.on("request", note)
    chat.route("**/api/messages", fail)
    say(chat, "What is an EEG?")
    expect(chat.locator(".trouble")).to_be_visible()
    chat.unroute("**/api/messages")
    chat.get_by_role("button", name="Try again").click()
    expect(chat.locator(".said.answer")).to_be_visible()
    say(chat, "Does it hurt?")
    expect(chat.locator(".said.answer")).to_have_count(2)
    first, again, other = keys
    assert first
    assert first == again != other


@pytest.mark.parametrize(("status", "words"), [(429, "Many people"), (413, "too long")])
def test_a_refusal_is_explained(chat: Page, status: int, words: str) -> None:
    chat.route("**/api/messages", lambda route: route.fulfill(status=status, json={"error": {}}))
    say(chat, "What is an EEG?")
    expect(chat.locator(".trouble")).to_contain_text(words)
    expect(chat.locator(".trouble a[href='tel:911']")).to_be_visible()


def test_offline_is_noticed_and_said(chat: Page) -> None:
    chat.context.set_offline(True)
    expect(chat.locator(".offline")).to_contain_text("You are offline")
    say(chat, "What is an EEG?")
    expect(chat.locator(".trouble")).to_contain_text("You are offline")
    expect(chat.locator(".trouble a[href='tel:911']")).to_be_visible()
    chat.context.set_offline(False)
    expect(chat.locator(".offline")).to_have_count(0)
    chat.get_by_role("button", name="Try again").click()
    expect(chat.locator(".said.answer")).to_be_visible()


def test_911_stands_there_even_where_nothing_was_ever_reached(open_page: Open) -> None:
    page = open_page()
    page.route("**/api/**", lambda route: route.abort())
    page.evaluate("sessionStorage.clear()")
    page.reload()
    page.click("button.launch")
    expect(page.locator(".help a[href='tel:911']")).to_be_visible()
    say(page, "What is an EEG?")
    expect(page.locator(".trouble")).to_contain_text("I cannot reach the service")
    expect(page.locator(".trouble a[href='tel:911']")).to_be_visible()
