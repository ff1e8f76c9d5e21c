"""Questions that are refused with a reason, and what the page is known to say nothing of.

Doses, stopping or changing a medicine, death. Read by reviewed patterns, so that no classifier
takes "what dose of prednisolone" for a question about prednisolone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.content import read_yaml, require
from bot.errors import ContentError
from bot.text import fold

GROUPS = ("asks", "changes")
# A longer message asks about more than what is left out.
FEW_WORDS = 14


@dataclass(frozen=True)
class Refusals:
    """Compiled patterns of `data/safety/refused.yml`."""

    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    left_out: tuple[re.Pattern[str], ...]
    not_left_out: tuple[re.Pattern[str], ...]

    def refuses(self, text: str) -> bool:
        """True where a message asks how much of a medicine to give, or to stop or change one."""
        folded = fold(text)
        for pattern in self.unless:
            folded = pattern.sub(" ", folded)
        return any(pattern.search(folded) for pattern in self.patterns)

    def leaves_out(self, text: str) -> bool:
        """True where a short message asks what the page says nothing of, such as death."""
        folded = fold(text)
        return (
            len(folded.split()) <= FEW_WORDS
            and any(pattern.search(folded) for pattern in self.left_out)
            and not any(pattern.search(folded) for pattern in self.not_left_out)
        )


def load_refusals(path: Path) -> Refusals:
    """Read the patterns.

    Raises:
        ContentError: a group is missing or a pattern is no regular expression.
    """
    raw = read_yaml(path)
    drug = "".join(require(raw, "drug", str, path).split("\n"))
    drugs = "|".join(name.strip() for name in drug.split("|"))

    def compiled(patterns: list[str]) -> tuple[re.Pattern[str], ...]:
        try:
            return tuple(re.compile(p.replace("{drug}", drugs)) for p in patterns)
        except re.error as error:
            raise ContentError(f"{path}: {error.pattern!r} is no pattern: {error}.") from error

    groups = [require(require(raw, g, dict, path), "patterns", list, path) for g in GROUPS]
    patterns = [pattern for group in groups for pattern in group]
    unsaid = require(raw, "left_out", dict, path)
    return Refusals(
        compiled(patterns),
        compiled(require(raw, "unless", list, path)),
        *(compiled(require(unsaid, key, list, path)) for key in ("patterns", "unless")),
    )
