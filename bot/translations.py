"""Spanish renderings of the page's own words: shown beside a quote, never in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content import Review, read_translated_review, read_yaml, require
from bot.errors import ContentError
from bot.source import Page

BETWEEN = " \t\n•"


@dataclass(frozen=True)
class Translations:
    """What pieces of the page mean in Spanish.

    Attributes:
        page: that they render.
        pieces: literal piece of the page to its rendering.
        review: of all of them.
    """

    page: Page
    pieces: Mapping[str, str]
    review: Review

    def of(self, quote: str) -> str | None:
        """The rendering of a quote, list items on lines of their own.

        A quote may be several pieces; where one of them has no rendering the whole has none, so
        that nobody takes a part for all of it.
        """
        parts: list[str] = []
        rest = quote
        while rest.strip(BETWEEN):
            body = rest.lstrip(BETWEEN)
            gap, rest = rest[: len(rest) - len(body)], body
            # The longest first: one piece may be the beginning of another.
            piece = max((p for p in self.pieces if rest.startswith(p)), key=len, default="")
            if not piece:
                return None
            parts.append(("\n• " if "•" in gap else " ") + self.pieces[piece])
            rest = rest[len(piece) :]
        return "".join(parts).strip(BETWEEN) or None


def load_translations(path: Path, page: Page) -> Translations:
    """Read `iess.es.yml`.

    Raises:
        ContentError: the file breaks its contract, or a key does not stand on the page.
    """
    raw = read_yaml(path)
    pieces = require(raw, "translations", dict, path.name)
    for piece, said in pieces.items():
        if page.find(piece) is None or not (isinstance(said, str) and said.strip()):
            raise ContentError(f"{path.name}: {piece!r} is not on the page, or has no rendering.")
    review = read_translated_review(require(raw, "review", dict, path.name), path.name, "es")
    return Translations(page, pieces, review)
