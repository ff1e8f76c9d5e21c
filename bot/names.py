"""Names in what families write, found by their spelling, by lists, and by the words around them.

A language model for names, however small, was trained on tidy text: it finds "Maria Lopez", and
misses "my name is maria lopez" and most of Spanish. What it finds is one hint among others here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.content import read_yaml
from bot.text import fold

WORD = re.compile(r"[^\W\d_]+")
# Between two words of one phrase; a full stop belongs to it only after a title.
GAP = re.compile(r"[\s,:'’\"“(*-]{0,4}")
TITLES = frozenset("dr dra mr mrs ms sr sra st".split())
SENTENCE_END = re.compile(r"[.!?¿¡:;\n]")
# How a verb may end that is no word of ours: no name after "my son".
VERB = re.compile(r".+(?:ed|ing|ly|ando|iendo|aba|ado|ido|mente)$")
# "Dieguito" is a Diego.
SMALL = re.compile(r"(.+)(?:it|cit)([oa])$")
ACRONYM = 4  # letters; "EMT" is no name, unless the words before say so
# After these, a word that may be a name is one, also in lower case.
SELF = frozenset("im am soy this habla".split())
SHOUTING = 0.7  # share of capitals from which they say nothing


@dataclass(frozen=True)
class Word:
    """A word and its place in a text."""

    start: int
    end: int
    text: str
    folded: str


def words_of(text: str) -> list[Word]:
    """The words of a text; an apostrophe or a hyphen parts two."""
    return [Word(m.start(), m.end(), m.group(), fold(m.group())) for m in WORD.finditer(text)]


@dataclass(frozen=True)
class Lists:
    """What `data/masking` holds, folded.

    Attributes:
        sure: names, however they are written.
        unsure: names that are words, too.
        before: phrases after which a name stands.
        relations: words after which one may stand.
        perhaps: words after which one stands if it looks like one.
        particles: between the parts of a name.
        stays: never masked.
    """

    sure: frozenset[str]
    unsure: frozenset[str]
    before: frozenset[tuple[str, ...]]
    relations: frozenset[str]
    perhaps: frozenset[str]
    particles: frozenset[str]
    stays: frozenset[str]

    @classmethod
    def load(cls, folder: Path, stays: Iterable[str] = ()) -> Lists:
        """Read the lists.

        Args:
            folder: data/masking.
            stays: further terms, of any number of words, that are never masked.

        Raises:
            ContentError: a file is no YAML.
            KeyError: a list is missing.
        """
        names, cues = read_yaml(folder / "names.yml"), read_yaml(folder / "cues.yml")
        kept = {fold(word) for term in stays for word in WORD.findall(term) if len(word) > 2}
        return cls(
            frozenset(names["sure"].split()),
            frozenset(names["unsure"].split()),
            frozenset(tuple(WORD.findall(phrase)) for phrase in cues["before"]),
            frozenset(cues["relations"].split()),
            frozenset(cues["perhaps"].split()),
            frozenset(cues["particles"].split()),
            frozenset(cues["stay"].split()) | kept,
        )


class NameFinder:
    """Finds names, of people and of places alike."""

    def __init__(self, lists: Lists, ordinary: Collection[str]) -> None:
        """Join the lists.

        Args:
            lists: of `data/masking`.
            ordinary: folded words of both languages that are no names.
        """
        self._lists = lists
        self._ordinary = ordinary

    def find(self, text: str, hints: Sequence[tuple[int, int]] = ()) -> list[tuple[int, int]]:
        """Spans of names, in order.

        Args:
            text: as a family wrote it.
            hints: spans that a model takes for names.
        """
        words = words_of(text)
        letters = [char for char in text if char.isalpha()]
        shouted = sum(char.isupper() for char in letters) > SHOUTING * max(len(letters), 1)
        found = [
            self._is_name(text, words, place, shouted)
            or any(start <= word.start < end for start, end in hints)
            and self._hinted(word)
            for place, word in enumerate(words)
        ]
        self._extend(text, words, found)
        return self._join(text, words, found)

    def _known(self, word: Word) -> bool:
        """True for what is an ordinary word, or must stay."""
        stays = self._lists.stays
        return len(word.text) < 2 or word.folded in self._ordinary or word.folded in stays

    def _hinted(self, word: Word) -> bool:
        maybe = word.folded in self._lists.unsure and word.folded not in self._lists.stays
        return _capital(word.text) and (maybe or not self._known(word))

    def _sure(self, folded: str) -> bool:
        small = SMALL.match(folded)
        names = self._lists.sure
        return folded in names or bool(small and {small[1] + small[2], small[1]} & names)

    def _is_name(self, text: str, words: Sequence[Word], place: int, shouted: bool) -> bool:
        word, lists = words[place], self._lists
        if word.folded in lists.stays:
            return False
        if self._sure(word.folded):
            return True
        maybe = word.folded in lists.unsure
        unknown = not self._known(word)
        before = text[words[place - 1].end : word.start] if place else ""
        opens = place == 0 or bool(SENTENCE_END.search(before))
        capital = _capital(word.text) and not shouted
        if capital and (unknown or maybe) and not (opens and VERB.match(word.folded)):
            return True
        phrase = self._phrase(text, words, place)
        if any(phrase[-length:] in lists.before for length in (1, 2, 3)):
            return unknown or maybe
        if not phrase:
            return False
        if phrase[-1] in lists.relations:
            return unknown and not VERB.match(word.folded)
        return maybe and (phrase[-1] in SELF or phrase[-2:] == ("i", "m"))

    @staticmethod
    def _phrase(text: str, words: Sequence[Word], place: int) -> tuple[str, ...]:
        """Up to three folded words before a place, as far as one phrase goes."""
        phrase: list[str] = []
        while place > 0 and len(phrase) < 3:
            gap = text[words[place - 1].end : words[place].start]
            place -= 1
            if not GAP.fullmatch(gap.removeprefix(".") if words[place].folded in TITLES else gap):
                break
            phrase.insert(0, words[place].folded)
        return tuple(phrase)

    def _extend(self, text: str, words: Sequence[Word], found: list[bool]) -> None:
        """A word beside a name that may itself be one belongs to it: "emily rose", "R. Delgado"."""
        lists = self._lists
        for place in range(1, len(words)):
            word = words[place]
            gap = text[words[place - 1].end : word.start]
            if found[place - 1] and not found[place] and gap in (" ", "-", "'"):
                capital = word.text[0].isupper() and not self._known(word)
                maybe = word.folded in lists.unsure and word.folded not in lists.stays
                found[place] = capital or maybe
        for place in range(len(words) - 2, -1, -1):
            word = words[place]
            gap = text[word.end : words[place + 1].start]
            if found[place + 1] and not found[place]:
                initial = len(word.text) == 1 and word.text.isupper() and gap in (". ", " ", "'")
                maybe = word.folded in lists.unsure and word.text[0].isupper() and gap == " "
                found[place] = (initial or maybe) and word.folded not in lists.stays | {"i", "y"}

    def _join(
        self, text: str, words: Sequence[Word], found: Sequence[bool]
    ) -> list[tuple[int, int]]:
        """Neighbours are one name, with the particles between them."""
        spans: list[tuple[int, int]] = []
        last = -1
        for place, word in enumerate(words):
            if not found[place]:
                continue
            between = words[last + 1 : place] if last >= 0 else []
            joined = last >= 0 and all(w.folded in self._lists.particles for w in between)
            gap = text[spans[-1][1] : word.start] if spans else ""
            # "ava and liam" are two, "Emmanuel de la Cruz" is one.
            if joined and "," not in gap and not {"y", "and"} & {w.folded for w in between}:
                spans[-1] = (spans[-1][0], word.end)
            else:
                spans.append((word.start, word.end))
            last = place
        return spans


def _capital(text: str) -> bool:
    """True for a capital that may open a name; an acronym's do not."""
    return text[0].isupper() and not (text.isupper() and len(text) <= ACRONYM)
