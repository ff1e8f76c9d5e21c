from __future__ import annotations

import csv
import io

from bot.gateway.staff.desk import Desk
from bot.store.audit import check_chain, read_export
from bot.store.staff import Staff
from tests.gateway.staff.conftest import As


def fill(desk: Desk, count: int) -> None:
    person = Staff(7, "Kim", "kim@hospital.example", "editor")
    for number in range(count):
        desk.audit.record(person, "draft.save", f"topic-{number}", {"version": number})


def test_lines_are_filtered_and_paged(as_role: As, desk: Desk) -> None:
    admin = as_role("admin")
    fill(desk, 60)
    first = admin.get("/staff/audit").text
    assert "topic-59" in first
    assert "topic-9<" not in first
    assert "topic-9<" in admin.get("/staff/audit?before=20").text
    only = admin.get("/staff/audit?subject=topic-3&action=draft.save&actor=Kim@hospital.example")
    assert only.text.count('<td data-label="When"') == 1
    assert "No line fits" in admin.get("/staff/audit?until=2020-01-01").text
    assert "topic-59" in admin.get("/staff/audit?since=nonsense").text


def test_an_export_checks_by_itself_and_is_in_the_log(as_role: As, desk: Desk) -> None:
    admin = as_role("admin")
    fill(desk, 3)
    response = admin.post("/staff/audit/export?form=jsonl")
    assert "attachment" in response.headers["content-disposition"]
    count, last = check_chain(read_export(response.text.splitlines()))
    assert (count, last) == desk.audit.verify()
    assert [e.action for e in desk.audit.entries()][-1] == "audit.export"


def test_a_spreadsheet_runs_nothing(as_role: As, desk: Desk) -> None:
    admin = as_role("admin")
    desk.audit.record(Staff(7, "K", "=cmd()@hospital.example", "editor"), "draft.save", "@x")
    text = admin.post("/staff/audit/export?form=csv&action=draft.save").text
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["actor"] == "'=cmd()@hospital.example"
    assert row["subject"] == "'@x"


def test_the_check_says_how_it_stands(as_role: As, desk: Desk) -> None:
    admin = as_role("admin")
    page = admin.get("/staff/audit/check").text
    assert desk.audit.verify()[1] in page
