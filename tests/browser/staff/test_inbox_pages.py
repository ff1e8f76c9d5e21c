"""Inbox, watch list, incidents and figures in a real browser."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from bot.encoder import pack
from bot.store import Audit, Feedback, Figures, Inbox, Incidents, Staff, Vote
from bot.store.figures import FIGURES, Cell
from bot.store.inbox import INBOX, WATCH, NewText
from bot.store.inbox_tables import INCIDENTS, KEPT, NOTES
from tests.browser.staff.conftest import OpenStaff
from tests.browser.test_accessibility import AXE, SCHEMES, violations
from tests.conftest import WordEncoder

pytestmark = pytest.mark.browser
NARROW = {"viewport": {"width": 320, "height": 640}}
EDITOR = Staff(0, "Test", "test", "admin")
ATTACK = "<img src=x onerror=document.title='broken'> what now"
TEXT = NewText("unsure", "web", "en", "eeg", "routine", "")
QUESTIONS = (
    ("unanswered", "en", "other_medical", "does vitamin b6 help with the spasms, [name] says so"),
    ("unsure", "en", "eeg", "does the eeg test hurt my baby"),
    ("unsure", "en", "eeg", "does an eeg test hurt the baby"),
    ("unhelpful", "en", "eeg", "does the eeg test hurt [name]"),
    ("unanswered", "es", None, "¿me pueden marcar al [number]?"),
    ("unsure", "en", None, ATTACK),
)
SEEN = (
    ("near", "urgent", "she went stiff for a while and now sleeps a lot since [date]"),
    ("near", "routine", "sus ojos se van para arriba cuando despierta"),
    ("sample", "routine", ATTACK),
)
PATHS = ("inbox", "watch", "watch/incidents", "figures", "figures?month=2031-01")


@pytest.fixture
def texts(staff_database: sa.Engine) -> Iterator[Inbox]:
    """Kept texts, an incident, and the figures of this month."""
    inbox, audit = Inbox(staff_database), Audit(staff_database)
    vectors = WordEncoder().encode([text for *_, text in QUESTIONS])
    inbox.add(
        [
            replace(TEXT, reason=why, lang=lang, topic=topic, text=text, vector=pack(vector))
            for (why, lang, topic, text), vector in zip(QUESTIONS, vectors, strict=True)
        ]
    )
    inbox.add([replace(TEXT, reason=why, urgency=level, text=text) for why, level, text in SEEN])
    inbox.add([replace(TEXT, reason="near", text="head drops in a row after waking")])
    incidents = Incidents(staff_database, audit)
    key = incidents.open(EDITOR, inbox.waiting(WATCH)[0].id, "urgent")
    incidents.note(EDITOR, key, "Rule for “head drops” is in review.")
    _count(staff_database)
    yield inbox
    with staff_database.begin() as connection:
        for table in (KEPT, INCIDENTS, NOTES, FIGURES):
            connection.execute(table.delete())


def _count(engine: sa.Engine) -> None:
    month = dt.datetime.now(dt.timezone.utc).strftime("%Y-%m")
    topics = ("signs", "eeg", "vigabatrin", "treatment", "none")
    for day in range(1, 29):
        for place, topic in enumerate(topics):
            channel, lang = ("sms", "es") if place == 2 else ("web", "en")
            values = {
                "topic": topic,
                "urgency": "urgent" if topic == "none" else "routine",
                "outcome": "unanswered" if topic == "treatment" else "answered",
                "time": ("20", "30", "50", "75", "30")[place],
            }
            number = (day * 7 + place * 5) % 23 + 1
            cells = {
                Cell(f"{month}-{day:02}", channel, lang, m, v): number for m, v in values.items()
            }
            Figures(engine).add(cells)
    for voter in range(30):
        Feedback(engine).add(Vote("eeg", "en", voter % 4 > 0), f"voter {voter}")


def go(page: Page, path: str) -> None:
    page.goto(f"{page.url.split('/staff')[0]}/staff/{path}")


@pytest.mark.skipif(not AXE.exists(), reason="axe-core comes with npm, and here is no Node")
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_axe_finds_nothing(open_staff: OpenStaff, texts: Inbox, scheme: str, role: str) -> None:
    page = open_staff(role=role, bypass_csp=True, **SCHEMES[scheme])
    states = {}
    for path in PATHS:
        go(page, path)
        states[path] = violations(page)
    if role == "editor":
        go(page, "watch/incidents")
        page.get_by_role("link", name=re.compile("^Incident")).first.click()
        states["incident"] = violations(page)
        page.get_by_label("Add a note").evaluate("field => field.required = false")
        page.get_by_role("button", name="Add the note").click()
        page.get_by_text("Write a note of").wait_for()
        states["refused"] = violations(page)
    assert {name: found for name, found in states.items() if found} == {}


def test_nothing_is_cut_off_on_a_narrow_page(open_staff: OpenStaff, texts: Inbox) -> None:
    page = open_staff(role="editor", **NARROW)
    for path in PATHS:
        go(page, path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_what_a_family_wrote_runs_nowhere(open_staff: OpenStaff, texts: Inbox) -> None:
    page = open_staff(role="editor")
    for path in ("inbox", "watch"):
        go(page, path)
        expect(page.get_by_text("<img src=x").first).to_be_visible()
        assert page.locator("main img").count() == 0
        assert "broken" not in page.title()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_group_is_settled_by_keyboard(open_staff: OpenStaff, texts: Inbox, scripts: bool) -> None:
    page = open_staff("/staff/inbox", role="editor", java_script_enabled=scripts)
    group = page.get_by_role("form", name="1. 3 questions that ask alike")
    expect(group.get_by_label("Right topic")).to_have_value("eeg")
    box = group.get_by_role("checkbox").first
    box.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(group.get_by_role("checkbox").nth(1)).to_be_focused()
    group.get_by_role("button", name="Accept as examples").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text(
        "Questions: 2 now wait as training examples for review."
    )
    assert len(texts.accepted()) == 2
    with page.expect_download() as download:
        page.get_by_role("link", name="English").click()
    assert download.value.suggested_filename == "inbox-en.yml"
    assert texts.count(INBOX) == 4


def test_a_missed_danger_becomes_an_incident(open_staff: OpenStaff, texts: Inbox) -> None:
    page = open_staff("/staff/watch", role="editor")
    card = page.get_by_role("region").filter(has_text="she went stiff")
    card.get_by_label("It should have been").select_option("emergency")
    card.get_by_role("button", name="Missed danger").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Incident")
    page.get_by_label("Add a note").fill("Seen with the nurse.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_text("Seen with the nurse.")).to_be_visible()
    page.get_by_label("What was done").select_option("rule_added")
    page.get_by_role("button", name="Close the incident").click()
    expect(page.get_by_role("row").filter(has_text="A rule was added")).to_be_visible()


def test_charts_have_their_figures_in_tables(open_staff: OpenStaff, texts: Inbox) -> None:
    page = open_staff("/staff/figures", role="viewer")
    topics = page.get_by_role("region", name="Topics")
    assert topics.locator(".bars svg").count() == topics.locator("tbody tr").count() == 5
    days = page.get_by_role("region", name="Messages by day")
    days.get_by_text("Table by day").click()
    expect(days.get_by_role("row").nth(1)).to_be_visible()
    figures = days.locator("tbody td").filter(has_text=re.compile("^[1-9]"))
    assert days.locator("rect").count() == figures.count() > 20
