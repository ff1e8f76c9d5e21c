"""Messages in languages of which we know no more than that they are not ours.

German, Japanese, Hindi, Turkish, Farsi, Urdu, Ukrainian and whatever else is written in letters
that neither of our languages has. Nobody here reads a sign of danger in them, so the line that
the family gets begins with 911. Data: `rest` in `data/safety/other_languages.yml`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.language import ENGLISH, SPANISH
from bot.text import HOMOGLYPHS

LOOK_ALIKE = frozenset(map(chr, HOMOGLYPHS))
OURS = ENGLISH | SPANISH
# What share of a message must be foreign letters, or words of one language.
MIN_LETTERS, MIN_WORDS = 0.5, 0.3
# Scripts of which we know a language; a letter that this one does not have tells of another.
KNOWN = ("CJK", "HANGUL", "ARABIC", "CYRILLIC")
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class UnknownLanguages:
    """What tells them.

    Attributes:
        marks: letters of a script we know that the language we know in it does not use.
        words: by language in Latin letters, folded; neither English nor Spanish.
        alone: of these, the words that are enough where a message has no other.
    """

    marks: frozenset[str]
    words: Mapping[str, frozenset[str]]
    alone: frozenset[str]

    def by_letters(self, text: str) -> bool:
        """True where most letters are foreign, and not those of a language that we know."""
        letters = [char for char in unicodedata.normalize("NFKC", text) if char.isalpha()]
        foreign = [(c, unicodedata.name(c, "")) for c in letters if not _latin(c)]
        if len(foreign) < 2 or len(foreign) < MIN_LETTERS * len(letters):
            return False
        # Latin words in look-alike letters are Latin words.
        if all(char in LOOK_ALIKE for char, _ in foreign):
            return False
        other = sum(not name.startswith(KNOWN) for _, name in foreign)
        marked = sum(char in self.marks for char, _ in foreign)
        return other >= 2 or marked >= 2

    def by_words(self, folded: str) -> bool:
        """True where words of one of these languages outnumber ours.

        Args:
            folded: lower case without diacritics.
        """
        words = WORD.findall(folded)
        if words and all(word in self.alone for word in words):
            return True
        ours = sum(word in OURS for word in words)
        most = max((sum(w in own for w in words) for own in self.words.values()), default=0)
        return most >= 2 and most > ours and most >= MIN_WORDS * len(words)


def _latin(char: str) -> bool:
    return "LATIN" in unicodedata.name(char, "LATIN") or char in "ªº"
