"""How the text of a setting becomes a value."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import ConfigError


def number(raw: Mapping[str, str], name: str, low: float, high: float) -> float:
    """A setting as a number.

    Raises:
        ConfigError: it is none, or out of range.
    """
    try:
        value = float(raw[name])
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise ConfigError(f"{name}={raw[name]!r} is not a number from {low:g} to {high:g}.")
    return value


def choice(raw: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    """A setting as one of a few words.

    Raises:
        ConfigError: it is another.
    """
    if raw[name] not in allowed:
        raise ConfigError(f"{name} must be {' or '.join(filter(None, allowed))}.")
    return raw[name]
