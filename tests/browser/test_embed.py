"""On another origin's page: hostile styles, a strict policy, files that were tampered with."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open, say
from tests.browser.scripted import Site

pytestmark = pytest.mark.browser
STYLE = """(e) => { const s = getComputedStyle(e);
  return [s.display, s.fontSize, s.letterSpacing, s.textTransform, s.transform]; }"""


def test_hostile_styles_and_a_strict_policy(open_page: Open, site: Site) -> None:
    page = open_page("/", base=site.host)
    before = page.locator("#own").evaluate(STYLE)
    page.click("button.launch")
    say(page, "What is an EEG?")
    say(page, "his lips are blue and hes not breathing")
    expect(page.get_by_role("alert").locator("a.call")).to_be_visible()
    for part in ("button.send", ".said.answer", ".help a.strong"):
        display, size, spacing, transform, turned = page.locator(part).first.evaluate(STYLE)
        assert display in ("grid", "flex", "block")
        assert float(size.removesuffix("px")) >= 15
        assert (spacing, transform, turned) == ("normal", "none", "none")
    assert page.locator("#own").evaluate(STYLE) == before


def test_an_origin_that_is_not_listed_gets_no_answer(open_page: Open, site: Site) -> None:
    page = open_page("/open", base=site.unlisted)
    page.click("button.launch")
    page.fill("textarea", "What is an EEG?")
    page.keyboard.press("Enter")
    expect(page.locator(".trouble a[href='tel:911']")).to_be_visible()


def tamper(route: Route) -> None:
    response = route.fetch()
    route.fulfill(response=response, body=response.text() + "\nwindow.tampered = true;")


def test_a_changed_widget_does_not_run(open_page: Open, site: Site) -> None:
    page = open_page()
    page.route("**/widget/chat-*.js", tamper)
    page.goto(f"{site.url}/?again")
    page.wait_for_timeout(500)
    assert page.evaluate("customElements.get('iess-chat')") is None
    assert page.evaluate("window.tampered") is None


def test_a_changed_part_does_not_run(open_page: Open) -> None:
    page = open_page()
    page.route("**/widget/talk-*.js", tamper)
    page.click("button.launch")
    say(page, "What is an EEG?")
    assert page.evaluate("window.tampered") is None
    expect(page.locator(".said")).not_to_have_count(1)
    expect(page.locator(".cited")).to_have_count(0)


def test_colours_font_and_place_are_the_hosts_choice(chat: Page) -> None:
    chat.evaluate(
        """() => { const style = document.querySelector("iess-chat").style;
        style.setProperty("--iess-color", "rgb(90, 20, 90)");
        style.setProperty("--iess-font", "serif");
        style.setProperty("--iess-right", "60px"); }"""
    )
    assert chat.locator(".send").evaluate("e => getComputedStyle(e).backgroundColor") == (
        "rgb(90, 20, 90)"
    )
    assert chat.locator(".panel").evaluate("e => getComputedStyle(e).fontFamily") == "serif"
    assert chat.locator(".panel").evaluate("e => getComputedStyle(e).right") == "60px"
