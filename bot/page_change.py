"""A new version of the hospital's page: what differs, what no longer stands on it, what is new."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.answers import Answer, Sentence, read_answer
from bot.errors import ContentError
from bot.live import Content
from bot.overlay import page_body, parse
from bot.source import Page, Passage, parse_page
from bot.spasm_check import load_guide
from bot.standing import Lost, lost_rests
from bot.store.content_tables import Version
from bot.text import fold
from bot.topics import CHANNELS

MIN_CHARS, MAX_CHARS = 200, 200_000
# As other programs write the beginning of a list item.
BULLETS = re.compile(r"^([ \t]*)[-*·‣◦●▪–][ \t]+", re.MULTILINE)
NEAR = 0.55  # from this likeness on a passage is shown as what a lost quote may have become
AROUND = 2  # lines of what stayed, shown around a difference


@dataclass(frozen=True)
class Use:
    """A sentence of an answer that a page no longer carries, and the words it stood on.

    Attributes:
        why: lost (the quote is gone), now_there (the page now says what it was said to leave out)
            or list (a list that was empty is not any more).
        near: what the quote may have become, or "".
    """

    topic: str
    channel: str
    lang: str
    sentence: str
    words: str
    why: str
    near: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the comparison; `change` is same, gone, new or skipped."""

    change: str
    text: str


@dataclass(frozen=True)
class PageChange:
    """Everything that a new page touches.

    Attributes:
        uses: what no longer stands, in the order of topics; nothing goes live before it is empty.
        unused: new passages that no answer quotes.
        rests: entries of other files that are left out with this page.
        check_stands: the guided check's quotes are all on the page.
    """

    page: Page
    lines: tuple[Line, ...]
    uses: tuple[Use, ...]
    unused: tuple[Passage, ...]
    rests: tuple[Lost, ...]
    check_stands: bool

    @property
    def topics(self) -> tuple[str, ...]:
        """Topics with something to settle."""
        return tuple(dict.fromkeys(use.topic for use in self.uses))


def clean_page(text: str) -> str:
    """A pasted page as it is kept: our list marks and line ends, a line end at the end.

    Raises:
        ContentError: it is too short to be the page, or too long.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    text = BULLETS.sub(r"\1• ", text).strip("\n") + "\n"
    if not MIN_CHARS <= len(text) <= MAX_CHARS:
        raise ContentError(
            f"A page has {MIN_CHARS} to {MAX_CHARS:,} characters; this has {len(text):,}."
        )
    return text


def draft_body(text: str, old: Page, date: str) -> str:
    """The text of a page version; headings that made parts of the old page still do."""
    lines = {line.strip() for line in text.splitlines()}
    below = {p.path[1] for p in old.passages if len(p.path) > 1 and p.path[1] in old.headings}
    return page_body(text, old.title, date, sorted(below & lines))


def read_page(version: Version, url: str | None) -> Page:
    """The page of a version.

    Raises:
        ContentError: the version cannot be read.
    """
    raw = parse(version.body, f"version {version.id}")
    return parse_page(
        raw["text"],
        title=raw["title"],
        url=url,
        date=str(raw["date"]),
        sha256=hashlib.sha256(raw["text"].encode("utf-8")).hexdigest(),
        subheadings=frozenset(raw["subheadings"]),
    )


def compare(new: Page, content: Content, drafts: Sequence[Version], data_dir: Path) -> PageChange:
    """What a new page touches.

    Args:
        new: the page.
        content: what families are told now.
        drafts: answers written for the new page; they stand in for those that are live.
        data_dir: the folder of the other files that rest on the page.
    """
    answers = {answer.topic: answer for answer in content.library}
    answers |= dict(_written(drafts))
    old = content.page
    known = {passage.text for passage in old.passages}
    quoted = [
        span
        for answer in answers.values()
        for channel in CHANNELS
        for quote in answer.quotes(channel, "en")
        if (span := new.find(quote))
    ]
    unused = tuple(
        passage
        for passage in new.passages
        if passage.text not in known
        and not any(start < passage.end and passage.start < end for start, end in quoted)
    )
    folded = fold(new.text)
    uses = tuple(use for answer in answers.values() for use in _lost(answer, new, folded))
    return PageChange(
        new,
        tuple(difference(old.text, new.text)),
        uses,
        unused,
        tuple(lost_rests(data_dir, new)),
        _check_stands(data_dir, new),
    )


def _check_stands(data_dir: Path, page: Page) -> bool:
    try:
        load_guide(data_dir / "spasm_check.yml", page)
    except ContentError:
        return False
    return True


def _written(drafts: Sequence[Version]) -> Iterator[tuple[str, Answer]]:
    for draft in drafts:
        if draft.kind != "answer" or draft.state not in ("draft", "submitted"):
            continue
        try:
            yield draft.key, read_answer(parse(draft.body, draft.key), draft.key)
        except ContentError:
            continue  # its own page says what is wrong with it


def _lost(answer: Answer, page: Page, folded: str) -> Iterator[Use]:
    for channel in CHANNELS:
        texts: Mapping[str, Any] = answer.web if channel == "web" else answer.sms
        for lang, sentences in texts.items():
            for sentence in sentences:
                for part in (sentence, *sentence.items):
                    for words, why in _failing(part, page, folded):
                        near = nearest(words, page) if why == "lost" else ""
                        yield Use(answer.topic, channel, lang, part.say, words, why, near)


def _failing(sentence: Sentence, page: Page, folded: str) -> Iterator[tuple[str, str]]:
    for quote in sentence.quotes:
        if page.find(quote) is None:
            yield quote, "lost"
    if sentence.empty_list is not None and sentence.empty_list not in page.empty_lists:
        yield sentence.empty_list, "list"
    for pattern in sentence.absent:
        if re.search(pattern, folded):
            yield pattern, "now_there"


def nearest(quote: str, page: Page) -> str:
    """The passage of a page that is most like a quote, or "" where none is."""
    return _nearest(quote, tuple(passage.text for passage in page.passages))


@lru_cache(maxsize=256)
def _nearest(quote: str, passages: tuple[str, ...]) -> str:
    # A quote stands behind many sentences, and a page of staff is looked at more than once.
    return next(iter(difflib.get_close_matches(quote, passages, n=1, cutoff=NEAR)), "")


def difference(old: str, new: str) -> Iterator[Line]:
    """The two pages line by line; long stretches that stayed are skipped."""
    was = [line.strip() for line in old.splitlines() if line.strip()]
    now = [line.strip() for line in new.splitlines() if line.strip()]
    for group in difflib.SequenceMatcher(None, was, now, autojunk=False).get_grouped_opcodes(
        AROUND
    ):
        yield Line("skipped", "")
        for tag, a, b, c, d in group:
            if tag == "equal":
                yield from (Line("same", line) for line in was[a:b])
                continue
            yield from (Line("gone", line) for line in was[a:b])
            yield from (Line("new", line) for line in now[c:d])
