"""Short phrases around answers, in every language; none states a medical fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content import Reviews, read_reviews, read_yaml, require
from bot.topics import LANGUAGES


@dataclass(frozen=True)
class Phrases:
    """Phrases by id and language; `<id>_sms` is what is said by SMS where that differs."""

    texts: Mapping[str, Mapping[str, str]]
    reviews: Reviews


def load_phrases(path: Path) -> Phrases:
    """Read `phrases.yml`.

    Raises:
        ContentError: a phrase lacks a language, or the file its review.
    """
    raw = read_yaml(path)
    reviews = read_reviews(raw, path.name)
    texts = {
        name: {lang: require(by_lang, lang, str, f"{path.name}, {name}") for lang in LANGUAGES}
        for name, by_lang in raw.items()
        if name != "review"
    }
    return Phrases(texts, reviews)
