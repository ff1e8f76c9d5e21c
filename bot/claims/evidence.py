"""The page in the pieces that one claim may rest on.

A claim rests on one sentence of the page (and on what the sentence before it names, where it
goes on from there), on one list item, or on a whole list; never on sentences from here and
there, which together can say anything. `data/claims/paraphrases.yml` adds to each sentence
other ways to say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from bot.claims.lexicon import Concept, Lexicon
from bot.content import read_yaml, require
from bot.errors import ContentError
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
# A sentence that speaks of what the one before it named.
GOES_ON = re.compile(r"\b(?:[Tt]his|[Tt]hese|[Tt]hey|The condition)\b|^Your child")


def comparable(found: Iterable[Amount]) -> frozenset[Amount]:
    """Amounts in common units: a year is 12 months; "a few minutes" stays in minutes."""
    same = set()
    for value, unit in found:
        other, size = IN.get(unit or "", (unit, 1))
        same.add((value, unit) if value is None else (value * size, other))
    return frozenset(same)


def load_paraphrases(path: Path, page: Page) -> dict[str, tuple[str, ...]]:
    """A passage of the page to other ways to say it.

    Raises:
        ContentError: the file is missing or breaks its contract, or a passage is not on the page.
    """
    raw = read_yaml(path)
    if not isinstance(raw, list):
        raise ContentError(f"{path.name}: must be a list of entries.")
    found: dict[str, tuple[str, ...]] = {}
    for number, entry in enumerate(raw, 1):
        where = f"{path.name}, entry {number}"
        quote, said = require(entry, "page", str, where), require(entry, "said", list, where)
        passages = [p.text for p in page.passages if p.text.rstrip(".:") == quote.rstrip(".:")]
        if not passages:
            raise ContentError(f"{where}: {quote!r} is no sentence or list item of the page.")
        if not all(isinstance(line, str) and line.strip() for line in said):
            raise ContentError(f"{where}: 'said' is a list of sentences.")
        found.update((text, tuple(said)) for text in passages)
    return found


@dataclass(frozen=True)
class Window:
    """A piece of the page.

    Attributes:
        start, end: what of the page is quoted for it.
        own: folded text of its sentences, without headings.
        sentences: concepts of each sentence (headings and lead-in are not among them).
        named: glossary classes of each sentence.
        meant: every concept in it, with its sign.
        heads: the concepts that its own words give, not only other ways to say it.
        names: glossary classes in it.
        amounts: see `comparable`; the length of a list is one of them.
        items: names in each item, where it is a list.
        halves: concepts of each part alone, where a sentence explains its parts in brackets.
        around: concepts of its headings and lead-in.
    """

    start: int
    end: int
    own: str
    sentences: tuple[frozenset[Concept], ...]
    named: tuple[frozenset[str], ...]
    meant: frozenset[Concept]
    heads: frozenset[str]
    names: frozenset[str]
    amounts: frozenset[Amount]
    items: tuple[frozenset[str], ...] = ()
    halves: tuple[frozenset[Concept], ...] = ()
    around: frozenset[Concept] = frozenset()


class Evidence:
    """All windows of the page, for claims in one language."""

    def __init__(
        self,
        page: Page,
        lexicon: Lexicon,
        translations: Mapping[str, str],
        paraphrases: Mapping[str, Sequence[str]],
    ) -> None:
        """Cut the page.

        Args:
            page: the source page.
            lexicon: words of the claims' language.
            translations: page's own words to that language; {} for English.
            paraphrases: page's own words to other ways to say them in that language.
        """
        self.page = page
        self._lexicon = lexicon
        self._translations = translations
        self._paraphrases = paraphrases
        self.windows = tuple(self._windows())
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
        return (
            bool(passage.lead_in)
            or passage.path[-1] in self.page.headings[1:]
            and (len(passage.path) == 2)
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
        items: tuple[frozenset[str], ...] = (),
    ) -> Window:
        texts = [p.text for p in passages]
        said = [self._said(text) for text in texts]
        names: set[str] = set()
        sentences = tuple(self._sentence(text) for text in texts)
        meant = {concept for sentence in sentences for concept in sentence}
        near = frozenset(concept for text in context for concept in self._sentence(text))
        meant |= near
        if any("(" in text for text in texts):
            meant |= {("call", 1), ("knownas", 1)}  # "chaotic background patterns (hypsarrhythmia)"
        for text in texts:
            names |= self._named_in(text)
        for text in context:
            names |= self._lexicon.glossary.classes_within(text)
        units = {unit for text in texts for _, unit in amounts(text)}
        if units - {None}:
            meant.add(("last", 1))  # "for about one month" tells how long it lasts
        if "second" in units:
            meant.add(("long", -1))
        if ("sign", 1) in near:
            meant.add(("appear", 1))
        stated = frozenset(a for text in (*texts, *context) for a in amounts(text))
        return Window(
            start=span[0],
            end=span[1],
            own=fold(" ".join(said)),
            sentences=sentences,
            named=tuple(self._named_in(text) for text in texts),
            meant=frozenset(meant),
            heads=frozenset(head for text in texts for head, _ in self._meant(self._said(text)))
            | names,
            names=frozenset(names.union(*items)),
            amounts=comparable(stated | extra),
            items=items,
            halves=next((h for h in map(self._halves, texts) if h), ()),
            around=near,
        )

    def _named_in(self, text: str) -> frozenset[str]:
        """Glossary classes in a sentence of the page or in another way to say it."""
        within = self._lexicon.glossary.classes_within
        return within(text).union(*map(within, self._paraphrases.get(text, ())))

    def _sentence(self, text: str) -> frozenset[Concept]:
        """Concepts of a sentence of the page, and what other ways to say it add to them."""
        own = self._meant(self._said(text))
        heads = {head for head, _ in own}
        other = (c for said in self._paraphrases.get(text, ()) for c in self._meant(said))
        return own.union(c for c in other if c[0] not in heads)

    def _meant(self, text: str) -> frozenset[Concept]:
        tokens = (*self._lexicon.read(text, names=False), *self._lexicon.read(text))
        meant = {concept for token in tokens for concept in token.meant}
        implies = self._lexicon.implies
        return frozenset(meant | {(also, s) for head, s in meant for also in implies.get(head, ())})

    def _halves(self, text: str) -> tuple[frozenset[Concept], ...]:
        """What only one of the parts says that a sentence explains in brackets.

        "Present at birth (congenital), develop after birth (acquired)" has two such parts,
        each with the three words before its bracket; what the rest says too tells nothing.
        """
        parts = re.findall(r"(?:\w+\W+){0,3}\([^)]*\)", text)
        meant = [self._meant(part) for part in parts]
        rest = self._meant(re.sub("|".join(map(re.escape, parts)) or "$", " ", text))
        return tuple(
            concepts.difference(rest, *(other for m, other in enumerate(meant) if m != n))
            for n, concepts in enumerate(meant)
            if len(parts) > 1
        )

    def _windows(self) -> Iterator[Window]:
        passages = self.page.passages
        for passage in passages:
            yield self._window([passage], self._context(passage), (passage.start, passage.end))
        for one, two in zip(passages, passages[1:], strict=False):
            between = self.page.text[one.end : two.start]
            if one.path == two.path and "\n" not in between and GOES_ON.search(two.text):
                window = self._window([two], self._context(two), (two.start, two.end))
                before = self._named_in(one.text)
                yield replace(
                    window,
                    start=one.start,
                    names=window.names | before,
                    heads=window.heads | before,
                    meant=window.meant | {(name, 1) for name in before},
                )
        for _, group in groupby(passages, key=lambda p: (p.path, p.lead_in)):
            block = list(group)
            # What one treatment's item says, it says of that treatment.
            if block[0].lead_in and self._labelled(block[0]) and self._drugs(block[0].text):
                yield self._window(block, self._context(block[0]), (block[0].start, block[-1].end))
        yield from self._lists()

    def _labelled(self, passage: Passage) -> bool:
        return passage.path[-1] not in self.page.headings and len(passage.path) > 1

    def _lists(self) -> Iterator[Window]:
        """Whole lists, and what the lists under headings of one kind hold together."""
        short: dict[str, list[Passage]] = {}
        listed = [p for p in self.page.passages if self._listed(p)]
        listed = [p for p in listed if not p.text.endswith(":")]
        for _, group in groupby(listed, key=lambda p: (p.path[0], p.lead_in, p.lead_in or p.path)):
            items = list(group)
            lead = [p for p in self.page.passages if p.text == items[0].lead_in]
            start = lead[0].start if lead else items[0].start
            if self._labelled(items[0]):
                labels = list(dict.fromkeys(p.path[-1] for p in items))
                drugs = [
                    self._drugs(" ".join(p.text for p in items if p.path[-1] == label))
                    for label in labels
                ]
                end = lead[0].end if lead else items[-1].end
                # Words of a label are no words of another item: of drugs only the names count.
                context = [items[0].lead_in, *(() if any(drugs) else labels)]
                yield self._window([], context, (start, end), items=tuple(drugs))
                continue
            count = frozenset({(Fraction(len(items)), None)})
            span = (start, items[-1].end)
            yield self._window(items, self._context(items[0]), span, count, self._named(items))
            for head in ("sign", "cause"):
                if re.search(rf"\b{head}s?\b", fold(items[0].path[0])):
                    short.setdefault(head, []).extend(items)
        for head, items in short.items():
            span = (items[0].start, items[0].end)
            yield self._window(items, [head], span, items=self._named(items))

    def _drugs(self, text: str) -> frozenset[str]:
        kinds = self._lexicon.glossary.kinds
        within = self._lexicon.glossary.classes_within(text)
        return frozenset(name for name in within if kinds[name] == "drug")

    def _named(self, items: Sequence[Passage]) -> tuple[frozenset[str], ...]:
        return tuple(self._lexicon.glossary.classes_within(p.text) for p in items)
