"""Reading grade of an answer (Flesch-Kincaid by textstat 0.7.8, which needs no download).

Only development uses this: textstat is no part of the service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import textstat

from bot.answers import Sentence
from bot.glossary import Glossary

# What a term that a family has to learn anyway weighs in the adjusted grade.
SHORT_WORD = "term"
# No abbreviation of ours ends a sentence; "H.P. Acthar" would.
DOTTED = {"H.P.": "HP"}


@dataclass(frozen=True)
class Grade:
    """US school grades: `adjusted` counts a glossary term as one short word, `raw` does not."""

    adjusted: float
    raw: float


def _english(text: str) -> float:
    return float(textstat.textstat.flesch_kincaid_grade(text))


# A Spanish scale (Fernández Huerta, INFLESZ) is no school grade: it comes with its own limit.
SCALES: Mapping[str, Callable[[str], float]] = {"en": _english}


def prose(sentences: Sequence[Sentence]) -> str:
    """The text that is scored: sentences without list items, a lead-in as a sentence.

    {phone} and {hospital} are one short word each: they are read, not understood.
    """
    text = " ".join(s.say.rstrip(":") + "." if s.say.endswith(":") else s.say for s in sentences)
    for dotted, plain in (*DOTTED.items(), ("{phone}", SHORT_WORD), ("{hospital}", SHORT_WORD)):
        text = text.replace(dotted, plain)
    return text


def grade(text: str, glossary: Glossary, lang: str = "en") -> Grade | None:
    """Reading grade of a text, or None for a language that has no scale yet.

    Args:
        text: prose, as `prose` gives it.
        glossary: whose terms count as one short word.
        lang: language of the text.
    """
    scale = SCALES.get(lang)
    if scale is None:
        return None
    return Grade(scale(glossary.replace(text, lambda _: SHORT_WORD)), scale(text))
