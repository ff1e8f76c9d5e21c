"""Settings of the staff area."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import ConfigError
from bot.settings import Settings

# (name, default, help)
STAFF_SETTINGS: tuple[tuple[str, str, str], ...] = (
    (
        "STAFF",
        "",
        "on or off: the staff area at /staff. Empty means on, but off in production.",
    ),
    ("STAFF_IDLE_MINUTES", "30", "Minutes without a request after which staff are signed out."),
    ("STAFF_SESSION_HOURS", "12", "Hours after which staff sign in again in any case."),
    ("STAFF_LOCK_FAILURES", "5", "Failed sign-ins in a row that lock an account for a while."),
    (
        "STAFF_LOCK_ADDRESS",
        "30",
        "Failed sign-ins in a row that lock a network address for a while; a hospital has few.",
    ),
    ("STAFF_LOCK_MINUTES", "15", "Minutes that such a lock lasts."),
)


@dataclass(frozen=True)
class StaffSettings:
    """Settings of the staff area, frozen once read; times in seconds."""

    idle: float
    longest: float
    lock_failures: int
    lock_address: int
    lock_seconds: float


def load_staff_settings(
    settings: Settings, environ: Mapping[str, str] | None = None
) -> StaffSettings | None:
    """Read the settings; None where the staff area is off.

    Raises:
        ConfigError: a value is wrong, or one that is needed is missing.
    """
    environ = os.environ if environ is None else environ
    raw = {name: environ.get(name) or default for name, default, _ in STAFF_SETTINGS}

    def number(name: str, low: float, high: float) -> float:
        try:
            value = float(raw[name])
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise ConfigError(f"{name}={raw[name]!r} is not a number from {low:g} to {high:g}.")
        return value

    if raw["STAFF"] not in ("", "on", "off"):
        raise ConfigError("STAFF must be on or off.")
    if raw["STAFF"] == "off" or (settings.production and not raw["STAFF"]):
        return None
    return StaffSettings(
        idle=60 * number("STAFF_IDLE_MINUTES", 1, 24 * 60),
        longest=3600 * number("STAFF_SESSION_HOURS", 0.1, 24 * 7),
        lock_failures=int(number("STAFF_LOCK_FAILURES", 1, 100)),
        lock_address=int(number("STAFF_LOCK_ADDRESS", 1, 10_000)),
        lock_seconds=60 * number("STAFF_LOCK_MINUTES", 1, 24 * 60),
    )
