"""The page in the pieces that one claim may rest on.

A claim rests on one sentence of the page, on two neighbours, on a whole list item, or on
a whole list; never on sentences from here and there, which together can say anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from bot.claim_words import Concept, Lexicon, Token
from bot.numbers import Amount, amounts
from bot.source import Page, Passage
from bot.text import fold

# Sizes in the unit that they are compared in.
IN = {
    "year": ("month", 12),
    "week": ("day", 7),
    "minute": ("second", 60),
    "hour": ("second", 3600),
}
MAX_QUOTE = 1_000  # characters; a longer list is quoted by its lead-in


def comparable(found: Iterable[Amount]) -> frozenset[Amount]:
    """Amounts in common units: a year is 12 months; "a few minutes" stays in minutes."""
    same = set()
    for value, unit in found:
        other, size = IN.get(unit or "", (unit, 1))
        same.add((value, unit) if value is None else (value * size, other))
    return frozenset(same)


@dataclass(frozen=True)
class Window:
    """A piece of the page.

    Attributes:
        start, end: what of the page is quoted for it.
        own: folded text of its sentences, without headings.
        sentences: tokens of each sentence (headings and lead-in are not among them).
        meant: every concept in it, with its sign.
        names: glossary classes in it.
        amounts: see `comparable`; the length of a list is one of them.
        items: True where it is a list, whose items a claim joins by "and" or a comma.
    """

    start: int
    end: int
    own: str
    sentences: tuple[tuple[Token, ...], ...]
    meant: frozenset[Concept]
    names: frozenset[str]
    amounts: frozenset[Amount]
    items: bool = False


class Evidence:
    """All windows of the page, for claims in one language."""

    def __init__(self, page: Page, lexicon: Lexicon, translations: Mapping[str, str]) -> None:
        """Cut the page.

        Args:
            page: the source page.
            lexicon: words of the claims' language.
            translations: page's own words to that language; {} for English.
        """
        self.page = page
        self._lexicon = lexicon
        self._translations = translations
        self.windows = tuple(self._windows())
        self.meant = frozenset(head for window in self.windows for head, _ in window.meant)
        self.empty = tuple(
            window
            for window in self.windows
            if page.text[window.start : window.end] in page.empty_lists
        )

    def _said(self, text: str) -> str:
        """Text as the claims' language has it, where it was translated."""
        if text in self._translations:
            return self._translations[text]
        inside = [said for quote, said in self._translations.items() if quote in text]
        return " ".join(inside) if inside else text

    def _listed(self, passage: Passage) -> bool:
        return bool(passage.lead_in) or (
            len(passage.path) == 2 and not passage.text.endswith((":", "."))
        )

    def _context(self, passage: Passage) -> list[str]:
        """Headings, label and lead-in of a list item; a sentence of prose stands alone."""
        if not self._listed(passage):
            return []
        leads = [passage.lead_in] if passage.lead_in else []
        if not passage.lead_in or passage.path[-1] in self.page.headings:
            leads += [
                p.text
                for p in self.page.passages
                if p.path == passage.path[:1] and p.text.endswith(":") and len(passage.path) == 2
            ]
        return [*passage.path, *leads]

    def _window(
        self,
        passages: Sequence[Passage],
        context: Sequence[str],
        span: tuple[int, int],
        extra: frozenset[Amount] = frozenset(),
        *,
        items: bool = False,
    ) -> Window:
        texts = [p.text for p in passages]
        said = [self._said(text) for text in texts]
        around = [self._said(text) for text in context]
        meant: set[Concept] = set()
        names: set[str] = set()
        for text in {*said, *around, *(texts if self._translations else ())}:
            for token in (*self._lexicon.read(text, names=False), *self._lexicon.read(text)):
                meant |= token.meant
        for text in (*texts, *context):
            names |= self._lexicon.glossary.classes_within(text)
        stated = frozenset(a for text in (*texts, *context) for a in amounts(text))
        return Window(
            start=span[0],
            end=span[1],
            own=fold(" ".join(said)),
            sentences=tuple(self._lexicon.read(text, names=False) for text in said),
            meant=frozenset(meant),
            names=frozenset(names),
            amounts=comparable(stated | extra),
            items=items,
        )

    def _windows(self) -> Iterator[Window]:
        passages = self.page.passages
        for passage in passages:
            yield self._window([passage], self._context(passage), (passage.start, passage.end))
        for one, two in zip(passages, passages[1:], strict=False):
            between = self.page.text[one.end : two.start]
            if one.path == two.path and "\n" not in between:
                yield self._window([one, two], self._context(one), (one.start, two.end))
        for _, group in groupby(passages, key=lambda p: (p.path, p.lead_in)):
            block = list(group)
            if block[0].lead_in and len(block) > 2 and self._labelled(block[0]):
                yield self._window(block, self._context(block[0]), (block[0].start, block[-1].end))
        yield from self._lists()

    def _labelled(self, passage: Passage) -> bool:
        return passage.path[-1] not in self.page.headings and len(passage.path) > 1

    def _lists(self) -> Iterator[Window]:
        """Whole lists, and what the lists under headings of one kind hold together."""
        short: dict[str, list[Passage]] = {}
        listed = [p for p in self.page.passages if self._listed(p)]
        for _, group in groupby(listed, key=lambda p: (p.path[0], p.lead_in, p.lead_in or p.path)):
            items = list(group)
            lead = [p for p in self.page.passages if p.text == items[0].lead_in]
            start = lead[0].start if lead else items[0].start
            if self._labelled(items[0]):
                labels = list(dict.fromkeys(p.path[-1] for p in items))
                drugs = [
                    name
                    for name in self._lexicon.glossary.classes_within(
                        " ".join(p.text for p in items)
                    )
                    if self._lexicon.glossary.kinds[name] == "drug"
                ]
                end = items[-1].end
                if end - start > MAX_QUOTE and lead:
                    end = lead[0].end
                context = [items[0].lead_in, *labels, *drugs]
                yield self._window([], context, (start, end), items=True)
                continue
            count = frozenset({(Fraction(len(items)), None)})
            span = (start, items[-1].end)
            yield self._window(items, self._context(items[0]), span, count, items=True)
            for head in ("sign", "cause"):
                if re.search(rf"\b{head}s?\b", fold(items[0].path[0])):
                    short.setdefault(head, []).extend(items)
        for head, items in short.items():
            yield self._window(items, [head], (items[0].start, items[0].end), items=True)
