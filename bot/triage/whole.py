"""Messages that say one thing and nothing more: "help", "911", "he has hiccups".

A word alone has no sentence for a pattern to stand in. Courtesy words and words said over are
left out before the comparison, so "HELP HELP please" is "help".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, product
from math import prod

from bot.errors import ContentError
from bot.triage.patterns import expand
from bot.triage.tokens import Spelling, Tokens

MAX_WORDS = 8
AGE, NEWBORN = "#age", "#newborn"  # tags of "8 mo", "4 meses", and of "2 wks" (bot.triage.values)
MAX_SAID = 60  # words of a message, courtesy and repeats among them
MAX_FORMS = 10_000  # of one phrase; more is a typing error in the data

Phrase = tuple[str, ...]


def forms(
    phrase: str, spelling: Spelling, classes: Mapping[str, frozenset[str]], where: str
) -> list[Phrase]:
    """The ways to say a phrase; `a|b`, `@CLASS` and `word?` as in patterns.

    Raises:
        ContentError: it has too many forms, or names an unknown class.
    """
    choices: list[set[Phrase]] = []
    for element in phrase.split():
        words = expand(element.rstrip("?"), classes, where)
        read = {spelling.read(word) for word in words}
        choices.append(read | {()} if element.endswith("?") else read)
    count = prod(len(choice) for choice in choices)
    if count > MAX_FORMS:
        raise ContentError(f"{where}: {phrase!r} has {count} forms.")
    return [tuple(chain.from_iterable(chosen)) for chosen in product(*choices)]


@dataclass
class WholeMessages:
    """Phrases and the numbers they stand for.

    Attributes:
        courtesy: words that add nothing.
        aside: phrases that add nothing at the beginning or end ("what do i do").
    """

    courtesy: frozenset[str]
    aside: frozenset[Phrase] = frozenset()
    _numbers: dict[Phrase, list[int]] = field(default_factory=dict)
    _sizes: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._sizes = tuple(sorted({len(phrase) for phrase in self.aside}, reverse=True))

    def add(
        self,
        number: int,
        phrases: Iterable[str],
        spelling: Spelling,
        classes: Mapping[str, frozenset[str]],
        where: str,
    ) -> None:
        """Let phrases stand for a number.

        Raises:
            ContentError: a phrase has no words left, or is none.
        """
        for phrase in phrases:
            for form in forms(phrase, spelling, classes, where):
                key = self._core(form)
                if not key:
                    raise ContentError(f"{where}: {phrase!r} is courtesy only.")
                numbers = self._numbers.setdefault(key, [])
                if number not in numbers:
                    numbers.append(number)

    def find(self, tokens: Tokens) -> tuple[int, ...]:
        """The numbers that a whole message stands for; a phrase says `#age` for any age.

        A newborn's is none: said after "he has a fever" it is a sign.
        """
        words = [
            AGE if AGE in tags and NEWBORN not in tags else word
            for word, tags in zip(tokens.words, tokens.tags, strict=True)
        ]
        core = self._core(words)
        return tuple(self._numbers.get(core, ())) if core else ()

    def _core(self, words: Sequence[str]) -> Phrase:
        """The words that say something, each run of repeats once; () where there are too many."""
        if len(words) > MAX_SAID:
            return ()
        told = [word for word in words if word not in self.courtesy]
        for size in self._sizes:
            if tuple(told[:size]) in self.aside:
                told = told[size:]
            if tuple(told[-size:]) in self.aside:
                told = told[:-size]
        for size in range(1, min(MAX_WORDS, len(told) // 2) + 1):
            # "not breathing not breathing": the same words over and over.
            if len(told) % size == 0 and told == told[:size] * (len(told) // size):
                told = told[:size]
                break
        return tuple(told) if len(told) <= MAX_WORDS else ()
