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
    interpreter_phone: str | None = None

    @property
    def interpreter(self) -> str:
        """The line where families ask for an interpreter."""
        return self.interpreter_phone or self.phone

    @property
    def placeholder(self) -> bool:
        """True while a shipped, unreachable phone number stands."""
        return any(PLACEHOLDER_PHONE.search(line) for line in (self.phone, self.interpreter))

    @property
    def phone_link(self) -> str:
        """The phone line as a link to tap."""
        return _link(self.phone)

    def fill(self, text: str, channel: str) -> str:
        """Text with {hospital}, {phone} and {interpreter} filled in; on the web links to tap."""
        text = text.replace("{hospital}", self.name)
        for name, number in (("{phone}", self.phone), ("{interpreter}", self.interpreter)):
            shown = f"[{number}]({_link(number)})" if channel == "web" else number
            text = text.replace(name, shown)
        return text


def _link(number: str) -> str:
    """A phone number as a link to tap; ten digits are a US number."""
    digits = re.sub(r"\D", "", number)
    return f"tel:+1{digits}" if len(digits) == 10 else f"tel:+{digits}"


def load_hospital(path: Path, page_text: str) -> Hospital:
    """Read `hospital.yml`.

    Raises:
        ConfigError: a field is missing or malformed, or the page does not name this hospital.
    """
    raw = read_yaml(path)
    name = require(raw, "name", str, path)
    phone = require(raw, "phone", str, path)
    interpreter = raw.get("interpreter_phone")
    for number in (phone, interpreter):
        if number is not None and not PHONE.match(str(number)):
            raise ConfigError(f"{path}: phone {number!r} does not look like a phone number.")
    if name not in plain_marks(page_text):
        raise ConfigError(f"{path}: the source page never names {name!r}.")
    return Hospital(
        name=name,
        phone=phone,
        emergency_number=require(raw, "emergency_number", str, path),
        appointments_url=raw.get("appointments_url"),
        interpreter_phone=interpreter,
    )
