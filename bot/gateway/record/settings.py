"""Settings of what is kept of messages."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from bot.setting_values import choice, number

# (name, default, help)
RECORD_SETTINGS: tuple[tuple[str, str, str], ...] = (
    (
        "KEEP_QUESTIONS",
        "off",
        "on or off: keeps masked texts of questions that were not answered well, and of replies to"
        " look over, for staff. Masked is reduced, not de-identified: the hospital decides.",
    ),
    ("KEEP_DAYS", "30", "Days after which a kept text is deleted."),
    (
        "WATCH_SHARE",
        "0.02",
        "Share of routine replies, 0 to 1, of which staff look over the message; needs"
        " KEEP_QUESTIONS.",
    ),
    (
        "WATCH_MARGIN",
        "0.1",
        "How far below a limit of data/safety/learned.yml, in probability, a message still goes to"
        " staff to look over; needs KEEP_QUESTIONS.",
    ),
)


@dataclass(frozen=True)
class RecordSettings:
    """Settings, frozen once read."""

    keep: bool
    days: int
    share: float
    margin: float


def load_record_settings(environ: Mapping[str, str] | None = None) -> RecordSettings:
    """Read the settings.

    Raises:
        ConfigError: a value is wrong.
    """
    environ = os.environ if environ is None else environ
    raw = {name: environ.get(name) or default for name, default, _ in RECORD_SETTINGS}

    return RecordSettings(
        keep=choice(raw, "KEEP_QUESTIONS", ("on", "off")) == "on",
        days=int(number(raw, "KEEP_DAYS", 1, 365)),
        share=number(raw, "WATCH_SHARE", 0, 1),
        margin=number(raw, "WATCH_MARGIN", 0, 1),
    )
