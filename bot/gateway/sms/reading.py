"""A message as it came in and as triage reads it, with the pieces sent just before it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.danger import Danger

GRAVE = ("emergency", "crisis")
# One thought is often sent in pieces; this far back they are read as one.
BURST_SECONDS = 60.0
BURST_MESSAGES = 4


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


class Pieces:
    """The last calm messages of each family, in memory for a minute.

    A danger may be told in pieces: "his lips are", "blue".
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, deque[tuple[float, str]]] = {}

    def with_earlier(self, conversation: str, text: str) -> str:
        """A message after what the family wrote within the last minute, in one line."""
        return " ".join([*(said for _, said in self._fresh(conversation)), text])

    def keep(self, conversation: str, text: str) -> None:
        """Remember a message."""
        fresh = deque(self._fresh(conversation), maxlen=BURST_MESSAGES)
        fresh.append((self._clock(), text))
        self._kept.pop(conversation, None)
        self._kept[conversation] = fresh

    def tidy(self) -> None:
        """Drop what is too old; in the order of last messages, who has been silent is first."""
        while self._kept and not self._fresh(next(iter(self._kept))):
            del self._kept[next(iter(self._kept))]

    def drop(self, conversation: str) -> None:
        """Forget a family's pieces."""
        self._kept.pop(conversation, None)

    def _fresh(self, conversation: str) -> list[tuple[float, str]]:
        oldest = self._clock() - BURST_SECONDS
        return [piece for piece in self._kept.get(conversation, ()) if piece[0] >= oldest]
