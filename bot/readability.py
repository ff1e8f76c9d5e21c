"""How easy a text is to read (by textstat 0.7.8, which needs no download).

English: the Flesch-Kincaid grade. Spanish has no grade formula of its own; its two scales of ease
(Fernández Huerta 1959; Szigriszt-Pazos 1992, read by the INFLESZ bands of Barrio-Cantalejo 2008)
each name the score from which a pupil of grade 6 reads a text with ease.
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


@dataclass(frozen=True)
class Ease:
    """Scores of a Spanish text, 0 (hard) to 100 and more (easy), every word counted as it stands.

    Attributes:
        fernandez_huerta: 70 to 80 is "somewhat easy", read from grade 6.
        inflesz: 65 to 80 is "fairly easy" (bastante fácil), as schoolbooks of the primary years.
    """

    fernandez_huerta: float
    inflesz: float


def _english(text: str) -> float:
    textstat.textstat.set_lang("en_US")
    return float(textstat.textstat.flesch_kincaid_grade(text))


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
    """Reading grade of a text, or None for a language without a grade formula: `ease` serves it.

    Args:
        text: prose, as `prose` gives it.
        glossary: whose terms count as one short word.
        lang: language of the text.
    """
    scale = SCALES.get(lang)
    if scale is None:
        return None
    return Grade(scale(glossary.replace(text, lambda _: SHORT_WORD)), scale(text))


def ease(text: str) -> Ease:
    """How easy a Spanish text is, without any allowance for the terms of the illness.

    Args:
        text: prose, as `prose` gives it.
    """
    textstat.textstat.set_lang("es")
    return Ease(
        float(textstat.textstat.fernandez_huerta(text)),
        float(textstat.textstat.szigriszt_pazos(text)),
    )
