"""A message as it came in and as triage reads it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.danger import Danger

GRAVE = ("emergency", "crisis")


@dataclass(frozen=True)
class Text:
    """A message as it came in.

    Attributes:
        number: the family's, E.164.
        to: the hospital's number that it wrote to.
        body: may be empty.
        media: how many pictures or videos came with it.
        opt_out: STOP, START or HELP where the carrier has answered the keyword itself.
    """

    number: str
    to: str
    body: str
    media: int = 0
    opt_out: str = ""


@dataclass(frozen=True)
class Read:
    """A message as triage reads it: what was said, with earlier pieces of it, and the danger."""

    said: str
    danger: Danger

    @property
    def grave(self) -> bool:
        """True where life is in danger: such a message waits for no other."""
        return self.danger.level in GRAVE

    @property
    def at_once(self) -> bool:
        """True where the rules have found it; nothing the engine could say would change it."""
        return self.grave and "rules" in self.danger.voices
