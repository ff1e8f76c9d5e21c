"""The hospital's page: verbatim text, cut into sections and passages.

The page is the only source of medical statements. It is kept byte for byte and
pinned by sha256, so that a quote that was approved still stands on it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote as percent

import yaml

from bot.errors import ConfigError, PageChanged

BULLET = re.compile(r"^\s*•\s+")
# The page writes no abbreviation that ends in a full stop before a capital.
SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z“\"])")
LABEL = re.compile(r"^([A-Z][^.:]{2,60}):\s+(?=\S)")
MAX_HEADING_CHARS = 90


@dataclass(frozen=True)
class Passage:
    """A sentence or list item of the page.

    Attributes:
        id: position on the page, "p000" and up.
        text: the literal text.
        start, end: character span, `page.text[start:end] == text`.
        path: headings above it, outermost first; a list item's own label
            ("Hormonal treatment") is the last of them.
        lead_in: the line that introduces the list it stands in, or "".
    """

    id: str
    text: str
    start: int
    end: int
    path: tuple[str, ...]
    lead_in: str

    @property
    def section(self) -> str:
        """The outermost heading above it."""
        return self.path[0]

    @property
    def context(self) -> str:
        """Text with headings and lead-in, as retrieval reads it."""
        return " ".join([*self.path, self.lead_in, self.text]).strip()


@dataclass(frozen=True)
class Page:
    """The source page and its parts."""

    title: str
    url: str | None
    date: str
    sha256: str
    text: str
    headings: tuple[str, ...]
    passages: tuple[Passage, ...]
    empty_lists: tuple[str, ...]

    def find(self, quote: str) -> tuple[int, int] | None:
        """Character span of a literal quote, or None where it does not stand on the page."""
        start = self.text.find(quote)
        return None if start < 0 else (start, start + len(quote))

    def passages_in(self, start: int, end: int) -> list[Passage]:
        """Passages that share at least one character with the span."""
        return [p for p in self.passages if p.start < end and start < p.end]

    def section_of(self, quote: str) -> str:
        """Heading under which a quote stands; the title for the text before any heading."""
        span = self.find(quote)
        inside = self.passages_in(*span) if span else []
        return inside[0].section if inside else self.title

    def link(self, quote: str) -> str | None:
        """Link into the page (text fragment), or None while the address is unknown."""
        if not self.url:
            return None
        # A fragment matches one block, so a quoted list is linked by its first line.
        line = BULLET.sub("", quote.strip().splitlines()[0]).strip()
        return f"{self.url}#:~:text={percent(line, safe='').replace('-', '%2D')}"


def load_page(folder: Path, quotes: Iterable[tuple[str, str]] = (), url: str | None = None) -> Page:
    """Read and check the page.

    Args:
        folder: holds `iess.yml` (title, url, date, sha256, subheadings) and `iess.txt`.
        quotes: (owner, quote) pairs that must stand on the page.
        url: public address of the page, where the hospital's settings give one.

    Raises:
        PageChanged: the text is not the pinned one; names each quote that no longer stands.
        ConfigError: a file is missing or unreadable.
    """
    try:
        meta = yaml.safe_load((folder / "iess.yml").read_text(encoding="utf-8"))
        raw = (folder / "iess.txt").read_bytes()
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"the source page in {folder} cannot be read: {error}") from error
    text = raw.decode("utf-8")
    digest = hashlib.sha256(raw).hexdigest()
    lost = [f"  {owner}: {quote!r}" for owner, quote in quotes if quote not in text]
    if digest != meta["sha256"]:
        raise PageChanged(
            f"{folder / 'iess.txt'} has changed (sha256 {digest}, expected {meta['sha256']}).\n"
            + (
                "Quotes that no longer stand on it:\n" + "\n".join(lost)
                if lost
                else "Every curated quote still stands on it."
            )
            + "\nSettle each one, then write the new sha256 into iess.yml."
        )
    return parse_page(
        text,
        title=meta["title"],
        url=url or meta.get("url"),
        date=str(meta["date"]),
        sha256=digest,
        subheadings=frozenset(meta.get("subheadings", ())),
    )


def _is_heading(line: str) -> bool:
    """A short line in title case that ends neither as a sentence nor as a lead-in."""
    if BULLET.match(line) or len(line) > MAX_HEADING_CHARS or line[-1] in ".:!":
        return False
    long_words = [word for word in re.findall(r"[^\W\d_]+", line) if len(word) > 3]
    return bool(long_words) and all(word[0].isupper() for word in long_words)


def parse_page(
    text: str,
    *,
    title: str,
    url: str | None,
    date: str,
    sha256: str,
    subheadings: frozenset[str] = frozenset(),
) -> Page:
    """Cut the page into passages; a list that its lead-in announces may be empty."""
    headings: list[str] = []
    passages: list[Passage] = []
    empty: list[str] = []
    path: tuple[str, ...] = (title,)
    lead_in = ""
    lead_used = True
    offset = 0

    def add(start: int, end: int, at: tuple[str, ...], lead: str) -> None:
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        passages.append(
            Passage(
                f"p{len(passages):03d}", piece.strip(), start, start + len(piece.strip()), at, lead
            )
        )

    for raw_line in text.splitlines(keepends=True):
        line_start, offset = offset, offset + len(raw_line)
        line = raw_line.strip()
        if not line:
            continue
        start = line_start + raw_line.index(line)
        if _is_heading(line):
            # A list announced and never begun is empty, unless subheadings are its items.
            opens_subsections = line in subheadings and len(path) == 1
            if not lead_used and not opens_subsections:
                empty.append(lead_in)
            headings.append(line)
            path = (path[0], line) if line in subheadings else (line,)
            lead_in, lead_used = "", True
            continue
        bullet = BULLET.match(raw_line)
        if bullet:
            start, lead_used = line_start + bullet.end(), True
        else:
            if not lead_used:
                empty.append(lead_in)
            lead_in, lead_used = "", True
        body_end = line_start + len(raw_line.rstrip())
        at, first = path, start
        label = LABEL.match(text[start:body_end]) if bullet else None
        if label:
            at = (*path, label.group(1))
        for gap in SENTENCE_END.finditer(text, start, body_end):
            add(first, gap.start(), at, lead_in)
            first = gap.end()
        add(first, body_end, at, lead_in)
        if not bullet and line.endswith(":"):
            lead_in, lead_used = passages[-1].text, False
    if not lead_used:
        empty.append(lead_in)
    return Page(title, url, date, sha256, text, tuple(headings), tuple(passages), tuple(empty))
