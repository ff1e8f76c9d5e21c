"""Fixed texts of the SMS channel and the words it obeys, from data/safety/sms.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.content import Reviews, read_reviews, read_yaml, require
from bot.errors import ConfigError, ContentError
from bot.hospital import Hospital
from bot.text import clean, fold, sms_size, to_gsm7
from bot.topics import LANGUAGES

ONE_SEGMENT = ("intro", "stop", "start")
TEXTS = (
    *ONE_SEGMENT, "help", "delete", "media", "limit_number", "limit_all", "more", "offer"
)  # fmt: skip
KEYWORDS = ("stop", "start", "start_when_stopped", "help", "more", "delete")
AROUND = " \t\n.,;:!?¡¿\"'()*-"


@dataclass(frozen=True)
class Keyword:
    """A word that is the whole message: what it asks for, and its language."""

    name: str
    lang: str


class SmsTexts:
    """What the channel itself says, and what it listens for."""

    def __init__(
        self,
        texts: Mapping[str, Mapping[str, str]],
        keywords: Mapping[str, Keyword],
        wishes: Mapping[str, re.Pattern[str]],
        reactions: re.Pattern[str],
        reviews: Reviews,
    ) -> None:
        self.texts = texts
        self.reviews = reviews
        self._keywords = keywords
        self._wishes = wishes
        self._reactions = reactions

    def say(self, text_id: str, lang: str) -> str:
        """A text as a family reads it."""
        return self.texts[text_id][lang]

    def keyword(self, text: str) -> Keyword | None:
        """The keyword that is all of a message; None for any other message."""
        return self._keywords.get(" ".join(fold(text).strip(AROUND).split()))

    def wishes_to_stop(self, text: str) -> str:
        """Language of a wish, in free words, to get no more texts; "" where there is none."""
        folded = " ".join(fold(text).strip(AROUND).split())
        return next((lang for lang, p in self._wishes.items() if p.fullmatch(folded)), "")

    def is_reaction(self, text: str) -> bool:
        """Whether a phone tells of a tap on a text of ours, which it quotes."""
        return self._reactions.fullmatch(clean(text)) is not None


def load_texts(path: Path, hospital: Hospital) -> SmsTexts:
    """Read `sms.yml`.

    Raises:
        ContentError: a text or word is missing, or a pattern is no regular expression.
        ConfigError: with this hospital's name a text needs more segments than it may.
    """
    raw = read_yaml(path)
    texts: dict[str, dict[str, str]] = {}
    blocks = require(raw, "texts", dict, path.name)
    for text_id in TEXTS:
        block = require(blocks, text_id, dict, path.name)
        texts[text_id] = {}
        for lang in LANGUAGES:
            said = hospital.fill(require(block, lang, str, f"{path.name}, {text_id}"), "sms")
            texts[text_id][lang] = to_gsm7(said)
            most = 1 if text_id in ONE_SEGMENT else 2
            if sms_size(texts[text_id][lang]).segments > most:
                raise ConfigError(
                    f"{path.name}: {text_id} ({lang}) with the names of hospital.yml is longer"
                    f" than {most} SMS segment{'s' * (most > 1)}. Shorten it."
                )
    words = require(raw, "keywords", dict, path.name)
    keywords = {
        fold(word): Keyword(name, lang)
        for name in KEYWORDS
        for lang in LANGUAGES
        for word in require(require(words, name, dict, path.name), lang, list, path.name)
    }
    groups = require(raw, "wishes", dict, path.name)
    wishes = {
        lang: _pattern(require(groups, lang, list, path.name), f"{path.name}, wishes, {lang}")
        for lang in LANGUAGES
    }
    reactions = _pattern(require(raw, "reactions", list, path.name), f"{path.name}, reactions")
    return SmsTexts(texts, keywords, wishes, reactions, read_reviews(raw, path.name))


def _pattern(patterns: Sequence[str], where: str) -> re.Pattern[str]:
    try:
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    except re.error as error:
        raise ContentError(f"{where}: {error}.") from error
