"""The pattern language of the rules, and its matcher.

A pattern is words in order, in one sentence:

    he|she not breathe*     words; `a|b` either; `breathe*` with its endings (breathes, breathing)
    temblar+ morado+        Spanish forms: tiembla must be named, temblando, moraditas need not
    @CHILD                  a word class of the lexicon, `#fever` a value tag (`bot.triage.values`)
    very?                   may be missing
    ~3                      up to three words between (2 where no number stands)
    A & B                   both, in any order, at most 15 words apart, sentences do not matter
    A && B                  both, at most 60 words apart

Matching starts at a pattern's rarest word only, and gaps are bounded: time grows with the length
of the message, never faster.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.errors import ContentError
from bot.triage.tokens import Tokens

NEAR, FAR = 15, 60
MAX_SPANS = 12  # matches of one part that are followed up; more adds no safety
COMMON = frozenset(
    """
    he she it him her his they them i you we my me is was are am be been the a an and or not no to
    in on of for at with that this so do does did has have had will can could would if when
    el la los las un una mi se le lo su de en y que es esta muy con por para baby up
    """.split()  # noqa: SIM905 - a list of forty lines says no more
)

DENIALS = frozenset(("not", "no", "never", "without", "sin", "nunca"))

Span = tuple[int, int]
Parts = tuple[Span, ...]  # one span for each part of a pattern


@dataclass(frozen=True)
class Sequence:
    """Elements in order: the most words that may stand before each, and the words it accepts."""

    gaps: tuple[int, ...]
    elements: tuple[frozenset[str], ...]
    anchor: int

    @property
    def follows(self) -> bool:
        """True where the element after the anchor must be the very next word."""
        return self.anchor + 1 < len(self.elements) and self.gaps[self.anchor + 1] == 0


@dataclass(frozen=True)
class Pattern:
    """Parts that must all be found within `window` words; each part has one sequence or more."""

    source: str
    parts: tuple[tuple[Sequence, ...], ...]
    window: int

    @property
    def says_no(self) -> tuple[bool, ...]:
        """For each part, whether it holds a denial of its own ("not breathing")."""
        return tuple(
            any(not DENIALS.isdisjoint(words) for words in part[0].elements) for part in self.parts
        )


def inflect(word: str) -> set[str]:
    """English endings of a word: breathe, breathes, breathed, breathing."""
    forms = {word, word + "s", word + "ed", word + "ing"}
    if word.endswith("e"):
        forms |= {word + "d", word[:-1] + "ing"}
    elif word.endswith("y"):
        forms |= {word[:-1] + "ies", word[:-1] + "ied"}
    elif word[-1] not in "wx":
        forms |= {word + word[-1] + "ed", word + word[-1] + "ing"}
    if word.endswith(("s", "x", "ch", "sh")):
        forms.add(word + "es")
    return forms


_CLITICS = ("", "se", "lo", "la", "le", "me", "los", "las", "les", "nos")
_VERBS = {
    "ar": "o a as an amos e es en aste aron aba aban ado ada ados adas ara aran",
    "er": "o e es en emos i io iste ieron ia ian ido ida idos idas a an era eran",
    "ir": "o e es en imos i io iste ieron ia ian ido ida idos idas a an ira iran",
}
_SOFT = {"c": "qu", "g": "gu", "z": "c"}  # poco, poquito


def spanish(word: str) -> set[str]:
    """Spanish forms of a regular verb, or of a word by gender, number and diminutive."""
    stem, end = word[:-2], word[-2:]
    if end in _VERBS:
        gerund = stem + ("ando" if end == "ar" else "iendo")
        forms = {stem + ending for ending in _VERBS[end].split()}
        return forms | {base + clitic for base in (word, gerund) for clitic in _CLITICS}
    if word[-1] in "oa":
        stem = word[:-1]
        small = stem[:-1] + _SOFT.get(stem[-1], stem[-1])
        return {root + end for root in (stem, small + "it") for end in ("o", "a", "os", "as")}
    return {word, word + "s", word + "es", word + "cito", word + "citos"}


def expand(element: str, classes: Mapping[str, frozenset[str]], where: str) -> frozenset[str]:
    """Words that an element accepts.

    Raises:
        ContentError: the element names an unknown class.
    """
    words: set[str] = set()
    for choice in element.replace('"', "").split("|"):
        if choice.startswith("@"):
            if choice[1:] not in classes:
                raise ContentError(f"{where}: unknown word class {choice!r}.")
            words |= classes[choice[1:]]
        elif choice.endswith("*"):
            words |= inflect(choice[:-1])
        elif choice.endswith("+") and choice[:-1].isalpha():
            words |= spanish(choice[:-1])
        elif ".." in choice:
            low, high = choice.split("..")
            words |= {str(number) for number in range(int(low), int(high) + 1)}
        elif choice:
            words.add(choice)
    if not words:
        raise ContentError(f"{where}: empty element {element!r}.")
    return frozenset(words)


def _sequences(
    text: str, classes: Mapping[str, frozenset[str]], where: str
) -> tuple[Sequence, ...]:
    built: list[list[tuple[int, frozenset[str]]]] = [[]]
    gap = 0
    for item in text.split():
        if item.startswith("~"):
            gap = int(item[1:] or 2)
            continue
        optional = item.endswith("?")
        words = expand(item.rstrip("?"), classes, where)
        longer = [[*seq, (gap, words)] for seq in built]
        built = longer + built if optional else longer
        gap = gap if optional else 0
    sequences = []
    for seq in built:
        if not seq:
            raise ContentError(f"{where}: a part of the pattern may not be all optional.")
        sizes = [(not words.isdisjoint(COMMON), len(words)) for _, words in seq]
        sequences.append(
            Sequence(tuple(g for g, _ in seq), tuple(w for _, w in seq), sizes.index(min(sizes)))
        )
    return tuple(sequences)


def compile_pattern(source: str, classes: Mapping[str, frozenset[str]], where: str) -> Pattern:
    """A pattern ready to match.

    Raises:
        ContentError: an element is empty or names an unknown class.
    """
    window = FAR if "&&" in source else NEAR
    parts = source.replace("&&", "&").split("&")
    return Pattern(source, tuple(_sequences(part, classes, where) for part in parts), window)


class Matcher:
    """Finds many patterns in one pass over a message's tokens."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self.patterns = tuple(patterns)
        self._index: dict[str, list[tuple[int, int, Sequence]]] = {}
        for number, pattern in enumerate(self.patterns):
            for part, sequences in enumerate(pattern.parts):
                for sequence in sequences:
                    for word in sequence.elements[sequence.anchor]:
                        self._index.setdefault(word, []).append((number, part, sequence))

    def vocabulary(self) -> set[str]:
        """Every word that a pattern names."""
        return {
            word
            for pattern in self.patterns
            for part in pattern.parts
            for sequence in part
            for element in sequence.elements
            for word in element
            if not word.startswith("#")
        }

    def find(self, tokens: Tokens) -> dict[int, list[Parts]]:
        """Pattern number to the token spans (first, last), one for each part, where it matches."""
        found: dict[tuple[int, int], list[Span]] = {}
        index = self._index
        for position, word in enumerate(tokens.words):
            names = tokens.tags[position]
            entries = index.get(word, ())
            if names:
                entries = [entry for name in (word, *names) for entry in index.get(name, ())]
            for number, part, sequence in entries:
                spans = found.get((number, part))
                if spans is not None and len(spans) >= MAX_SPANS:
                    continue
                if sequence.follows and not _follows(sequence, tokens, position):
                    continue  # most candidates end here: the next word does not fit
                span = _extend(sequence, tokens, position)
                if span:
                    found.setdefault((number, part), []).append(span)
        return self._join(found)

    def _join(self, found: Mapping[tuple[int, int], list[Span]]) -> dict[int, list[Parts]]:
        """Patterns all of whose parts were found near enough to each other."""
        result: dict[int, list[Parts]] = {}
        for number, part in found:
            if part:
                continue
            pattern = self.patterns[number]
            joined: list[Parts] = [(span,) for span in found[number, 0]]
            for other in range(1, len(pattern.parts)):
                spans = found.get((number, other), [])
                joined = [
                    (*parts, span)
                    for parts in joined
                    for span in spans
                    if _apart(parts[0], span) <= pattern.window
                ][:MAX_SPANS]
            if joined:
                result[number] = joined
        return result


def _apart(left: Span, right: Span) -> int:
    """Words between two spans, negative where they overlap."""
    return max(left[0], right[0]) - min(left[1], right[1])


def _accepts(element: frozenset[str], tokens: Tokens, position: int) -> bool:
    if tokens.words[position] in element:
        return True
    names = tokens.tags[position]
    return bool(names) and not names.isdisjoint(element)


def _follows(sequence: Sequence, tokens: Tokens, position: int) -> bool:
    nxt = position + 1
    return nxt < len(tokens.words) and _accepts(sequence.elements[sequence.anchor + 1], tokens, nxt)


def _extend(sequence: Sequence, tokens: Tokens, position: int) -> Span | None:
    """The span of a sequence whose anchor stands at a position, or None."""
    last = _walk(sequence, tokens, sequence.anchor, position, 1)
    if last is None:
        return None
    first = _walk(sequence, tokens, sequence.anchor, position, -1)
    return None if first is None else (first, last)


def _walk(sequence: Sequence, tokens: Tokens, at: int, position: int, step: int) -> int | None:
    """The position of the outermost element in one direction, nearest first; None where missing."""
    nxt = at + step
    if nxt < 0 or nxt == len(sequence.elements):
        return position
    gap = sequence.gaps[nxt] if step > 0 else sequence.gaps[at]
    element, sentence = sequence.elements[nxt], tokens.sentence[position]
    for distance in range(1, gap + 2):
        there = position + step * distance
        if there < 0 or there >= len(tokens.words) or tokens.sentence[there] != sentence:
            return None
        if _accepts(element, tokens, there):
            end = _walk(sequence, tokens, nxt, there, step)
            if end is not None:
                return end
    return None
