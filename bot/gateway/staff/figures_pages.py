"""Figures of a month: charts with their tables, counts only, none under 5."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from bot.disclosure import Table, share
from bot.gateway.record.exchange import SLOWER, TIMES
from bot.gateway.staff.desk import desk_of, service_of
from bot.gateway.staff.render import page
from bot.gateway.staff.security import Viewer
from bot.month import OUTCOMES, Month, helpful, month_of
from bot.store import Figures
from bot.topics import CHANNELS, LANGUAGES

MONTH = re.compile(r"2\d{3}-(0[1-9]|1[0-2])")
ENDS = (*map(str, TIMES), SLOWER)
NAMES: Mapping[str, str] = {
    "web": "Website",
    "sms": "SMS",
    "en": "English",
    "es": "Spanish",
    "emergency": "Emergency",
    "crisis": "Crisis of the caregiver",
    "urgent": "Urgent",
    "routine": "Routine",
    "answered": "Answered",
    "choice": "Questions offered to pick from",
    "unanswered": "Not answered by the page",
    "safety": "Safety text alone",
    "smalltalk": "Greeting, thanks and the like",
    "failed": "A part of the service was down",
    "none": "No topic",
    SLOWER: f"Over {TIMES[-1]:,} ms",
}
# (table, heading, what its first column is called)
CHARTS = (
    ("day", "Messages by day", "Day"),
    ("channel", "Messages by channel", "Channel"),
    ("language", "Messages by language", "Language"),
    ("outcome", "What families got", "Reply"),
    ("urgency", "Urgency of messages", "Level"),
    ("topic", "Topics", "Topic"),
    ("time", "Time until the reply", "Time"),
)

router = APIRouter()


@dataclass(frozen=True)
class Row:
    """A line of a chart and its table.

    Attributes:
        label: in plain words.
        figure: as text.
        size: of the bar, 0 to 100; None where nothing is shown.
    """

    label: str
    figure: str
    size: float | None


@dataclass(frozen=True)
class Chart:
    """A chart with its table; `by_day` is drawn as columns."""

    id: str
    heading: str
    column: str
    rows: tuple[Row, ...]
    rest: str
    by_day: bool


@router.get("/figures")
def figures(request: Request, staff: Viewer, month: str = "") -> Response:
    """The figures of a month, of this one unless another is named."""
    month = month or dt.datetime.now(dt.timezone.utc).strftime("%Y-%m")
    if not MONTH.fullmatch(month):
        raise HTTPException(404)
    store = Figures(desk_of(request).engine)
    found = month_of(month, store.of_month(month), ENDS)
    titles = {**service_of(request).pages.titles("en"), **NAMES}
    votes = service_of(request).feedback.totals(month)
    yes, no = helpful([(v.topic, v.helpful, count) for v, count in votes if not v.reason])
    return page(
        request,
        "figures.html",
        staff=staff,
        month=month,
        months=sorted({*store.months(), month}, reverse=True),
        found=found,
        charts=_charts(found, titles),
        crossed=_crossed(found),
        outcomes=OUTCOMES,
        titles=titles,
        votes=_votes(yes, no, titles),
        helpful=_share(yes.total, no.total),
    )


def _charts(month: Month, titles: Mapping[str, str]) -> list[Chart]:
    charts = []
    for name, heading, column in CHARTS:
        table = month.tables.get(name)
        if table is None:
            continue
        labels = {value: _label(name, value, titles) for value in (*table.shown, *table.held)}
        charts.append(_chart(name, heading, column, table, labels))
    return charts


def _chart(name: str, heading: str, column: str, table: Table, labels: Mapping[str, str]) -> Chart:
    highest = max(table.shown.values(), default=1)
    rows = {
        value: Row(labels[value], f"{count:,}", round(100 * count / highest, 1))
        for value, count in table.shown.items()
    }
    rows |= {value: Row(labels[value], table.label, None) for value in table.held}
    order: Sequence[str] = table.names
    if name == "topic":
        # Those without a figure would be a long list of nothing.
        order = sorted(table.shown, key=lambda value: -table.shown[value])
    rest = f"{table.rest:,}" if table.held and table.rest else ""
    return Chart(name, heading, column, tuple(rows[v] for v in order), rest, name == "day")


def _label(name: str, value: str, titles: Mapping[str, str]) -> str:
    if name == "day":
        return dt.date.fromisoformat(value).strftime("%a %d %b")
    if name == "time" and value != SLOWER:
        place = ENDS.index(value)
        least = int(ENDS[place - 1]) if place else 0
        return f"{least:,} to {int(value):,} ms"
    return titles.get(value, value)


def _crossed(
    month: Month,
) -> list[tuple[str, tuple[str, ...], Mapping[tuple[str, str], int] | None]]:
    """Tables of what families got, by channel and by language."""
    return [
        ("channel", CHANNELS, month.by_channel),
        ("language", LANGUAGES, month.by_language),
    ]


def _votes(yes: Table, no: Table, titles: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """Topic, yes, no and share, for topics with at least one figure to show."""
    lines = []
    for topic in (*yes.shown, *(t for t in no.shown if t not in yes.shown)):
        good, bad = yes.shown.get(topic), no.shown.get(topic)
        percent = share(good, good + bad) if good and bad else None
        lines.append(
            (
                titles.get(topic, topic),
                f"{good:,}" if good else yes.label,
                f"{bad:,}" if bad else no.label,
                f"{percent} %" if percent is not None else "not shown",
            )
        )
    return lines


def _share(yes: int | None, no: int | None) -> str:
    percent = share(yes, yes + no) if yes is not None and no is not None else None
    return f"{percent} %" if percent is not None else "Too few votes to say"
