"""The figures of a month, as they may be shown."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.disclosure import Table, crossed, percentile, protect, share
from bot.reply import LEVELS
from bot.topics import CHANNELS, LANGUAGES, TOPICS

# A count: (day, channel, language, measure, value), and how many.
Count = tuple[tuple[str, str, str, str, str], int]
OUTCOMES = ("answered", "choice", "unanswered", "safety", "smalltalk", "failed")
# Every message is counted once under each measure; this one gives days, channels and languages.
MESSAGES = "outcome"


@dataclass(frozen=True)
class Speed:
    """Milliseconds within which a half and 95 % of the replies were there, as the ends of buckets.

    None where there were too few.
    """

    half: str | None
    most: str | None


@dataclass(frozen=True)
class Month:
    """What may be shown of a month.

    Attributes:
        tables: by day, channel, language, topic, urgency, outcome and time; empty where even
            their sum would tell of fewer than 5.
        by_channel: outcome by channel, (outcome, channel) -> count; None where a cell is too small.
        by_language: likewise, by language.
        speed: of all replies.
        unanswered: share of messages without an answer, in percent; None where it is not shown.
    """

    tables: Mapping[str, Table]
    by_channel: Mapping[tuple[str, str], int] | None
    by_language: Mapping[tuple[str, str], int] | None
    speed: Speed
    unanswered: int | None


def days_of(month: str) -> list[str]:
    """The days of a month, "2026-11", as ISO dates."""
    year, number = map(int, month.split("-"))
    return [f"{month}-{day:02}" for day in range(1, calendar.monthrange(year, number)[1] + 1)]


def month_of(month: str, counts: Iterable[Count], times: Sequence[str]) -> Month:
    """What may be shown of a month.

    Args:
        month: like 2026-11.
        counts: of its days.
        times: names of the buckets of reply times, in rising order.
    """
    sums: Counter[tuple[str, str]] = Counter()
    pairs: Counter[tuple[str, str, str]] = Counter()
    for (day, channel, lang, measure, value), count in counts:
        sums[measure, value] += count
        if measure == MESSAGES:
            sums["day", day] += count
            sums["channel", channel] += count
            sums["language", lang] += count
            pairs["channel", value, channel] += count
            pairs["language", value, lang] += count
    categories: Mapping[str, Sequence[str]] = {
        "day": days_of(month),
        "channel": CHANNELS,
        "language": LANGUAGES,
        "topic": (*TOPICS, "none"),
        "urgency": LEVELS,
        "outcome": OUTCOMES,
        "time": times,
    }
    tables = {
        name: protect({value: sums[name, value] for value in values})
        for name, values in categories.items()
    }
    if any(table.total is None or not table.total for table in tables.values()):
        return Month({}, None, None, Speed(None, None), None)
    outcome = tables["outcome"]
    unanswered = outcome.shown.get("unanswered", 0)
    seconds = {value: sums["time", value] for value in times}
    return Month(
        tables,
        _crossed(pairs, "channel", CHANNELS, tables),
        _crossed(pairs, "language", LANGUAGES, tables),
        Speed(percentile(times, seconds, 0.5), percentile(times, seconds, 0.95)),
        share(unanswered, outcome.total or 0),
    )


def _crossed(
    pairs: Mapping[tuple[str, str, str], int],
    by: str,
    values: Sequence[str],
    tables: Mapping[str, Table],
) -> Mapping[tuple[str, str], int] | None:
    cells = {(o, v): pairs.get((by, o, v), 0) for o in OUTCOMES for v in values}
    return crossed(cells, tables["outcome"], tables[by])


def helpful(votes: Iterable[tuple[str, bool, int]]) -> tuple[Table, Table]:
    """Tables of the "yes" and of the "no" by topic.

    Args:
        votes: (topic, helpful, count).
    """
    by_vote: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for topic, said, count in votes:
        by_vote[said][topic] += count
    yes, no = (protect({topic: by_vote[said][topic] for topic in TOPICS}) for said in (True, False))
    return yes, no
