"""The glossary: reviewed pairs of a plain word and the page's own term.

One entry is one class: its page term, plain words and brand names stand for each
other when an answer is checked. Matching reads folded text (case, accents, curly
apostrophes and dashes aside), takes a plural s or es, and the longest form first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from bot.content import read_yaml, require
from bot.errors import ContentError
from bot.source import Page
from bot.text import TYPOGRAPHIC, fold
from bot.topics import LANGUAGES

KINDS = frozenset({"drug", "disease", "sign", "test", "service", "person", "other"})
FIELDS = frozenset({"page", "kind", "plain", "misspelled"})


@dataclass(frozen=True)
class Entry:
    """One meaning.

    Attributes:
        page: the page's own term, in lower case; it names the class.
        kind: one of `KINDS`.
        plain: language to words that an answer may say instead.
        misspelled: what parents type; read, never written.
    """

    page: str
    kind: str
    plain: Mapping[str, tuple[str, ...]]
    misspelled: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """Everything that an answer may call it, the page's term first."""
        return (self.page, *(form for forms in self.plain.values() for form in forms))


def _key(text: str) -> str:
    """Folded text in which a hyphen and any white space are one space."""
    return " ".join(re.split(r"[\s-]+", fold(text))).strip()


def _singulars(form: str) -> Iterator[str]:
    """The form, then what it would be without a plural ending."""
    yield form
    yield from (form[: -len(end)] for end in ("s", "es") if form.endswith(end))


@dataclass(frozen=True)
class Glossary:
    """All entries, ready to be found in a text."""

    entries: tuple[Entry, ...]

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """Class to its kind."""
        return {entry.page: entry.kind for entry in self.entries}

    @cached_property
    def _class_of(self) -> dict[str, str]:
        return {_key(form): entry.page for entry in self.entries for form in entry.forms}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        forms = sorted(self._class_of, key=lambda form: (-len(form), form))
        any_form = "|".join(re.escape(form).replace(r"\ ", r"[\s-]+") for form in forms)
        return re.compile(rf"(?<!\w)(?:{any_form})(?:e?s)?(?!\w)", re.IGNORECASE)

    @cached_property
    def _at_each_word(self) -> re.Pattern[str]:
        return re.compile(rf"(?=({self._pattern.pattern}))", re.IGNORECASE)

    def _lookup(self, form: str) -> str | None:
        found = (self._class_of.get(singular) for singular in _singulars(form))
        return next((name for name in found if name), None)

    def classes_in(self, text: str) -> frozenset[str]:
        """Classes (page terms) that a text names: at each place the longest form only."""
        found = (self._lookup(_key(m.group())) for m in self._pattern.finditer(fold(text)))
        return frozenset(name for name in found if name)

    def classes_within(self, text: str) -> frozenset[str]:
        """Classes that a text names, shorter forms inside longer ones too.

        "Video EEG" names the video EEG and also the EEG; a quote backs both.
        """
        names: set[str | None] = set()
        for match in self._at_each_word.finditer(fold(text)):
            words = _key(match.group(1)).split(" ")
            names.update(self._lookup(" ".join(words[:n])) for n in range(1, len(words) + 1))
        return frozenset(name for name in names if name)

    def replace(self, text: str, word: Callable[[str], str]) -> str:
        """Text with each term replaced by `word(class)`; diacritics must be the form's own."""
        plain = text.translate(TYPOGRAPHIC)
        return self._pattern.sub(lambda m: word(self._lookup(_key(m.group())) or ""), plain)

    def synonyms(self) -> dict[str, str]:
        """Folded lay word or misspelling to the page's term (folded), for a search of the page."""
        return {
            fold(form): fold(entry.page)
            for entry in self.entries
            for form in (*entry.forms, *entry.misspelled)
            if fold(form) != fold(entry.page)
        }


def _entry(raw: Any, where: str) -> Entry:
    page = require(raw, "page", str, where)
    where = f"{where}, {page!r}"
    kind = require(raw, "kind", str, where)
    if kind not in KINDS:
        raise ContentError(f"{where}: kind {kind!r} is none of {', '.join(sorted(KINDS))}.")
    if set(raw) - FIELDS:
        raise ContentError(f"{where}: unknown fields {sorted(set(raw) - FIELDS)}.")
    plain = require(raw, "plain", dict, where)
    if set(plain) - set(LANGUAGES):
        raise ContentError(f"{where}: 'plain' knows only the languages {LANGUAGES}.")
    misspelled = raw.get("misspelled", [])
    for words in (*plain.values(), misspelled):
        if not isinstance(words, list) or not all(isinstance(w, str) and w.strip() for w in words):
            raise ContentError(f"{where}: plain and misspelled words are lists of words.")
    return Entry(page, kind, {k: tuple(v) for k, v in plain.items()}, tuple(misspelled))


@lru_cache(maxsize=4)
def _page_key(text: str) -> str:
    return _key(text)


def stands(term: str, page: Page) -> bool:
    """True where a term stands on the page as a word, whatever its case and hyphens."""
    return bool(re.search(rf"(?<!\w){re.escape(_key(term))}(?!\w)", _page_key(page.text)))


def load_glossary(path: Path, page: Page) -> Glossary:
    """Read the glossary and check it against the page.

    Raises:
        ContentError: an entry breaks the contract, its term does not stand on the
            page, or a word belongs to two entries; names the entry.
    """
    raw = read_yaml(path)
    if not isinstance(raw, list):
        raise ContentError(f"{path.name}: must be a list of entries.")
    entries = tuple(_entry(item, f"{path.name}, entry {n}") for n, item in enumerate(raw, 1))
    owners: dict[str, str] = {}
    for entry in entries:
        if not stands(entry.page, page):
            raise ContentError(f"{path.name}: {entry.page!r} does not stand on the page.")
        for word in (*entry.forms, *entry.misspelled):
            for form in _singulars(_key(word)):
                if owners.setdefault(form, entry.page) != entry.page:
                    raise ContentError(
                        f"{path.name}: {word!r} belongs to two entries, "
                        f"{owners[form]!r} and {entry.page!r}."
                    )
    return Glossary(entries)
