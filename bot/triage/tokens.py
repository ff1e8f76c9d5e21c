"""Folded text as tokens of one spelling: shorthand, typos, leetspeak, stretched letters undone.

The spelling table and the danger words come from `data/safety/rules/lexicon.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.text import fold
from bot.triage.values import Value, read_values, tags

# Sentence ends, clause ends, and words; "k!ll", "can't" and "0.5" are one word each.
_PIECE = re.compile(
    r"\d{0,6}\.\d{1,6}(?![a-z0-9.:])|[a-z0-9]+(?:['`!@$*][a-z0-9]+)*'?"
    r"|[.?!;\n]+|[,:()\"-]+|[^\sa-z0-9]"
)
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "!": "i", "@": "a", "$": "s"}
)
_STRETCH = re.compile(r"(.)\1{2,}")
_SYMBOL = re.compile(r"[!@$*]")
SENTENCE_END = frozenset(".?!;")
REPEATED = frozenset(("#rep",))
# Said twice for emphasis or in a list, not of a movement.
ECHOES = frozenset(
    """
    haha jaja very really please por favor the and that this not are was has have been does did can
    will his her she you they all said say says some one how what como para que los las una con
    """.split()  # noqa: SIM905
)
MIN_FUZZY = 6  # shorter words have too many honest neighbours


@dataclass(frozen=True)
class Tokens:
    """Words of a message and, for each, its tags, character span, sentence and clause number."""

    text: str
    words: list[str]
    tags: list[frozenset[str]]
    spans: list[tuple[int, int]]
    sentence: list[int]
    clause: list[int]
    values: list[Value]

    def span_text(self, first: int, last: int) -> str:
        """The folded text from token `first` to token `last`, both included."""
        return self.text[self.spans[first][0] : self.spans[last][1]]


class Spelling:
    """Brings a written word to the spelling that rules use.

    Args:
        variants: written form to one or more words ("wont" to "will not").
        danger: words worth recovering from a typo at edit distance one.
        keep: real words that must never be taken for a typo of a danger word.
        known: every other word that rules name; found as it stands, it is left alone.
    """

    def __init__(
        self,
        variants: Mapping[str, str],
        danger: Iterable[str],
        keep: Iterable[str],
        known: Iterable[str],
    ) -> None:
        self._variants = {written: tuple(read.split()) for written, read in variants.items()}
        self._known = frozenset(known) | frozenset(danger) | frozenset(keep)
        self._near: dict[str, str] = {}
        for word in danger:
            if len(word) >= MIN_FUZZY:
                for form in _deletes(word) | {word}:
                    self._near.setdefault(form, word)
        self._cache: dict[str, tuple[str, ...]] = {}

    def read(self, word: str) -> tuple[str, ...]:
        """Words meant by a written one."""
        known = self._cache.get(word)
        if known is None:
            known = self._read(word)
            # Bounded, and without words that no rule knows: no family's text piles up in memory.
            if len(self._cache) < 20_000 and all(part in self._known for part in known):
                self._cache[word] = known
        return known

    def _lookup(self, word: str) -> tuple[str, ...] | None:
        if word in self._variants:
            return self._variants[word]
        return (word,) if word in self._known else None

    def _read(self, word: str) -> tuple[str, ...]:
        bare = word.replace("'", "").replace("`", "")
        found = self._variants.get(word) or self._lookup(bare)
        if found:
            return found
        if bare.isdigit() or len(bare) > 24:
            return (bare[:24],)
        for candidate in (bare.translate(_LEET), bare.translate(_LEET).replace("i", "l")):
            if candidate != bare and not bare[0].isdigit() and (found := self._lookup(candidate)):
                return found
        for repeat in (r"\1\1", r"\1"):
            candidate = _STRETCH.sub(repeat, bare)
            if candidate != bare and (found := self._lookup(candidate)):
                return found
        if _SYMBOL.search(bare):
            return tuple(
                part for piece in _SYMBOL.split(bare) if piece for part in self.read(piece)
            )
        if word.endswith("'s") or word.endswith("s'"):
            return self.read(word[:-2]) if word.endswith("'s") else (bare,)
        if len(bare) >= MIN_FUZZY - 1:
            return (self._fuzzy(bare),)
        return (bare,)

    def _fuzzy(self, word: str) -> str:
        """The danger word one edit away (insertion, deletion, substitution, swap), or the word."""
        for form in (word, *_deletes(word)):
            near = self._near.get(form)
            if (
                near
                and near[0] == word[0]
                and abs(len(near) - len(word)) <= 1
                and _close(word, near)
            ):
                return near
        return word


def _deletes(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def _close(left: str, right: str) -> bool:
    """True where one edit or one swap of neighbours turns left into right."""
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    rest_l, rest_r = left[start:], right[start:]
    return (
        rest_l[1:] == rest_r
        or rest_l == rest_r[1:]
        or rest_l[1:] == rest_r[1:]
        or (rest_l[:2] == rest_r[1::-1] and rest_l[2:] == rest_r[2:])
    )


def tokenize(text: str, spelling: Spelling, breaks: frozenset[str]) -> Tokens:
    """Tokens of a message; values become one token with tags, `breaks` ("but") start a clause."""
    folded = fold(text)
    values = read_values(folded)
    result = Tokens(folded, [], [], [], [], [], values)
    sentence = clause = 0
    pending = iter(values)
    value = next(pending, None)
    nothing: frozenset[str] = frozenset()
    for match in _PIECE.finditer(folded):
        piece, start = match[0], match.start()
        while value and start >= value.end:
            value = next(pending, None)
        if not piece[0].isalnum() and not piece[-1].isdigit():
            if value and value.start <= start:
                continue
            if piece[0] in SENTENCE_END:
                sentence, clause = sentence + 1, clause + 1
            elif piece[0] in ',:()"-':
                clause += 1
            continue
        read = spelling.read(piece)
        if value and start >= value.start:
            if start > value.start and result.spans and result.spans[-1][0] >= value.start:
                result.tags[-1] |= frozenset(read)
                result.spans[-1] = (result.spans[-1][0], match.end())
                continue
            _append(result, piece, tags(value) | frozenset(read), match, sentence, clause)
            continue
        for word in read:
            if word in breaks:
                clause += 1
            # "6.9" is found by a rule of whole numbers as a six.
            whole = frozenset((word.split(".")[0],)) if "." in word else nothing
            _append(result, word, whole, match, sentence, clause)
    _mark_repeats(result)
    return result


def _mark_repeats(tokens: Tokens) -> None:
    """Tags `#rep` where words are said again as in a series: "fold, cry, fold, cry"."""
    words = tokens.words
    for at in range(2, len(words)):
        word = words[at]
        if len(word) < 3 or word in ECHOES:
            continue
        if (word == words[at - 1] == words[at - 2]) or any(
            at >= 2 * step - 1
            and word == words[at - step]
            and words[at - 1] == words[at - step - 1]
            and words[at - 1] != word
            and (step < 4 or words[at - 2] == words[at - step - 2])
            for step in (2, 3, 4, 5)
            if at > step
        ):
            tokens.tags[at] |= REPEATED


def _append(
    to: Tokens, word: str, names: frozenset[str], match: re.Match[str], sentence: int, clause: int
) -> None:
    to.words.append(word)
    to.tags.append(names)
    to.spans.append((match.start(), match.end()))
    to.sentence.append(sentence)
    to.clause.append(clause)
