"""Short replies that ask nothing: "ok", "neither", "I don't understand", "she's 5 months old".

They have too few words for a model to know, and mean the same after any answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from bot.content import read_yaml, require
from bot.errors import ContentError
from bot.spasm_check import simple

# The first that is the whole message counts.
REPLIES = (
    "thanks",
    "neither",
    "asks",
    "age",
    "plainer",
    "more",
    "stop",
    "yes",
    "no",
    "acknowledge",
)
# Signs that stand alone, with or without a skin tone; `simple` leaves nothing of them.
NODS = re.compile(r"[\s👍👌✅☑✔🏻🏼🏽🏾🏿\ufe0f]+")
HEARTS = re.compile(r"[\s🙏❤🧡💛💚💙💜🤍🥰😊🙂☺😀👏🫶🤗🏻🏼🏽🏾🏿\ufe0f]+")


class ShortReplies:
    """Tells the short replies from everything else."""

    def __init__(self, patterns: Mapping[str, re.Pattern[str]]) -> None:
        self._patterns = patterns

    def read(self, text: str) -> str:
        """One of REPLIES where that is all a message says, else ""."""
        if not text.strip():
            return ""
        for signs, reply in ((NODS, "yes"), (HEARTS, "thanks")):
            if signs.fullmatch(text):
                return reply
        plain = simple(text)
        # "6 months?" asks about what was answered.
        names = [name for name in REPLIES if name != "age" or "?" not in text]
        found = (name for name in names if self._patterns[name].fullmatch(plain))
        return next(found, "")


def load_short_replies(path: Path) -> ShortReplies:
    """Read `short_replies.yml`.

    Raises:
        ContentError: a reply is missing, or is no regular expression.
    """
    raw = read_yaml(path)
    try:
        patterns = {name: re.compile(require(raw, name, str, path)) for name in REPLIES}
    except re.error as error:
        raise ContentError(f"{path}: {error}.") from error
    return ShortReplies(patterns)
