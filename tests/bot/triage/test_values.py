"""Durations, ages and temperatures, as people write them."""

from __future__ import annotations

import pytest

from bot.text import fold
from bot.triage.values import read_values, tags

MINUTE = 60.0


def read(text: str, kind: str) -> list[float]:
    return [value.amount for value in read_values(fold(text)) if value.kind == kind]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7 min", 7 * MINUTE),
        ("7min", 7 * MINUTE),
        ("ten minits", 10 * MINUTE),
        ("10 mins", 10 * MINUTE),
        ("half an hour", 30 * MINUTE),
        ("media hora", 30 * MINUTE),
        ("an hour and a half", 90 * MINUTE),
        ("hace 20 minutos", 20 * MINUTE),
        ("15 seconds", 15.0),
        ("for six weeks", 6 * 7 * 86400.0),
        ("gave it at 7:10 its 7:17", 7 * MINUTE),
        ("my timer says 6:41", 6 * MINUTE + 41),
    ],
)
def test_duration(text: str, seconds: float) -> None:
    assert read(text, "duration") == [seconds]


@pytest.mark.parametrize(
    "text",
    ["for 2 episodes", "7 mg", "room 12", "at 7:10", "2 doses", "a mint", "5k run", "12 spasms"],
)
def test_no_duration(text: str) -> None:
    assert read(text, "duration") == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("10 wks old", 70),
        ("he is 6 semanas", 42),
        ("4 mo", 4 * 30.4),
        ("newborn", 14),
        ("recién nacido", 14),
        ("3 weeks old", 21),
        ("baby born 12 days ago", 12),
        ("19 day old", 19),
    ],
)
def test_age(text: str, days: float) -> None:
    assert read(text, "age") == pytest.approx([days])


@pytest.mark.parametrize(
    "text",
    [
        "for 6 weeks",
        "6 weeks ago",
        "in 3 months",
        "after 2 weeks",
        "every 3 days",
        "2 min",
        "x 4",
        "week",
    ],
)
def test_no_age(text: str) -> None:
    assert read(text, "age") == []


@pytest.mark.parametrize(
    ("text", "celsius"),
    [
        ("temp 101.2", 38.44),
        ("39C", 39),
        ("39 de fiebre", 39),
        ("104", 40),
        ("100.4 rectal", 38),
        ("fever of 103", 39.44),
        ("38,5 de temperatura", 38.5),
    ],
)
def test_temperature(text: str, celsius: float) -> None:
    assert read(text, "temperature") == pytest.approx([celsius], abs=0.01)


@pytest.mark.parametrize(
    "text",
    [
        "room 101",
        "38 weeks",
        "100 mg",
        "39 spasms",
        "104 dollars and hot",
        "sat 99 all night",
        "bus 36",
    ],
)
def test_no_temperature(text: str) -> None:
    assert read(text, "temperature") == []


@pytest.mark.parametrize(
    ("text", "tag", "holds"),
    [
        ("5 minutes", "#dur5m", True),
        ("4 minutes", "#dur5m", False),
        ("15 seconds", "#dur10s", True),
        ("3 weeks", "#dur5m", False),
        ("10 weeks old", "#newborn", True),
        ("4 months old", "#newborn", False),
        ("temp 100.4", "#fever", True),
        ("temp 99.9", "#fever", False),
    ],
)
def test_tags(text: str, tag: str, holds: bool) -> None:
    found = [name for value in read_values(fold(text)) for name in tags(value)]
    assert (tag in found) is holds


def test_spans_lie_in_the_text_and_do_not_overlap() -> None:
    text = fold("3 weeks old, 100.9 for half an hour, then 10 min")
    last = 0
    for value in read_values(text):
        assert last <= value.start < value.end <= len(text)
        last = value.end


@pytest.mark.parametrize(
    ("text", "name", "holds"),
    [
        ("temp 37.9", "#warm", True),
        ("temp 98.2", "#warm", False),
        ("9 day old, cold, 35.2", "#cold", True),
        ("she will not warm up, 95.9", "#cold", True),
        ("temp 36.8", "#cold", False),
        ("it costs 35.20", "#temp", False),
    ],
)
def test_warm_and_cold(text: str, name: str, holds: bool) -> None:
    found = {tag for value in read_values(fold(text)) for tag in tags(value)}
    assert (name in found) is holds
