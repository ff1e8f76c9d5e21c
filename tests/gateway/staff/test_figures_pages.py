from __future__ import annotations

import re

import pytest

from bot.gateway.staff.desk import Desk
from bot.store import Feedback, Figures, Vote
from bot.store.figures import Cell
from tests.gateway.staff.conftest import As

MONTH = "2026-02"


def count(desk: Desk, day: str, number: int, channel: str = "web", topic: str = "eeg") -> None:
    values = {"topic": topic, "urgency": "routine", "outcome": "answered", "time": "30"}
    cells = {Cell(f"{MONTH}-{day}", channel, "en", m, v): number for m, v in values.items()}
    Figures(desk.engine).add(cells)


def shown(as_role: As, month: str = MONTH) -> str:
    response = as_role("viewer").get(f"/staff/figures?month={month}")
    assert response.status_code == 200
    return response.text


def test_a_month_is_shown_with_charts_and_tables(as_role: As, desk: Desk) -> None:
    count(desk, "03", 1200)
    count(desk, "04", 34, topic="signs")
    page = shown(as_role)
    assert "<dd>1,234</dd>" in page
    assert page.count("<svg") >= 6
    assert page.count("<rect") >= 7
    rows = re.findall(r'<th scope="row">([^<]+)</th><td class="number">([^<]+)</td>', page)
    assert ("EEG test", "1,200") in rows
    assert ("Tue 03 Feb", "1,200") in rows
    assert ("Thu 05 Feb", "0") in rows
    assert "<dd>30 ms</dd>" in page
    assert ("20 to 30 ms", "1,234") in rows


def test_a_figure_under_5_is_not_shown_and_not_the_one_that_would_tell_it(
    as_role: As, desk: Desk
) -> None:
    count(desk, "03", 40)
    count(desk, "04", 3, channel="sms")
    page = shown(as_role)
    rows = re.findall(r'<th scope="row">(Website|SMS)</th><td class="number">([^<]+)</td>', page)
    assert rows == [("Website", "&lt;5 or held back"), ("SMS", "&lt;5 or held back")]
    assert "What families got, by channel" in page
    assert "Not shown: a figure in it would be under 5" in page


def test_of_too_few_messages_nothing_is_shown(as_role: As, desk: Desk) -> None:
    count(desk, "03", 4)
    page = shown(as_role)
    assert f"Too few messages in {MONTH}" in page
    assert "<rect" not in page


def test_votes_are_shown_with_their_share(as_role: As, desk: Desk) -> None:
    feedback = Feedback(desk.engine)
    for voter in range(18):
        feedback.add(Vote("eeg", "en", voter >= 6), str(voter))
    with desk.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE feedback SET day = '{MONTH}-03'")
    rows = re.findall(r'<td class="number">([^<]+)</td>', shown(as_role).split('id="votes"')[1])
    assert rows == ["12", "6", "67 %"]


@pytest.mark.parametrize("month", ["2026-13", "x", "2026-1", "2026-02%27", "1999-01"])
def test_what_is_no_month_is_no_page(as_role: As, month: str) -> None:
    assert as_role("viewer").get(f"/staff/figures?month={month}").status_code == 404


def test_a_month_without_messages(as_role: As) -> None:
    assert "Too few messages" in shown(as_role, "2031-01")
