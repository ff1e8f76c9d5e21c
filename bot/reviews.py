"""The reviews of all content, for alarms and the doctor: what nobody signed, what expired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.content import Review, read_review, read_yaml

# Content, as staff know it, and where it stands under data/.
CONTENT = {
    "answers": "answers/*.yml",
    "safety": "safety/texts.yml",
    "sms": "safety/sms.yml",
    "other_languages": "safety/other_languages.yml",
    "phrases": "phrases.yml",
    "spasm_check": "spasm_check.yml",
    "translations": "source/*.es.yml",
}


def all_reviews(data_dir: Path) -> dict[str, tuple[Review, ...]]:
    """Every review block under `data_dir`, by content.

    Raises:
        ContentError: a file cannot be read, or a block breaks its contract.
    """
    return {
        content: tuple(
            review
            for path in sorted(data_dir.glob(pattern))
            for review in _blocks(read_yaml(path), path)
        )
        for content, pattern in CONTENT.items()
    }


def count_unsigned(reviews: Iterable[Review]) -> int:
    """How many were never signed."""
    return sum(review.status == "pending" for review in reviews)


def count_expired(reviews: Iterable[Review], today: dt.date) -> int:
    """How many were signed, and are too old."""
    return sum(review.status == "approved" and not review.valid(today) for review in reviews)


def _blocks(value: Any, path: Path) -> Iterator[Review]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name != "review" or not isinstance(inner, Mapping):
                yield from _blocks(inner, path)
            elif "status" in inner:
                yield read_review(value, path.name)
            else:
                for form in inner:
                    yield read_review(inner, path.name, form)
    elif isinstance(value, list):
        for inner in value:
            yield from _blocks(inner, path)
