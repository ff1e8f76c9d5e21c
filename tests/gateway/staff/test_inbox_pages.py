"""Inbox, watch list and incidents, as each role sees them."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest
import yaml

from bot.gateway.staff.desk import Desk
from bot.store import Inbox
from bot.store.audit import Filter
from bot.store.inbox import INBOX, WATCH, NewText
from tests.gateway.staff.conftest import As

ATTACK = '<script>alert(1)</script><img src=x onerror=alert(2)> "onclick="x" {{ 7*7 }} \'"'
TEXT = NewText("unsure", "web", "en", "eeg", "routine", "does the eeg test hurt")


@pytest.fixture
def kept(desk: Desk) -> Inbox:
    return Inbox(desk.engine, desk.audit)


def key_of(kept: Inbox, reasons: tuple[str, ...] = INBOX) -> int:
    return kept.waiting(reasons)[0].id


@pytest.mark.parametrize("place", ["/staff/inbox", "/staff/watch"])
def test_a_viewer_sees_how_many_and_no_text(as_role: As, kept: Inbox, place: str) -> None:
    kept.add([TEXT, replace(TEXT, reason="near")])
    page = as_role("viewer").get(place)
    assert page.status_code == 200
    assert TEXT.text not in page.text
    assert "<strong>1</strong>" in page.text
    assert TEXT.text in as_role("editor").get(place).text


@pytest.mark.parametrize("place", ["/staff/inbox", "/staff/watch"])
def test_what_a_family_wrote_is_text_and_no_html(as_role: As, kept: Inbox, place: str) -> None:
    kept.add([replace(TEXT, text=ATTACK), replace(TEXT, reason="sample", text=ATTACK)])
    page = as_role("editor").get(place).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert html.escape("{{ 7*7 }}") in page


def test_texts_are_labelled_as_reduced(as_role: As, kept: Inbox) -> None:
    kept.add([TEXT])
    editor = as_role("editor")
    for place in ("/staff/inbox", "/staff/watch"):
        assert "Reduced, not de-identified" in editor.get(place).text


def test_an_editor_accepts_and_exports(as_role: As, kept: Inbox, desk: Desk) -> None:
    kept.add([TEXT, replace(TEXT, text="¿duele el EEG?", lang="es")])
    editor = as_role("editor")
    keys = [str(text.id) for text in kept.waiting(INBOX)]
    for key in keys:
        form = {"decision": "accept", "topic": "eeg", "text": key}
        assert editor.post("/staff/inbox/settle", form).status_code == 303
    assert kept.count(INBOX) == 0
    file = editor.get("/staff/inbox/examples-es.yml")
    assert file.headers["content-disposition"] == 'attachment; filename="inbox-es.yml"'
    assert yaml.safe_load(file.text)["nlu"] == [{"intent": "eeg", "examples": "- ¿duele el EEG?\n"}]
    actions = [entry.action for entry in desk.audit.page(Filter())][:3]
    assert actions == ["inbox.export", "inbox.accepted", "inbox.accepted"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"decision": "accept", "topic": "eeg"}, "No question was chosen"),
        ({"decision": "accept", "topic": "", "text": "KEY"}, "Choose the right topic"),
        ({"decision": "accept", "topic": "<b>", "text": "KEY"}, "Choose the right topic"),
        ({"decision": "accept", "topic": "eeg", "text": "999999"}, "settled by someone else"),
    ],
)
def test_a_form_that_is_not_complete_changes_nothing(
    as_role: As, kept: Inbox, form: dict[str, str], said: str
) -> None:
    kept.add([TEXT])
    key = str(key_of(kept))
    editor = as_role("editor")
    filled = {name: value.replace("KEY", key) for name, value in form.items()}
    response = editor.post("/staff/inbox/settle", filled)
    assert response.status_code == 303
    assert said in editor.get("/staff/inbox").text
    assert kept.count(INBOX) == 1


def test_questions_are_taken_off_the_list(as_role: As, kept: Inbox) -> None:
    kept.add([TEXT])
    form = {"decision": "dismiss", "text": str(key_of(kept))}
    assert as_role("editor").post("/staff/inbox/settle", form).status_code == 303
    assert kept.count(INBOX) == 0
    assert not kept.accepted()


def test_without_accepted_questions_there_is_no_file(as_role: As, kept: Inbox) -> None:
    assert as_role("editor").get("/staff/inbox/examples-en.yml").status_code == 303


def test_a_missed_danger_from_the_list_to_its_closing(as_role: As, kept: Inbox) -> None:
    kept.add([replace(TEXT, reason="near", text=ATTACK)])
    editor, viewer = as_role("editor"), as_role("viewer")
    key = key_of(kept, WATCH)
    opened = editor.post(f"/staff/watch/{key}/missed", {"expected": "emergency"})
    place = opened.headers["location"]
    assert place.startswith("/staff/watch/incidents/")
    assert kept.count(WATCH) == 0
    again = editor.post(f"/staff/watch/{key}/missed", {"expected": "urgent"})
    assert again.headers["location"] == "/staff/watch"
    assert editor.post(f"{place}/note", {"note": " "}).status_code == 422
    assert editor.post(f"{place}/note", {"note": "x" * 4001}).status_code == 422
    assert editor.post(f"{place}/note", {"note": ATTACK}).status_code == 303
    shown = editor.get(place).text
    assert shown.count("&lt;script&gt;alert(1)") == 2
    assert "<script>alert" not in shown
    assert viewer.get(place).status_code == 403
    assert "Incident" in viewer.get("/staff/watch/incidents").text
    assert "alert(1)" not in viewer.get("/staff/watch/incidents").text
    assert editor.post(f"{place}/close", {"closing": "whatever"}).status_code == 422
    closed = editor.post(f"{place}/close", {"closing": "rule_added"})
    assert closed.headers["location"] == "/staff/watch/incidents"
    assert "A rule was added or changed" in editor.get("/staff/watch/incidents").text
    late = editor.post(f"{place}/note", {"note": "late"})
    assert late.status_code == 422
    assert "closed" in late.text


def test_a_message_without_a_missed_danger_is_done(as_role: As, kept: Inbox) -> None:
    kept.add([replace(TEXT, reason="sample")])
    editor = as_role("editor")
    key = key_of(kept, WATCH)
    assert editor.post(f"/staff/watch/{key}/fine").status_code == 303
    assert kept.count(WATCH) == 0
    editor.post(f"/staff/watch/{key}/fine")
    assert "Someone else has settled it already." in editor.get("/staff/watch").text


def test_a_hospital_that_keeps_nothing_is_told_so(as_role: As, desk: Desk) -> None:
    editor = as_role("editor")
    service = editor.client.app.state.service  # type: ignore[attr-defined]
    service.recorder.settings = replace(service.recorder.settings, keep=False)
    for place in ("/staff/inbox", "/staff/watch"):
        assert "This hospital keeps no" in editor.get(place).text
