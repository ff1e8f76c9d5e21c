"""Amounts in a text, however they are written, in English and Spanish.

"Six months to two years", "6 months - 2 years" and "de seis meses a 2 años" hold the
same amounts. A digit inside a name (CDKL5, 15q) is no amount.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from bot.text import fold

Amount: TypeAlias = "tuple[Fraction | None, str | None]"  # (value, unit); see `amounts`

_UNITS = (
    "second sec segundo; minute min minuto; hour hr hora; day dia; night noche;"
    " week wk semana; month mo mes; year yr ano; time vez; percent"
)
SINGULAR = {word: unit.split()[0] for unit in _UNITS.split(";") for word in unit.split()}
PLURAL = {f"{word}s": unit for word, unit in SINGULAR.items()} | {"meses": "month", "veces": "time"}
UNIT = SINGULAR | PLURAL
# Bare "hours" is an amount without a value; "many times" and "at night" only say how or when.
NO_BARE_AMOUNT = frozenset({"time", "night", "percent"})
RATES = {"daily": "day", "diario": "day", "diaria": "day", "weekly": "week", "monthly": "month"}


@dataclass(frozen=True)
class Grammar:
    """What one language writes around a number.

    Attributes:
        ones: words from zero up, in order; tens: from thirty (Spanish) or twenty up.
        article: one, where a unit follows ("a month").
        every: makes one of the singular unit after it ("every month").
        join: stands between the ends of a range.
        filler: may stand between a number and its unit.
    """

    ones: tuple[str, ...]
    tens: Mapping[str, int]
    big: Mapping[str, int]
    article: frozenset[str]
    every: frozenset[str]
    join: frozenset[str]
    filler: frozenset[str]


GRAMMARS: Mapping[str, Grammar] = {
    "en": Grammar(
        ones=tuple(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
            " fifteen sixteen seventeen eighteen nineteen".split()
        ),
        tens={w: 10 * n for n, w in enumerate(
            "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)},
        big={"hundred": 100, "thousand": 1000},
        article=frozenset({"a", "an"}),
        every=frozenset({"every", "each", "per"}),
        join=frozenset({"-", "to", "and", "or", "through", "till", "until"}),
        filler=frozenset({"-", "more", "full", "whole"}),
    ),
    "es": Grammar(
        ones=tuple(
            "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce"
            " quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos"
            " veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho"
            " veintinueve".split()
        ),
        tens={w: 10 * n for n, w in enumerate(
            "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split(), 3)},
        big={"cien": 100, "ciento": 100, "mil": 1000},
        article=frozenset({"un", "una", "uno"}),
        every=frozenset({"cada", "por", "al"}),
        join=frozenset({"-", "a", "y", "o", "u", "e", "hasta", "los", "las"}),
        filler=frozenset({"-", "mas"}),
    ),
}  # fmt: skip
NUMBER_WORDS: Mapping[str, frozenset[str]] = {
    lang: frozenset({*g.ones, *g.tens, *g.big}) for lang, g in GRAMMARS.items()
}
# "Which one", "your little one", "one of our": a pronoun, no amount.
PRONOUN_BEFORE = frozenset("which each this that the any every no another right little".split())
REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"\b(?:per cent|por ciento)\b|%", " percent "),
        (r"\bfirst birthday\b|\bprimer cumpleanos\b", "1 year"),
        (r"\b(?:twice|double|el doble|dos veces)\b", "2 times"),
        (r"\bonce(?= (?:a|per|every|or|daily)\b)", "1 time"),
        (r"\bhalf (?:a|an|of a)\b|\bmedio\b|\bmedia(?= hora\b)", "0.5"),
        (r"\b(?:half|mitad)\b", "0.5 of"),
        (r"\banos (?=1[5-9]\d\d\b)", ""),  # "los años 1840" is the 1840s
    )
)
TOKEN = re.compile(r"\d+(?:[.,/]\d+)*(?:s\b|(?!\w))|\w+|-")
NUMERAL = re.compile(r"\d+(?:[.,/]\d+)*")


def _value(numeral: str) -> Fraction:
    over = numeral.split("/")
    if re.fullmatch(r"\d+/0*[1-9]\d*", numeral):
        return Fraction(numeral)
    # Three digits after the sign: thousands, in either language ("0.125" is none).
    plain = re.sub(r"(?<!^0)[.,](?=\d{3}(?:\D|$))", "", over[0]).replace(",", ".")
    whole, *rest = plain.split(".")
    return Fraction(f"{whole}.{rest[0]}" if rest else whole)


def _digits(text: str, lang: str) -> str:
    """Folded text with number words written as digits."""
    grammar = GRAMMARS[lang]
    for sign, value in (("½", ".5"), ("¼", ".25"), ("¾", ".75")):
        text = re.sub(rf"(?<!\d){sign}", f"0{value}", text).replace(sign, value)
    text = fold(text)
    for pattern, replacement in REWRITES:
        if lang == "en" or "once" not in pattern.pattern:
            text = pattern.sub(replacement, text)
    ones = {word: n for n, word in enumerate(grammar.ones) if word not in {"one", "uno"}}
    last = "|".join(grammar.ones[1:10])
    text = re.sub(
        rf"\b({'|'.join(grammar.tens)})(?:(?:-| y | )({last})\b|\b)",
        lambda m: str(grammar.tens[m[1]] + (grammar.ones.index(m[2]) if m[2] else 0)),
        text,
    )
    text = re.sub(rf"\b(?:{'|'.join(ones)})\b", lambda m: str(ones[m[0]]), text)
    big = "|".join(grammar.big)
    text = re.sub(
        rf"\b(?:(\d+|a|one) )?({big})\b",
        lambda m: str((int(m[1]) if (m[1] or "").isdigit() else 1) * grammar.big[m[2]]),
        text,
    )
    glued = "|".join(sorted(UNIT, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(\d+(?:[.,]\d+)?)({glued})\b", r"\1 \2", text)


def _numbers(tokens: Sequence[str], grammar: Grammar) -> dict[int, Fraction]:
    """Position to value of every number among the tokens."""
    found: dict[int, Fraction] = {}
    for at, word in enumerate(tokens):
        before = tokens[at - 1] if at else ""
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        counts = UNIT.get(after) not in {None, "time"} or (after == "vez")
        if NUMERAL.fullmatch(word.rstrip("s")):
            found[at] = _value(word.rstrip("s"))
        elif word == "one":
            if before not in PRONOUN_BEFORE and after != "of":
                found[at] = Fraction(1)
        elif (word in grammar.article and (counts or after in grammar.join - {"-"})) or (
            word in grammar.every and after in SINGULAR and counts
        ):
            found[at] = Fraction(1)
    return found


def amounts(text: str, lang: str = "en") -> frozenset[Amount]:
    """Every amount that a text states, as (value, unit).

    Args:
        text: a sentence in that language.
        lang: en or es.

    Returns:
        Units are second to year, night, time ("twice", "3 veces") and percent, or None
        where none is named. Both ends of a range take its unit; an article is one before
        a unit. The value is None for an amount without number ("a few seconds", "hours").
    """
    grammar = GRAMMARS[lang]
    tokens = TOKEN.findall(_digits(text, lang))
    numbers = _numbers(tokens, grammar)
    used: set[int] = set()

    def unit_after(at: int) -> str | None:
        """Unit of the number at a position: its own, or that of the range's other end."""
        own = at + 1
        while own < len(tokens) and tokens[own] in grammar.filler and own not in numbers:
            own += 1
        if own < len(tokens) and tokens[own] in UNIT:
            used.add(own)
            return UNIT[tokens[own]]
        end = at + 1
        while end < len(tokens) and tokens[end] in grammar.join and end not in numbers:
            end += 1
        return unit_after(end) if end > at + 1 and end in numbers else None

    found: set[Amount] = set()
    for at, value in numbers.items():
        unit = unit_after(at)
        if unit or tokens[at] not in grammar.article:
            found.add((value, unit))
    for at, token in enumerate(tokens):
        if token in RATES:
            found.add((Fraction(1), RATES[token]))
        elif token in PLURAL and at not in used and PLURAL[token] not in NO_BARE_AMOUNT:
            found.add((None, PLURAL[token]))
    return frozenset(found)
