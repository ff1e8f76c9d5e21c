"""Are the amounts of a claim those of the page, and told of the same thing?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from bot.claims.evidence import Window, comparable
from bot.claims.lexicon import CACHED, Lexicon, Token
from bot.numbers import Amount, amounts

# Where one part of a sentence ends; "between 3 and 8" has one part.
PART = re.compile(
    r"[.,;()]|\band\b(?! \d)|\bbut\b|\bwhile\b|\bwhereas\b|\bpero\b|\bmientras\b|\by\b(?! \d)"
)
AGE = re.compile(
    r"\b(?:age[sd]?|old|birthday|edad|cumpl\w+)\b"
    r"|\b(?:she|he|they|child|baby|kid) (?:is|are|turns?) (?:\d|one|two|three|four)"
)
COMPARED: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"\b(?:(?:more|longer|greater|older|later) than|over|beyond|after|past|at least"
            r"|(?:a )?minimum(?: of)?|mas de|al menos|despues de)\b"
        ),
        "above",
    ),
    (
        re.compile(
            r"\b(?:(?:less|shorter|fewer|younger|earlier) than|under|within|up to|at most"
            r"|no more than|before|(?:a )?maximum(?: of)?|menos de|hasta|como maximo|antes de)\b"
        ),
        "below",
    ),
)


@lru_cache(maxsize=CACHED)
def claimed_amounts(text: str, lang: str) -> frozenset[Amount]:
    """Amounts of a claim; a bare number that tells an age is one of years or months."""
    text = re.sub(r"\bone(?='s)|\b(?:no|any|every|some) one\b", "", text)
    found = amounts(text, lang)
    if AGE.search(text):
        units = {unit for _, unit in found if unit in {"year", "month"}}
        unit = units.pop() if len(units) == 1 else "year"
        found = frozenset((v, u or unit) if v else (v, u) for v, u in found)
    return comparable((v, u) for v, u in found if u != "night" or (v or 0) > 1)


def missing_amounts(text: str, stated: frozenset[Amount], window: Window) -> bool:
    """True where the claim has an amount that the window lacks, or counts otherwise."""
    counts = {value for value, unit in window.amounts if unit is None}
    for value, unit in stated - window.amounts:
        if (value, unit) == (Fraction(1), None):  # "one", which counts only beside a count
            if counts - {Fraction(1)} and re.search(r"\bis one (?!of)|\bhay uno?\b", text):
                return True
            if re.search(
                r"\b(?:only|just|a single) one\b|\b(?:just|a) single\b|\buno? solo\b", text
            ):
                return True
        elif value is None and unit in {"time", "day", "year"} and not window.amounts:
            return True
        else:
            return True
    limits = [v for v, u in window.amounts if v is not None and u is not None]
    ends = {v for v, u in stated if v is not None and u is not None}
    if len(ends) != 1 or not limits:
        return False
    edge = {"above": max(limits), "below": min(limits)}
    return any(
        ends == {edge[side]}
        and not pattern.search(window.own)
        and any(
            re.match(
                r"(?: about| around| the)?(?: (?:age|edad) (?:of )?)?\s*(?:\d|\w+)", text[m.end() :]
            )
            and amounts(text[m.end() : m.end() + 30])
            for m in pattern.finditer(text)
        )
        for pattern, side in COMPARED
    )


def swapped_parts(text: str, window: Window, lexicon: Lexicon) -> bool:
    """True where an amount of one half of a sentence is told of what its other half is about."""
    text = re.sub(
        r"\b((?:in|during|within|with|by|at|around|until) (?:\w+ ){1,3}?\w+),", r"\1", text
    )
    joined = re.sub(r"\b(between|entre) (\S+ ?\w*?) (?:and|y) ", r"\1 \2 - ", text)
    halves = re.split(PART, re.sub(r"\b(between|entre) (\S+) (?:and|y) ", r"\1 \2 - ", window.own))
    stated = [
        (comparable(amounts(half, lexicon.lang)), _heads(lexicon.read(half, names=False)))
        for half in halves
    ]
    stated = [(found, heads) for found, heads in stated if any(u for _, u in found)]
    if len(stated) < 2:
        return False
    for part in PART.split(joined):
        found = claimed_amounts(part, lexicon.lang)
        heads = _heads(lexicon.read(part, names=False))
        for n, (own, mine) in enumerate(stated):
            others = [h for m, (_, h) in enumerate(stated) if m != n]
            elsewhere = frozenset().union(*others)
            foreign = frozenset().union(*(a for m, (a, _) in enumerate(stated) if m != n))
            if (
                found & own - foreign
                and heads & (elsewhere - mine)
                and not heads & (mine - elsewhere)
            ):
                return True
    return False


def _heads(tokens: Sequence[Token]) -> frozenset[str]:
    """Concepts of the tokens, with the free words that tell the halves of a sentence apart."""
    heads = {head for token in tokens for head, _ in token.concepts}
    lasts = "last" in heads or any(t.word.startswith("take") for t in tokens)
    one = {"spasm"} if lasts and any(t.word.startswith("spasm") for t in tokens) else set()
    return frozenset(heads | one)
