"""A sentence as the check of claims reads it: what its words say, and whether they are denied.

The words come from `data/claims/words.yml`, the names from the glossary. A word stands for
one or more concepts, each with a sign: "rare" is -common, and so is "not common".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from bot.content import read_yaml, require
from bot.errors import ContentError
from bot.glossary import Glossary
from bot.numbers import NUMBER_WORDS
from bot.text import fold

Concept: TypeAlias = "tuple[str, int]"  # (head of its group, sign)

LEXEME = re.compile(
    r"§\d+§|(?!\d+(?:s|st|nd|rd|th|h|hr|y|yr|mo|min|sec)s?\b)[a-z0-9]*[a-z][a-z0-9]*|[.,;:!?()]"
)
NAME = re.compile(r"§(\d+)§")
# What two words must share at their beginning to be forms of one: letters, and share of each.
MIN_SHARED, SHARED = 5, 0.72
CACHED = 512  # texts whose reading is kept: one claim is held against many pieces of the page
# Endings taken off, longest first, with what must be left.
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "en": ("ing", "ed", "ly", "e"),
    "es": (
        *("amientos", "amiento", "imientos", "imiento", "aciones", "acion", "iendo", "ando"),
        *("ados", "adas", "idos", "idas", "aron", "ieron", "ado", "ada", "ido", "ida", "mente"),
        *("aran", "eran", "ara", "era", "aba", "ian", "ar", "er", "ir", "an", "en", "es"),
        *("os", "as", "a", "e", "o", "s"),
    ),
}


def stem(word: str, lang: str) -> str:
    """A word without its ending; rough, and the same on both sides of a comparison."""
    if lang == "en" and len(word) > 3 and word.endswith("s") and word[-2] not in "siu":
        word = word[:-1]
    for end in ENDINGS[lang]:
        least = 5 if end == "ly" else 3  # "ly" is no ending of "early"
        if word.endswith(end) and len(word) - len(end) >= least and not word.endswith(("ss", "is")):
            word = word[: -len(end)]
            break
    if lang == "en":
        word = re.sub(r"([^aeiou])\1$", r"\1", word)
        word = word[:-1] if word.endswith("e") and len(word) > 3 else word
        word = re.sub(r"(?:y|i)$", "i", word)
    return word


@dataclass(frozen=True)
class Token:
    """A word or name of a sentence.

    Attributes:
        word: as it stands there, folded.
        concepts: what it may stand for; empty where it carries no fact.
        denied: True where a negation reaches it.
        clause: number of the clause it stands in.
        name: glossary class, or None.
        parts: the words of a name.
    """

    word: str
    concepts: frozenset[Concept]
    denied: bool
    clause: int
    name: str | None = None
    parts: tuple[Token, ...] = ()

    @property
    def meant(self) -> frozenset[Concept]:
        """Its concepts with the negation counted in."""
        return frozenset((head, -sign if self.denied else sign) for head, sign in self.concepts)


@dataclass(frozen=True)
class Lexicon:
    """The words of one language, ready to read sentences."""

    lang: str
    phrases: tuple[tuple[re.Pattern[str], str], ...]
    groups: Mapping[str, frozenset[Concept]]
    free: frozenset[str]
    exact: frozenset[str]
    soft: frozenset[str]
    negations: frozenset[str]
    boundaries: frozenset[str]
    loose: frozenset[str]
    topic: frozenset[str]
    implies: Mapping[str, tuple[str, ...]]
    glossary: Glossary

    @cached_property
    def _forms(self) -> dict[str, str]:
        """Folded form (one space between words) to its class, misspellings too."""
        return {
            " ".join(re.split(r"[\s-]+", fold(form))): entry.page
            for entry in self.glossary.entries
            for form in (*entry.misspelled, *entry.forms)
        }

    @cached_property
    def _names(self) -> re.Pattern[str]:
        forms = sorted(self._forms, key=lambda form: (-len(form), form))
        any_form = "|".join(re.escape(form).replace(r"\ ", r"[\s-]+") for form in forms)
        return re.compile(rf"(?<!\w)({any_form})(?:e?s)?(?!\w)")

    @cached_property
    def rewritten(self) -> Callable[[str], str]:
        """Text to folded text with the phrases rewritten."""
        return lru_cache(CACHED)(self._rewritten)

    @cached_property
    def _reading(self) -> Callable[[str, bool], tuple[Token, ...]]:
        return lru_cache(CACHED)(self._read)

    def _rewritten(self, text: str) -> str:
        text = fold(text).replace("/", " ")
        for pattern, replacement in self.phrases:
            text = pattern.sub(replacement, text)
        return text

    def names(self, text: str) -> frozenset[str]:
        """Glossary classes that a text names, by the longest form at each place."""
        return frozenset(t.name for t in self.read(text) if t.name)

    def read(self, text: str, *, names: bool = True) -> tuple[Token, ...]:
        """The tokens of a text, in order; without `names` each word stands alone."""
        return self._reading(text, names)

    def _read(self, text: str, names: bool) -> tuple[Token, ...]:
        text = self.rewritten(text)
        found: list[tuple[str, str]] = []

        def mark(match: re.Match[str]) -> str:
            found.append((self._class(match.group(1)), match.group()))
            return f" §{len(found) - 1}§ "

        tokens = tuple(self._tokens(self._names.sub(mark, text) if names else text, found))
        denials = Counter(t.clause for t in tokens if t.word in self.negations)
        # Two negations of one clause undo each other.
        return tuple(t if denials[t.clause] % 2 else replace(t, denied=False) for t in tokens)

    def places(self, text: str) -> list[tuple[str, str]]:
        """(class, what stands between it and the name before it) of each name in a text."""
        text, found, last = self.rewritten(text), [], 0
        for match in self._names.finditer(text):
            found.append((self._class(match.group(1)), text[last : match.start()]))
            last = match.end()
        return found

    def _class(self, form: str) -> str:
        return self._forms[" ".join(re.split(r"[\s-]+", form))]

    def concepts(self, word: str) -> frozenset[Concept]:
        """What a word may stand for; nothing where it is free."""
        root = stem(word, self.lang)
        if word in self.exact or word in NUMBER_WORDS[self.lang] or root in self.free:
            return frozenset()
        return self.groups.get(root) or self.groups.get(
            self._relative(root), frozenset({(root, 1)})
        )

    def _relative(self, root: str) -> str:
        """A word of the groups that differs in its ending only: "metabolism" to "metabolic"."""
        for size in range(len(root) - 1, MIN_SHARED - 1, -1):
            if size < SHARED * len(root):
                break
            for other in self._by_prefix.get(root[:size], ()):
                if size >= SHARED * len(other):
                    return other
        return root

    @cached_property
    def _by_prefix(self) -> dict[str, list[str]]:
        """Beginnings of the words of the groups to those words."""
        found: dict[str, list[str]] = {}
        for word in sorted(self.groups):
            for size in range(MIN_SHARED, len(word) + 1):
                found.setdefault(word[:size], []).append(word)
        return found

    def _tokens(self, text: str, found: list[tuple[str, str]]) -> Iterator[Token]:
        clause, denied = 0, False
        for match in LEXEME.finditer(text):
            word = match.group()
            if name := NAME.fullmatch(word):
                page, form = found[int(name[1])]
                parts = tuple(
                    Token(w, self.concepts(w), denied, clause)
                    for w in LEXEME.findall(form)
                    if w not in self.negations
                )
                yield Token(form, frozenset({(page, 1)}), denied, clause, page, parts)
            elif word in self.boundaries or not word[0].isalnum():
                clause, denied = clause + 1, False
            elif word in self.negations:
                denied = True
                yield Token(word, frozenset(), True, clause)
            else:
                if word in {"and", "y"}:
                    denied = False
                yield Token(word, self.concepts(word), denied, clause)


def _groups(raw: Mapping[str, str], lang: str) -> dict[str, frozenset[Concept]]:
    groups: dict[str, set[Concept]] = {}
    for head, words in raw.items():
        for word in words.split():
            sign = -1 if word.startswith("-") else 1
            groups.setdefault(stem(word.lstrip("-"), lang), set()).add((head, sign))
    return {root: frozenset(concepts) for root, concepts in groups.items()}


def load_lexicons(path: Path, glossary: Glossary) -> Mapping[str, Lexicon]:
    """Language to its words.

    Raises:
        ContentError: the file is missing or breaks its contract.
    """
    raw: Any = read_yaml(path)
    lexicons = {}
    for lang in ENDINGS:
        block = require(raw, lang, dict, path.name)
        where = f"{path.name}, {lang}"
        words = {
            field: frozenset(require(block, field, str, where).split())
            for field in ("negations", "boundaries", "exact", "soft", "free")
        }
        try:
            phrases = tuple((re.compile(a), b) for a, b in require(block, "phrases", list, where))
        except (re.error, TypeError, ValueError) as error:
            raise ContentError(f"{where}: phrases are [pattern, text] pairs: {error}") from error
        lexicons[lang] = Lexicon(
            lang=lang,
            phrases=phrases,
            groups=_groups(require(block, "groups", dict, where), lang),
            free=frozenset(stem(word, lang) for word in words["free"]),
            exact=words["exact"],
            soft=words["soft"],
            negations=words["negations"],
            boundaries=words["boundaries"],
            loose=frozenset(require(raw, "loose", list, path.name)),
            topic=frozenset(require(raw, "topic", list, path.name)),
            implies={
                head: tuple(heads.split())
                for head, heads in require(raw, "implies", dict, path.name).items()
            },
            glossary=glossary,
        )
    return lexicons
