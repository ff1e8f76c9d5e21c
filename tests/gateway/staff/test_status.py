"""A signature in plain words."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.content import Review
from bot.gateway.staff.status import status

TODAY = dt.date(2026, 11, 26)
SIGNED = dt.date(2026, 5, 4)


def signed(expires: dt.date | None, translator: str | None = None) -> Review:
    return Review("approved", "Dr. Okafor", SIGNED, expires, translator)


@pytest.mark.parametrize(
    ("review", "state", "words"),
    [
        (Review(), "pending", "Nobody has signed this yet."),
        (Review("retired"), "retired", "Withdrawn: families are not told this any more."),
        (signed(None), "approved", "Signed by Dr. Okafor on May 4, 2026. It has no end date."),
        (
            signed(dt.date(2027, 5, 4), "L. Rey"),
            "approved",
            "Signed by Dr. Okafor on May 4, 2026, translation by L. Rey. It holds until May 4,"
            " 2027.",
        ),
        (
            signed(dt.date(2026, 12, 26)),
            "expiring",
            "Signed by Dr. Okafor on May 4, 2026. It holds until December 26, 2026: 30 more days.",
        ),
        (signed(dt.date(2026, 12, 27)), "approved", None),
        (signed(dt.date(2026, 11, 27)), "expiring", None),
        (
            signed(TODAY),
            "expiring",
            "Signed by Dr. Okafor on May 4, 2026. It holds until November 26, 2026: today is the"
            " last day.",
        ),
        (
            signed(dt.date(2026, 11, 25)),
            "expired",
            "Signed by Dr. Okafor on May 4, 2026. It ran out on November 25, 2026.",
        ),
    ],
)
def test_states(review: Review, state: str, words: str | None) -> None:
    found = status(review, TODAY)
    assert found.state == state
    assert words is None or found.words == words
    # Who may be shown a text, and what staff are told of it, never differ.
    assert review.valid(TODAY) == (state in ("approved", "expiring"))
