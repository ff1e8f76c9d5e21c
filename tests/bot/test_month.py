from __future__ import annotations

from bot.month import Count, helpful, month_of

TIMES = ("10", "50", "slower")


def messages(day: str, channel: str, outcome: str, topic: str, count: int) -> list[Count]:
    """A number of messages alike, under every measure."""
    return [
        ((day, channel, "en", measure, value), count)
        for measure, value in (
            ("outcome", outcome),
            ("topic", topic),
            ("urgency", "routine"),
            ("time", "50"),
        )
    ]


def test_a_month_adds_up() -> None:
    counts = [
        *messages("2026-11-03", "web", "answered", "eeg", 40),
        *messages("2026-11-04", "sms", "unanswered", "other_medical", 10),
    ]
    month = month_of("2026-11", counts, TIMES)
    assert {name: table.total for name, table in month.tables.items()} == dict.fromkeys(
        ("day", "channel", "language", "topic", "urgency", "outcome", "time"), 50
    )
    assert month.tables["day"].shown == {"2026-11-03": 40, "2026-11-04": 10}
    assert month.by_channel
    assert month.by_channel["unanswered", "sms"] == 10
    assert (month.unanswered, month.speed.half, month.speed.most) == (20, "50", "50")


def test_a_small_channel_hides_the_other_too() -> None:
    counts = [
        *messages("2026-11-03", "web", "answered", "eeg", 40),
        *messages("2026-11-04", "sms", "answered", "eeg", 3),
    ]
    month = month_of("2026-11", counts, TIMES)
    # 43 in all: to show 40 would be to show 3.
    assert month.tables["channel"].shown == {}
    assert month.tables["channel"].rest == 43
    assert month.by_channel is None


def test_too_few_messages_are_not_shown_at_all() -> None:
    for few in (0, 1, 4):
        counts = messages("2026-11-03", "web", "answered", "eeg", few)
        assert month_of("2026-11", counts, TIMES).tables == {}


def test_where_one_table_would_tell_none_is_shown() -> None:
    # Four each: by channel, the sum of 8, which other tables would show, tells both.
    counts = [
        *messages("2026-11-03", "web", "answered", "eeg", 4),
        *messages("2026-11-03", "sms", "answered", "eeg", 4),
    ]
    assert month_of("2026-11", counts, TIMES).tables == {}


def test_votes_of_few_are_not_shown() -> None:
    votes = [("eeg", True, 12), ("eeg", False, 6), ("signs", True, 9), ("signs", False, 2)]
    yes, no = helpful(votes)
    assert yes.shown == {"signs": 9, "eeg": 12}
    assert no.shown == {}
    assert no.rest == 8
