"""Where a signature stands, in plain words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from bot.content import Review

# An approval that ends within so many days is pointed out.
WARN_DAYS = 30
FORM_NAMES: Mapping[str, str] = {
    "en": "English",
    "es": "Spanish, on the website",
    "es_sms": "Spanish, by text message",
}
# State to its words, in the order in which work is due.
STATES: Mapping[str, str] = {
    "expired": "Signature ran out",
    "expiring": "Signature ends soon",
    "pending": "Not signed yet",
    "retired": "Withdrawn",
    "approved": "Signed",
}


@dataclass(frozen=True)
class Status:
    """A state of STATES, and a sentence that says who, when and until when."""

    state: str
    words: str

    @property
    def name(self) -> str:
        """The state in plain words."""
        return STATES[self.state]


def date(day: dt.date) -> str:
    """A day as people here write it: "May 4, 2027"."""
    return f"{day:%B} {day.day}, {day.year}"


def status(review: Review, today: dt.date) -> Status:
    """Where a signature stands.

    Args:
        review: of one form of a text.
        today: the day to count from.
    """
    if review.status == "pending":
        return Status("pending", "Nobody has signed this yet.")
    if review.status == "retired":
        return Status("retired", "Withdrawn: families are not told this any more.")
    signed = f"Signed by {review.by} on {date(review.on)}" if review.on else f"By {review.by}"
    if review.translator:
        signed += f", translation by {review.translator}"
    if review.expires is None:
        return Status("approved", f"{signed}. It has no end date.")
    left = (review.expires - today).days
    if left < 0:
        return Status("expired", f"{signed}. It ran out on {date(review.expires)}.")
    words = f"{signed}. It holds until {date(review.expires)}"
    if left > WARN_DAYS:
        return Status("approved", f"{words}.")
    days = "today is the last day" if left == 0 else f"{left} more day{'s' * (left > 1)}"
    return Status("expiring", f"{words}: {days}.")
