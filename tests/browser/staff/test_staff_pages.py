"""Sign-in, accounts, audit log and documents, as staff meet them, with mouse and keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from bot.store.staff import Accounts
from tests.browser.staff.conftest import SYSTEM, OpenStaff
from tests.browser.test_accessibility import AXE, SCHEMES, violations

pytestmark = pytest.mark.browser
PASSWORD = "a quiet lamp beside the window"
NARROW = {"viewport": {"width": 320, "height": 640}}


def sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


def test_sign_in_leads_to_the_page_that_was_asked_for(
    open_staff: OpenStaff, accounts: Accounts
) -> None:
    accounts.add(SYSTEM, "kim@hospital.example", "Kim Lee", "viewer", PASSWORD)
    page = open_staff("/staff/intended-use")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page, "kim@hospital.example", "not the right one")
    expect(page.get_by_role("alert")).to_contain_text("not right")
    expect(page.get_by_label("E-mail address")).to_have_value("kim@hospital.example")
    sign_in(page, "kim@hospital.example", PASSWORD)
    expect(page.get_by_role("heading", name="Intended use", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_an_administrator_invites_someone(open_staff: OpenStaff, scripts: bool) -> None:
    admin = open_staff("/staff/", role="admin", java_script_enabled=scripts)
    admin.get_by_role("navigation").get_by_role("link", name="Accounts").click()
    email = f"new-{scripts}@hospital.example".lower()
    admin.get_by_label("E-mail address").fill(email)
    admin.get_by_label("Name", exact=True).fill("Dana Reyes, MD")
    admin.get_by_label("Role").select_option("approver")
    admin.get_by_role("button", name="Add").click()
    link = re.search(r"/staff/welcome\S+", admin.locator(".notice code").inner_text())
    assert link
    person = open_staff(link.group(0), java_script_enabled=scripts)
    for label in ("New password", "The same once more"):
        person.get_by_label(label).fill(PASSWORD)
    person.get_by_role("button", name="Set the password").click()
    expect(person.get_by_text("Your password is set")).to_be_visible()
    sign_in(person, email, PASSWORD)
    expect(person.get_by_role("heading", name="Hello, Dana Reyes, MD")).to_be_visible()
    admin.get_by_role("link", name="All accounts").click()
    admin.get_by_role("row", name=email).get_by_role("link").click()
    admin.get_by_role("button", name="Disable this account").click()
    expect(admin.get_by_text("disabled and signed out")).to_be_visible()
    person.reload()
    expect(person.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_audit_log_is_filtered_exported_and_checked(open_staff: OpenStaff) -> None:
    page = open_staff("/staff/audit", role="admin")
    page.get_by_label("What").select_option(label="Added an account")
    page.get_by_role("button", name="Show", exact=True).click()
    rows = page.locator("tbody tr")
    assert rows.count() >= 1
    expect(rows.first).to_contain_text("Added an account")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    page.get_by_role("link", name="Check that").click()
    expect(page.get_by_text("lines are as they were written")).to_be_visible()


def test_the_keyboard_reaches_the_page_and_its_forms(open_staff: OpenStaff) -> None:
    page = open_staff("/staff/accounts", role="admin")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    seen: list[str] = []
    # Other tests have added accounts: the way to the form may be long.
    while "primary" not in seen and len(seen) < 400:
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
    assert [name for name in seen if name in ("email", "name", "role", "primary")][:4] == [
        "email",
        "name",
        "role",
        "primary",
    ]


CONTROLS = ":is(button, a, select, textarea, input):not([type=hidden])"
PAGES = ["/staff/", "/staff/me", "/staff/accounts", "/staff/audit", "/staff/audit/check"]
PAGES += ["/staff/intended-use", "/staff/help", "/staff/nothing"]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core comes with npm, and here is no Node")
@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing(open_staff: OpenStaff, accounts: Accounts, scheme: str) -> None:
    options = {"bypass_csp": True, **SCHEMES[scheme]}
    page = open_staff("/staff/", role="admin", **options)
    base = page.url.removesuffix("/staff/")
    other = accounts.add(SYSTEM, f"axe-{scheme}@hospital.example", "Sam", "viewer")
    found = {}
    for path in (*PAGES, f"/staff/accounts/{other}"):
        page.goto(base + path)
        found[path] = violations(page)
    page.get_by_role("button", name="Make a link").click()
    found["link"] = violations(page)
    page.goto(base + "/staff/accounts")
    page.get_by_label("E-mail address").fill("sam@localhost")
    page.get_by_label("Name", exact=True).fill("S")
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".error")).to_be_visible()
    found["wrong field"] = violations(page)
    out = open_staff("/staff/sign-in", **options)
    found["sign-in"] = violations(out)
    sign_in(out, "a@hospital.example", "wrong")
    expect(out.get_by_role("alert")).to_be_visible()
    found["sign-in, wrong"] = violations(out)
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_narrow_screens_do_not_scroll_sideways(open_staff: OpenStaff, accounts: Accounts) -> None:
    page = open_staff("/staff/", role="admin", name="Bartholomew Featherstonehaugh", **NARROW)
    base = page.url.removesuffix("/staff/")
    other = accounts.add(SYSTEM, f"{'n' * 50}@hospital.example", "Sam", "viewer")
    for path in (*PAGES, f"/staff/accounts/{other}"):
        page.goto(base + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


SMALL = """(all) => all.filter((e) => e.checkVisibility() && !e.closest("p, td, code, .foot"))
  .map((e) => [e.outerHTML.slice(0, 70), e.getBoundingClientRect()])
  .filter(([, b]) => b.right > 0 && b.height < 44).map(([html, b]) => `${html} ${b.height}`)"""


def test_targets_are_44_pixels_high(open_staff: OpenStaff) -> None:
    page = open_staff("/staff/", role="admin", **NARROW)
    base = page.url.removesuffix("/staff/")
    for path in PAGES:
        page.goto(base + path)
        targets = page.locator(CONTROLS)
        assert targets.evaluate_all(SMALL) == [], path
