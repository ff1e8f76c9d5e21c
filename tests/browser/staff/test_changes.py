"""A change from the editor's first word to the family's page and back, by mouse and keyboard."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.compose import today_utc
from tests.browser.scripted import Site
from tests.browser.staff.conftest import OpenStaff
from tests.browser.test_accessibility import AXE, violations
from tests.conftest import DATA

pytestmark = pytest.mark.browser
NEW = "IESS is a rare form of epilepsy in children."
LATER = (today_utc() + dt.timedelta(days=300)).isoformat()
LINE = "An electroencephalogram (EEG) is the main test for IESS."
NARROW = {"viewport": {"width": 320, "height": 700}}
DARK = {"color_scheme": "dark"}


def look(page: Page, name: str) -> None:
    """A picture, where somebody wants to look at one."""
    if folder := os.environ.get("STAFF_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def fits(page: Page) -> bool:
    """True where nothing has to be scrolled sideways."""
    width: bool = page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    return width


def test_a_change_is_written_approved_published_and_put_back(
    open_staff: OpenStaff, site: Site
) -> None:
    editor = open_staff("/staff/drafts", "editor", "Anna Alm")
    editor.get_by_label("Which text?").select_option("answer/what_is")
    editor.get_by_role("button", name="Begin").press("Enter")
    first = editor.get_by_label("Sentence 1: Words").first
    first.fill("IESS takes 45 minutes.")
    editor.get_by_role("button", name="Save and check").click()
    expect(editor.get_by_text("must be settled")).to_be_visible()
    expect(editor.get_by_text("A number has no quote behind it").first).to_be_visible()
    expect(editor.get_by_role("button", name="Hand in for a second person")).to_have_count(0)
    look(editor, "draft-problem")
    first = editor.get_by_label("Sentence 1: Words").first
    expect(first).to_have_attribute("aria-invalid", "true")
    first.fill(NEW)
    editor.get_by_label("Why (for the second person)").fill("Shorter")
    editor.get_by_role("button", name="Save and check").click()
    expect(editor.get_by_text("Every check passes.")).to_be_visible()
    look(editor, "draft-sound")
    editor.get_by_role("button", name="Hand in for a second person").click()
    expect(editor.get_by_text("so a second person has to approve it")).to_be_visible()
    address = editor.url.removeprefix(site.url)

    approver = open_staff(address, "approver", "Ben Berg")
    approver.get_by_label("English", exact=True).check()
    approver.get_by_label("Last day of the approval").fill(LATER)
    look(approver, "approve")
    approver.get_by_role("button", name="Approve").click()
    expect(approver.get_by_text("approved by Ben Berg")).to_be_visible()
    approver.get_by_role("button", name="Publish now").click()
    expect(approver.get_by_text("Families read it within five seconds")).to_be_visible()
    family = open_staff("/")
    expect(family.get_by_text(NEW)).to_be_visible()

    approver.get_by_role("link", name="All versions").click()
    look(approver, "history")
    approver.get_by_role("button", name="Put this text back").click()
    expect(approver.get_by_text("Put back.")).to_be_visible()
    family.reload()
    expect(family.get_by_text(NEW)).to_have_count(0)


def test_two_editors_see_both_texts(open_staff: OpenStaff, site: Site) -> None:
    anna = open_staff("/staff/drafts", "editor", "Anna Alm")
    anna.get_by_label("Which text?").select_option("answer/pain")
    anna.get_by_role("button", name="Begin").click()
    address = anna.url.removeprefix(site.url)
    eve = open_staff(address, "editor", "Eve Ek", bypass_csp=True)
    anna.get_by_label("Sentence 1: Words").first.fill("The spasms are not painful.")
    anna.get_by_role("button", name="Save and check").click()
    eve.get_by_label("Sentence 1: Words").first.fill("They are not painful.")
    eve.get_by_role("button", name="Save and check").click()
    expect(eve.get_by_role("heading", level=1)).to_contain_text("Someone else has saved")
    look(eve, "conflict")
    if AXE.exists():
        assert violations(eve) == []
    eve.get_by_role("link", name="Keep theirs").click()
    expect(eve.get_by_label("Sentence 1: Words").first).to_have_value("The spasms are not painful.")


def test_the_changed_page(open_staff: OpenStaff) -> None:
    editor = open_staff("/staff/source", "editor", "Anna Alm", bypass_csp=True)
    look(editor, "source")
    text = (DATA / "source" / "iess.txt").read_text(encoding="utf-8")
    changed = text.replace(LINE, f"An EEG is the most important test. {LINE[:20]} helps.")
    editor.get_by_label("Text of the page").fill(changed)
    editor.get_by_role("button", name="Compare").click()
    expect(editor.get_by_text("no longer stand on it")).to_be_visible()
    look(editor, "source-changed")
    if AXE.exists():
        assert violations(editor) == []
    editor.get_by_role("button", name="Take the answer away").first.click()
    expect(editor.get_by_text("This answer goes when the new page comes")).to_be_visible()
    editor.get_by_role("button", name="Put it away").click()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core comes with npm, and here is no Node")
@pytest.mark.parametrize("options", [{}, DARK, NARROW], ids=["light", "dark", "narrow"])
def test_axe_finds_nothing_and_nothing_is_cut(
    open_staff: OpenStaff, options: dict[str, object]
) -> None:
    page = open_staff("/staff/drafts", "approver", bypass_csp=True, **options)
    name = next(iter(options), "light")
    found = {"drafts": violations(page)}
    look(page, f"drafts-{name}")
    for text in ("answer/signs", "safety/emergency.choking", "check/spasm_check"):
        page.get_by_label("Which text?").select_option(text)
        page.get_by_role("button", name="Begin").click()
        assert fits(page), text
        found[text] = violations(page)
        look(page, f"{text.replace('/', '-')}-{name}")
        page.get_by_role("button", name="Put it away").click()
    for path in ("/staff/switch", "/staff/source", "/staff/texts/answer/eeg"):
        page.goto(page.url.split("/staff")[0] + path)
        assert fits(page), path
        found[path] = violations(page)
        look(page, f"{path.rpartition('/')[2]}-{name}")
    assert {place: lines for place, lines in found.items() if lines} == {}
