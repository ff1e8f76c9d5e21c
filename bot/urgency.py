"""The standing urgency of a conversation: it rises at any turn.

It falls only on the family's own word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content import read_yaml, require
from bot.danger import Danger
from bot.errors import ContentError
from bot.reply import LEVELS
from bot.text import fold

SILENCE_HOURS = 24
# So few words that say "he is breathing now" leave no room for another danger.
FEW_WORDS = 12

SIGNALS = ("safe", "misunderstanding", "care_reached", "returns", "better", "recognises")
HELP_CALLED = "help_called"
REVIVED = "revived"
WHAT_TO_DO = "what_to_do"
# "He looks fine" ends these; a swallowed pill, a fall or a shaking shows late.
PASSING = frozenset(("not_breathing", "choking", "seizure", "unresponsive", "medical", "general"))


class Signals:
    """What families say of a danger: help was reached, it has passed, we misunderstood, it is ours.

    `better` (it has passed), `returns` (it happens again) and `recognises` (my child does what was
    described) lower nothing.
    """

    def __init__(self, patterns: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]) -> None:
        self._patterns = patterns

    @classmethod
    def load(cls, path: Path) -> Signals:
        """Read `signals.yml`.

        Raises:
            ContentError: a signal is missing, or a pattern is no regular expression.
        """
        raw = read_yaml(path)
        patterns = {}
        for name in (*SIGNALS, HELP_CALLED, REVIVED, WHAT_TO_DO):
            block = require(raw, name, dict, path)
            try:
                says, unless = (
                    _any_of(require(block, field, list, name)) for field in ("patterns", "unless")
                )
            except re.error as error:
                raise ContentError(f"{path}, {name}: {error}.") from error
            patterns[name] = (says, unless)
        return cls(patterns)

    def read(self, text: str) -> str:
        """The first of SIGNALS that a text gives, or ""."""
        folded = fold(text)
        return next((name for name in SIGNALS if self._says(name, folded)), "")

    def _says(self, name: str, folded: str) -> bool:
        says, unless = self._patterns[name]
        return bool(says.search(folded)) and not unless.search(folded)

    def help_called(self, text: str) -> bool:
        """True for a few words that say that 911 was called, or that an ambulance is coming."""
        return len(text.split()) <= FEW_WORDS and self._says(HELP_CALLED, fold(text))

    def asks_what_to_do(self, text: str) -> bool:
        """True where a message only asks what to do now, or how urgent it is."""
        plain = fold(text).strip(" ¿?¡!.,")
        return len(text.split()) <= FEW_WORDS and self._says(WHAT_TO_DO, plain)

    def tells_of_standing(self, text: str, level: str) -> bool:
        """True for a few words that name the danger that stands: it has passed, or is back.

        Where no more than an urgency stands, "he is breathing now" tells of another danger.
        """
        said = self.read(text) if len(text.split()) <= FEW_WORDS else ""
        if level == "emergency":
            return said in ("better", "returns")
        return level == "urgent" and said == "better" and not self._says(REVIVED, fold(text))


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """What finds any of the patterns; nothing where there are none."""
    return re.compile("|".join(rf"\b(?:{pattern})\b" for pattern in patterns) or r"(?!)")


@dataclass(frozen=True)
class Standing:
    """The urgency of a conversation after a message.

    Attributes:
        level, kind, also: as in `bot.danger.Danger`.
        raised: this message raised it, or told of another danger; its text is due.
        cleared: "care_reached" or "misunderstanding" where the family's word lowered it, else "".
        eased: an emergency that can pass stands, and the family says that it has passed.
    """

    level: str
    kind: str
    also: str
    raised: bool
    cleared: str = ""
    eased: bool = False


def rise_or_fall(level: str, kind: str, also: str, danger: Danger, said: str) -> Standing:
    """The standing urgency after a message.

    Args:
        level: standing before the message.
        kind: of the danger that stands.
        also: kind of a caregiver's crisis beside it, or "".
        danger: what the voices say of this message.
        said: the family's own word on the danger, from `Signals.read`.
    """
    if LEVELS.index(danger.level) < LEVELS.index(level):
        return Standing(danger.level, danger.kind, danger.also, raised=True)
    if level == "routine":
        return Standing("routine", "", "", raised=False)
    # "The paramedics are here but she is still blue": a danger that is told of is not over.
    if danger.level == level and (said != "care_reached" or level == "emergency"):
        repeated = level != "emergency" and danger.kind == kind
        return Standing(level, danger.kind or kind, danger.also or also, raised=not repeated)
    if level == "crisis":
        own_word = said in ("safe", "care_reached")
        return (
            Standing("routine", "", "", raised=False, cleared="care_reached")
            if own_word
            else Standing(level, kind, also, raised=False)
        )
    if danger.level == "crisis":
        # The caregiver's crisis beside the child's emergency: whom to call is said for both.
        if said == "care_reached":
            return Standing("crisis", danger.kind, "", raised=True, cleared=said)
        return Standing(level, kind, danger.kind, raised=True)
    if said == "misunderstanding" and danger.level == "routine":
        if also:
            return Standing("crisis", also, "", raised=False, cleared=said)
        return Standing("routine", "", "", raised=False, cleared=said)
    if said == "care_reached":
        if also:
            return Standing("crisis", also, "", raised=False, cleared=said)
        lower = "urgent" if level == "emergency" else "routine"
        return Standing(lower, "general" if lower == "urgent" else "", "", False, said)
    if level != "emergency":
        return Standing(level, kind, also, raised=False)
    eased = said == "better" and kind in PASSING
    # "He seems fine" after a swallowed pill is no all-clear: what to do is said once more.
    raised = said == "returns" or (said == "better" and not eased)
    return Standing(level, kind, also, raised=raised, eased=eased)
