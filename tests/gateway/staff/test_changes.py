"""The library tells who changed an item last, who signed it, and what it said before."""

from __future__ import annotations

import datetime as dt

from bot.gateway.service import Service
from bot.overlay import base_body
from bot.store.content import Text
from bot.store.publishing import Publisher
from bot.store.staff import Staff
from tests.conftest import DATA
from tests.gateway.staff.conftest import As

ANNA = Staff(101, "Anna <b>Ray</b>", "anna@hospital.example", "editor")
BEN = Staff(102, "Ben Osei", "ben@hospital.example", "approver")
TODAY = dt.date(2026, 11, 26)
LATER = dt.date(2028, 11, 25)


def publish(service: Service, kind: str, key: str, body: str, note: str) -> None:
    content = service.content
    live = service.live.content.versions.get((kind, key))
    draft = content.begin(
        kind, key, Text(body, ("en",), note=note), ANNA, base=live.id if live else None
    )
    sent = content.submit(draft.id, draft.revision, ANNA)
    content.approve(sent.id, sent.revision, ("en",), BEN, on=TODAY, expires=LATER)
    Publisher(service.store.engine).publish(sent.id, BEN, lambda _: None)
    service.live.look()


def test_a_published_change_is_shown_with_its_signature_and_difference(
    as_role: As, service: Service
) -> None:
    viewer, path = as_role("viewer"), "/staff/library/answer/eeg"
    assert "the one that the software came with" in viewer.get(path).text
    body = base_body(DATA, "answer", "eeg")
    assert "is the main test" in body
    publish(
        service, "answer", "eeg", body.replace("is the main test", "is the first test", 1), "why"
    )
    page = viewer.get(path).text
    assert "Version 1, written by Anna &lt;b&gt;Ray&lt;/b&gt;, published on" in page
    assert "English: Ben Osei on November 26, 2026, until November 25, 2028" in page
    assert "<del>main </del><ins>first </ins>" in page
    assert "Signed by Ben Osei" in page
    assert "It did not change what is read in Spanish." in viewer.get(f"{path}?lang=es").text
    # The next change is compared with this one, not with the text in data/.
    publish(service, "answer", "eeg", body.replace("is the main test", "is the best test", 1), "")
    assert "<del>first </del><ins>best </ins>" in viewer.get(path).text


def test_a_changed_safety_text_is_found_and_compared(as_role: As, service: Service) -> None:
    viewer = as_role("viewer")
    body = base_body(DATA, "safety", "emergency.choking")
    assert "Stay on the line" in body
    publish(
        service, "safety", "emergency.choking", body.replace("Stay on the line", "Wait there"), ""
    )
    page = viewer.get("/staff/library/safety/emergency.choking").text
    assert "<ins>Wait there." in page
    found = viewer.get("/staff/library?kind=safety&q=wait+there").text
    assert "emergency.choking" in found
    assert "emergency.seizure" not in found
