"""Whose hospital this is: name, phone line, links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.content import read_yaml, require
from bot.errors import ConfigError
from bot.text import plain_marks

PLACEHOLDER_PHONE = re.compile(r"555-?01\d\d")
PHONE = re.compile(r"^\+?[\d(). -]{7,20}$")


@dataclass(frozen=True)
class Hospital:
    """Details that stand in for the placeholders of curated texts."""

    name: str
    phone: str
    emergency_number: str
    appointments_url: str | None

    @property
    def placeholder(self) -> bool:
        """True while the shipped, unreachable phone number stands."""
        return PLACEHOLDER_PHONE.search(self.phone) is not None

    @property
    def phone_link(self) -> str:
        """The phone line as a link to tap; ten digits are a US number."""
        digits = re.sub(r"\D", "", self.phone)
        return f"tel:+1{digits}" if len(digits) == 10 else f"tel:+{digits}"

    def fill(self, text: str, channel: str) -> str:
        """Text with {hospital} and {phone} filled in; on the web the phone is a link to tap."""
        phone = f"[{self.phone}]({self.phone_link})" if channel == "web" else self.phone
        return text.replace("{hospital}", self.name).replace("{phone}", phone)


def load_hospital(path: Path, page_text: str) -> Hospital:
    """Read `hospital.yml`.

    Raises:
        ConfigError: a field is missing or malformed, or the page does not name this hospital.
    """
    raw = read_yaml(path)
    name = require(raw, "name", str, path)
    phone = require(raw, "phone", str, path)
    if not PHONE.match(phone):
        raise ConfigError(f"{path}: phone {phone!r} does not look like a phone number.")
    if name not in plain_marks(page_text):
        raise ConfigError(f"{path}: the source page never names {name!r}.")
    return Hospital(
        name=name,
        phone=phone,
        emergency_number=require(raw, "emergency_number", str, path),
        appointments_url=raw.get("appointments_url"),
    )
