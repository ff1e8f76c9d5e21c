"""WCAG 2.2 AA as far as a machine can tell: axe in each state and scheme, sizes, reflow."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.settings import ROOT
from tests.browser.conftest import PHONE, Open, say

pytestmark = pytest.mark.browser
AXE = ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}


def violations(page: Page) -> list[str]:
    """What axe finds, as lines of rule and element."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "(tags) => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })", TAGS
    )
    return [
        f"{v['id']}: {node['target']} {node['failureSummary']}"
        for v in found["violations"]
        for node in v["nodes"]
    ]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core comes with npm, and here is no Node")
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_any_state(open_page: Open, scheme: str) -> None:
    page = open_page(bypass_csp=True, **SCHEMES[scheme])
    states = {"closed": violations(page)}
    page.click("button.launch")
    page.locator(".hello .taps button").first.wait_for()
    states["open"] = violations(page)
    say(page, "What is an EEG?")
    page.get_by_text("Where the page says this").click()
    page.locator(".vote").get_by_role("button", name="No").click()
    page.locator(".reasons").wait_for()
    states["answer"] = violations(page)
    page.get_by_role("button", name="More: print, clear").click()
    states["menu"] = violations(page)
    page.get_by_role("button", name="Clear this conversation").click()
    states["sure"] = violations(page)
    page.keyboard.press("Escape")
    say(page, "¿cómo se diagnostica?")
    states["spanish"] = violations(page)
    page.locator(".flip").click()
    expect(page.locator("#title")).to_have_text("Infantile spasms guide")
    page.route("**/api/messages", lambda route: route.abort())
    say(page, "hello")
    states["trouble"] = violations(page)
    page.unroute("**/api/messages")
    say(page, "Could this be infantile spasms? Start the check.")
    for answer in ("Yes", "Skip"):
        say(page, answer)
    page.locator(".several").wait_for()
    states["boxes"] = violations(page)
    for answer in ("1 3", "Yes", "No", "Not sure", "This week", "Yes"):
        say(page, answer)
    page.locator(".doctor dl").wait_for()
    states["card"] = violations(page)
    for name, text in (
        ("urgent", "my baby keeps crunching up when he wakes"),
        ("crisis", "i want to die"),
        ("emergency", "his lips are blue and hes not breathing"),
    ):
        say(page, text)
        states[name] = violations(page)
    assert {name: found for name, found in states.items() if found} == {}


SMALL = """(all) => all.filter((e) => e.checkVisibility() && !e.closest("p, li:not(.taps li)"))
  .map((e) => e.closest("label") ?? e).map((e) => [e.outerHTML.slice(0, 60),
  e.getBoundingClientRect()]).filter(([, b]) => b.width < 44 || b.height < 44)
  .map(([html, b]) => `${html} ${b.width} x ${b.height}`)"""


def test_targets_are_44_pixels(open_page: Open) -> None:
    page = open_page(**PHONE)
    page.tap("button.launch")
    say(page, "What is an EEG?")
    page.get_by_text("Where the page says this").tap()
    page.locator(".icon").first.tap()
    targets = page.locator(".panel :is(button, a, summary, textarea, input)")
    assert targets.evaluate_all(SMALL) == []


@pytest.mark.parametrize(
    ("width", "height"), [(320, 640), (320, 256)], ids=["320 px", "1280 x 1024 at 400 %"]
)
def test_no_sideways_scrolling(open_page: Open, width: int, height: int) -> None:
    page = open_page(viewport={"width": width, "height": height})
    page.click("button.launch")
    page.locator(".hello .taps button").first.wait_for()
    say(page, "What is an EEG?")
    page.get_by_text("Where the page says this").click()
    say(page, "his lips are blue and hes not breathing")
    for part in ("html", ".panel", ".scroll"):
        locator = page.locator(part).first
        assert locator.evaluate("e => e.scrollWidth <= e.clientWidth"), part
    # The last control can be brought into sight.
    page.locator(".send").scroll_into_view_if_needed()
    expect(page.locator(".send")).to_be_in_viewport()
    page.locator(".said.emergency .call").scroll_into_view_if_needed()
    expect(page.locator(".said.emergency .call")).to_be_in_viewport()


def test_reduced_motion_is_heeded(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    page.route("**/api/messages", lambda route: None)
    page.click("button.launch")
    page.fill("textarea", "What is an EEG?")
    page.keyboard.press("Enter")
    assert page.locator(".dots i").first.evaluate("e => getComputedStyle(e).animationName") == (
        "none"
    )
