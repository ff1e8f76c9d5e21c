"""What a tab remembers, what two tabs do not share, and what clearing leaves: nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import say
from tests.browser.scripted import Site

pytestmark = pytest.mark.browser
STATE = "JSON.parse(sessionStorage.getItem('iess-chat-1'))"


def test_a_reload_and_the_next_page_go_on(chat: Page, site: Site) -> None:
    say(chat, "What is an EEG?")
    chat.fill("textarea", "half a quest")
    token = chat.evaluate(STATE)["token"]
    for address in (f"{site.url}/", f"{site.url}/?page=2"):
        chat.goto(address)
        expect(chat.locator(".said.answer")).to_contain_text("main test")
        expect(chat.locator("textarea")).to_have_value("half a quest")
    assert chat.evaluate(STATE)["token"] == token
    say(chat, "how is vigabatrin used?")
    assert site.rasa.seen[-1]["sender"] == site.rasa.seen[-2]["sender"]
    assert chat.evaluate("localStorage.length") == 0
    assert chat.evaluate("document.cookie") == ""


def test_two_tabs_do_not_mix(chat: Page, site: Site) -> None:
    say(chat, "What is an EEG?")
    # "Duplicate tab" copies the storage.
    copied = chat.evaluate("sessionStorage.getItem('iess-chat-1')")
    other = chat.context.new_page()
    other.add_init_script(f"sessionStorage.setItem('iess-chat-1', {copied!r})")
    other.goto(site.url)
    other.click("button.launch")
    expect(other.locator(".hello .taps button")).to_have_count(4)
    expect(other.locator(".turn")).to_have_count(0)
    say(other, "how is vigabatrin used?")
    assert other.evaluate(STATE)["token"] != chat.evaluate(STATE)["token"]
    expect(chat.locator(".turn")).to_have_count(1)
    assert site.rasa.seen[-1]["sender"] != site.rasa.seen[-2]["sender"]


def clear(page: Page) -> None:
    page.get_by_role("button", name="More: print, clear").click()
    page.get_by_role("button", name="Clear this conversation").click()
    expect(page.locator(".menu")).to_contain_text("deleted here and on our server")
    page.locator(".menu .firm").click()


def test_clearing_deletes_here_and_on_the_server(chat: Page, site: Site) -> None:
    say(chat, "What is an EEG?")
    clear(chat)
    expect(chat.locator(".note")).to_contain_text("deleted, here and on our server")
    expect(chat.locator(".turn, .mine")).to_have_count(0)
    assert site.trackers.forgotten[-1] == site.rasa.seen[-1]["sender"]
    state = chat.evaluate(STATE)
    assert (state["token"], state["turns"], state["forget"]) == (None, [], None)


def test_what_the_server_could_not_delete_is_said_and_tried_again(chat: Page, site: Site) -> None:
    say(chat, "What is an EEG?")
    site.trackers.fail = True
    clear(chat)
    expect(chat.locator(".note")).to_contain_text("not deleted there yet")
    expect(chat.locator(".turn")).to_have_count(0)
    site.trackers.fail = False
    with chat.expect_response("**/api/conversation") as again:
        chat.reload()
    assert again.value.status == 204


def test_a_reply_that_comes_after_clearing_is_deleted_too(chat: Page, site: Site) -> None:
    site.rasa.seconds = 0.8
    chat.fill("textarea", "What is an EEG?")
    chat.keyboard.press("Enter")
    with chat.expect_response("**/api/conversation") as deleted:
        clear(chat)
    assert deleted.value.status == 204
    expect(chat.locator(".turn, .mine")).to_have_count(0)
    assert site.trackers.forgotten[-1] == site.rasa.seen[-1]["sender"]
