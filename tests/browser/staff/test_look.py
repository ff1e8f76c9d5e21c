"""The library and "Try it" in a real browser: seen, used by keyboard, narrow, without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.scripted import Site
from tests.browser.staff.conftest import OpenStaff
from tests.browser.test_accessibility import AXE, SCHEMES, violations

pytestmark = pytest.mark.browser
NARROW = {"viewport": {"width": 320, "height": 640}}
DANGER = "his lips are blue and hes not breathing"
PATHS = {
    "library": "/staff/library",
    "nothing found": "/staff/library?q=xyzzy",
    "answer": "/staff/library/answer/signs?claims=1",
    "answer in Spanish": "/staff/library/answer/vigabatrin?lang=es",
    "safety": "/staff/library/safety/emergency.not_breathing",
    "crisis": "/staff/library/safety/crisis.self_harm",
    "check": "/staff/library/check/check_looks",
    "card": "/staff/library/check/card",
    "sms": "/staff/library/sms/help",
    "try": "/staff/try",
}


def go(page: Page, path: str) -> None:
    page.goto(page.url.split("/staff")[0] + path)


def attempt(page: Page, *messages: str) -> None:
    """Try a conversation."""
    go(page, "/staff/try")
    page.get_by_label("Messages").fill("\n".join(messages))
    page.get_by_role("main").get_by_role("button", name="Try it").click()
    page.get_by_role("heading", name="A conversation, tried").wait_for()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core comes with npm, and here is no Node")
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing(open_staff: OpenStaff, scheme: str) -> None:
    page = open_staff(role="viewer", bypass_csp=True, **SCHEMES[scheme])
    # The claim checker is read when it is first needed, and a busy machine takes its time for that.
    page.set_default_timeout(120_000)
    states = {}
    for name, path in PATHS.items():
        go(page, path)
        states[name] = violations(page)
    attempt(page, "how does vigabatrin work", "is it colic, he keeps crunching up", DANGER)
    states["tried"] = violations(page)
    go(page, "/staff/try")
    page.get_by_label("Messages").fill("a\n" * 21)
    page.get_by_role("main").get_by_role("button", name="Try it").click()
    page.get_by_text("at most 20 can be tried").wait_for()
    states["refused"] = violations(page)
    assert {name: found for name, found in states.items() if found} == {}


def test_no_sideways_scrolling(open_staff: OpenStaff) -> None:
    page = open_staff(role="viewer", **NARROW)
    page.set_default_timeout(120_000)
    for name, path in PATHS.items():
        go(page, path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    attempt(page, "how does vigabatrin work", DANGER)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_an_item_is_found_and_seen_as_the_widget_shows_it(
    open_staff: OpenStaff, scripts: bool
) -> None:
    page = open_staff("/staff/library", role="viewer", java_script_enabled=scripts)
    page.get_by_label("Words in it").fill("eyesight")
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_role("link", name="Can vigabatrin affect").click()
    expect(page.get_by_text("Where the page says this")).to_be_visible()
    expect(page.locator("mark").first).to_be_attached()
    page.get_by_role("link", name="Spanish").click()
    expect(page.get_by_text("Dónde lo dice la página")).to_be_visible()
    # What is tapped in the preview leads to that answer.
    page.locator(".taps button").first.click()
    expect(page).to_have_url(re.compile(r"/staff/library/answer/(?!vigabatrin_vision)\w+\?lang=es"))


def test_an_alarm_looks_like_one(open_staff: OpenStaff) -> None:
    page = open_staff("/staff/library/safety/emergency.not_breathing", role="viewer")
    call = page.locator(".said.emergency .call")
    expect(call).to_have_text("Call 911")
    expect(call).to_have_css("background-color", "rgb(176, 16, 29)")
    box = call.bounding_box()
    assert box is not None
    assert box["height"] >= 56


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_conversation_is_tried_and_goes_on(open_staff: OpenStaff, scripts: bool) -> None:
    page = open_staff(role="viewer", java_script_enabled=scripts)
    attempt(page, "how does vigabatrin work", "does it hurt")
    expect(page.get_by_role("heading", name="Message 2")).to_be_visible()
    first = page.url
    page.locator("#message-2 .taps button").first.click()
    expect(page.get_by_role("heading", name="Message 3")).to_be_visible()
    page.get_by_label("Next message").fill(DANGER)
    page.keyboard.press("Enter")
    expect(page.locator("#message-4 .mine mark").first).to_have_text("lips are blue")
    expect(page.locator("#message-4 .said.emergency .call")).to_be_visible()
    page.goto(first)
    expect(page.get_by_role("heading", name="Message 2")).to_be_visible()
    expect(page.get_by_role("heading", name="Message 3")).to_have_count(0)
    page.get_by_role("button", name="Delete this conversation").click()
    expect(page.get_by_text("The conversation was deleted.")).to_be_visible()
    page.goto(first)
    expect(page.get_by_text("There is no such page")).to_be_visible()


def test_the_guided_check_is_tried_with_its_boxes(open_staff: OpenStaff) -> None:
    page = open_staff(role="viewer")
    attempt(page, "Could this be infantile spasms? Start the check.", "Yes", "Skip")
    page.get_by_label("Arch their back").check()
    page.get_by_label("Cry or grimace").check()
    page.locator(".several button").click()
    expect(page.locator("#message-4 .mine")).to_have_text("2 4")
    page.locator("#message-4 .moves").get_by_role("button", name="Leave the check").click()
    expect(page.locator("#message-5 .mine")).to_have_text("Leave the check")


def test_a_message_cannot_bring_html_into_the_page(open_staff: OpenStaff) -> None:
    page = open_staff(role="viewer", bypass_csp=True)
    fired: list[str] = []

    def note(dialog: Dialog) -> None:
        fired.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    evil = '"><img src=x onerror=alert(1)><script>alert(2)</script></template> not breathing'
    attempt(page, evil, evil.replace("not breathing", ""))
    expect(page.locator("#message-1 .mine")).to_have_text(evil)
    assert page.locator("main img, main script").count() == 0
    assert fired == []


def test_the_engine_being_down_is_said_in_plain_words(open_staff: OpenStaff, site: Site) -> None:
    page = open_staff(role="viewer")
    site.rasa.fail = "refused"
    try:
        attempt(page, "my baby keeps crunching up when he wakes", "how does vigabatrin work")
    finally:
        site.rasa.fail = ""
    expect(page.get_by_role("status")).to_contain_text("The language engine does not answer")
    expect(page.locator("#message-1 .mine mark.urgent")).to_be_visible()
    expect(page.locator("#message-2 .frame")).to_contain_text("Please call")
