"""Text with places marked in it, as pieces that a template escapes one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

from bot.source import BULLET, Page
from bot.text import clean, folded_with_places

Span = tuple[int, int]
# A word with the space after it, so that the pieces together are the text.
WORDS = re.compile(r"\s+|\S+\s*")


@dataclass(frozen=True)
class Piece:
    """A piece of text; `marks` names what it is marked for, "" where it is not."""

    text: str
    marks: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the page: heading, item or paragraph."""

    kind: str
    pieces: tuple[Piece, ...]


def split(text: str, spans: Iterable[Span], start: int = 0, mark: str = "marked") -> list[Piece]:
    """A text in marked and unmarked pieces.

    Args:
        text: to be cut.
        spans: what is marked, in characters; they may overlap and reach beyond the text.
        start: place of the text's first character, as the spans count.
        mark: what the marked pieces are called.
    """
    marked = [False] * len(text)
    for first, last in spans:
        for place in range(max(first - start, 0), min(last - start, len(text))):
            marked[place] = True
    return [
        Piece("".join(char for char, _ in group), mark if on else "")
        for on, group in groupby(zip(text, marked, strict=True), key=lambda pair: pair[1])
    ]


def mark_page(page: Page, quotes: Sequence[str]) -> tuple[Line, ...]:
    """The whole page, with the quotes marked."""
    spans = [span for span in map(page.find, quotes) if span]
    lines: list[Line] = []
    offset = 0
    for raw in page.text.splitlines(keepends=True):
        start, offset = offset, offset + len(raw)
        line = raw.strip()
        if not line:
            continue
        bullet = BULLET.match(raw)
        begin = bullet.end() if bullet else raw.index(line)
        kind = "item" if bullet else "heading" if line in page.headings else "paragraph"
        body = raw[begin:].rstrip()
        lines.append(Line(kind, tuple(split(body, spans, start + begin))))
    return tuple(lines)


def mark_message(text: str, matched: Iterable[tuple[str, str]]) -> list[Piece]:
    """A message with the words marked that rules found in it.

    Args:
        text: as the family wrote it.
        matched: (folded words, level) of each rule that fired, the highest level first.
    """
    cleaned = clean(text)
    folded, places = folded_with_places(cleaned)
    levels = [""] * len(cleaned)
    for words, level in matched:
        at = folded.find(words) if words else -1
        while at >= 0:
            first, last = places[at], places[at + len(words) - 1]
            for place in range(first, last + 1):
                levels[place] = levels[place] or level
            at = folded.find(words, at + len(words))
    return [
        Piece("".join(char for char, _ in group), level)
        for level, group in groupby(zip(cleaned, levels, strict=True), key=lambda pair: pair[1])
    ]


def compare(before: str, after: str) -> list[Piece]:
    """Two texts as one: `marks` is "gone" for words of the first alone, "new" for the second's."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("".join(old[old_from:old_to])))
            continue
        if old_to > old_from:
            pieces.append(Piece("".join(old[old_from:old_to]), "gone"))
        if new_to > new_from:
            pieces.append(Piece("".join(new[new_from:new_to]), "new"))
    return pieces
