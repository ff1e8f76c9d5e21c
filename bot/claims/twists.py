"""What a claim may not do with the words of the page: each rule finds one kind of twist.

A rule sees the words of the claim and one `Window`, whose words all fit; it looks at how
they are put together. It gives a reason, or None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.claims.amounts import PART, claimed_amounts, missing_amounts, swapped_parts
from bot.claims.evidence import Window
from bot.claims.lexicon import Lexicon
from bot.claims.strength import too_strong

NUMBER = "missing number"
DRUG = "other drug"
REVERSED = "reversed meaning"
MISSING = "not on the page"
STRONGER = "stronger than the page"
SWAPPED = "changed places"

ITEM = re.compile(r"[.,;:()]|\b(?:and|or|such as|like|including|as well as|y|o|como)\b")
ROUTES: Mapping[str, re.Pattern[str]] = {
    "mouth": re.compile(r"\b(?:oral|mouth|swallow\w*|liquid|drink|syrup|boca)\b"),
    "injection": re.compile(
        r"\b(?:inject\w*|shots?|jabs?|needles?|inyec\w+|iv|drip|infusion|intravenous\w*)\b"
    ),
}
# The page: "by mouth (prednisolone suspension) or injection (... or ACTH)"; "vigabatrin, an oral".
GIVEN_BY = re.compile(r"\b(mouth|injection) \(([^)]*)\)")
ORAL = re.compile(r"\b(\w+), an oral\b")
ARE = re.compile(r"\b(?:is|are|was|were|belongs? to|counts? as)\b(?! (?:given|taken|used|treated))")
DURING = re.compile(r"(?:(?<=\w )while|\b(?:during|whenever)) ((?:\w+ ?){1,3})")
THEN = re.compile(r"\b(?:while|during|when|as|after|throughout|in|into|from)\b ([^,.;:]+)")
SPASMS = "infantile epileptic spasms syndrome"
IS_A = re.compile(
    r"\W*(?:is|are|es|son)(?: (?:an?|the|really|just|simply|type|kind|sort|form|of|rare|un|una"
    r"|knownas|called|also))*\W*"
)
IESS_IS = frozenset({"epilepsy", "cryptogenic", "spasms", "seizures", "painful", "uncomfortable"})
JOINED = re.compile(r"\b(?:and|or|plus|as well as|while|whereas|but|nor|y|o|e|u)\b|,")
EXAMPLE = re.compile(r"\b(?:for example|for instance|such as|namely|e\.g|por ejemplo)\b")
CAUSED_BY = re.compile(
    r"\b(?:caused by|cause[sd]? from|results? (?:of|from)|stems? from|comes? from|brought on by"
    r"|triggered by|produced by|originates? (?:from|in)|causad[oa]s? por)\b|\bdue to\b"
    r"|\bbecause of\b"
)
CAUSES = re.compile(
    r"\b(?:causes?|caused|causing|leads? to|leading to|results? in|triggers?|produces?"
    r"|brings? on|gives? rise to|responsible for|behind|causan?|provocan?)\b"
)


def mixed_items(text: str, groups: Sequence[frozenset[str]], lexicon: Lexicon) -> bool:
    """True where what stands in one item of a list is said to be what stands in another."""
    at: list[tuple[int, str]] = []
    for name, between in lexicon.places(text):
        at += [(n, between) for n, names in enumerate(groups) if name in names][:1]
    if groups and (is_a := ARE.search(text)):
        left, right = (lexicon.names(part) for part in (text[: is_a.start()], text[is_a.end() :]))
        items = [names for names in groups if names & right]
        listed = frozenset().union(*groups)
        if items and any(name in listed and not any(name in i for i in items) for name in left):
            return True
    return any(
        one != two and (EXAMPLE.search(between) or not JOINED.search(between))
        for (one, _), (two, between) in zip(at, at[1:], strict=False)
    )


def mixed_halves(text: str, window: Window, lexicon: Lexicon) -> bool:
    """True where a part of a claim joins what a sentence says of two different things."""
    for part in JOINED.split(text) if window.halves else ():
        tokens = (*lexicon.read(part, names=False), *lexicon.read(part))
        said = {concept for token in tokens for concept in token.concepts}
        if sum(bool(said & half) for half in window.halves) > 1:
            return True
    return False


def wrong_time(text: str, window: Window, lexicon: Lexicon) -> bool:
    """True where "while ..." or "during ..." names what the page names for no time."""
    if not (said := DURING.search(text)):
        return False
    tokens = [t for t in lexicon.read(said[1]) if t.concepts and t.name not in lexicon.topic]
    then = [m[1] for m in THEN.finditer(window.own)]
    meant = {
        concept for part in then for t in lexicon.read(part, names=False) for concept in t.meant
    }
    meant |= {(name, 1) for part in then for name in lexicon.glossary.classes_within(part)}
    return bool(tokens) and not any(t.meant & meant for t in tokens)


def scattered(text: str, window: Window, lexicon: Lexicon) -> bool:
    """True where a part of a claim takes its words from several items of a list."""
    if not window.items or not window.sentences:
        return False
    for part in ITEM.split(text):
        tokens = [t for t in lexicon.read(part) if t.concepts and t.name not in lexicon.topic]
        tokens = [t for t in tokens if not t.meant & window.around]
        fits = [
            n
            for n, concepts in enumerate(window.sentences)
            if all(
                t.meant & concepts
                or t.name in window.items[n]
                or (t.parts and all(p.meant & concepts for p in t.parts if p.concepts))
                for t in tokens
            )
        ]
        if tokens and not fits:
            return True
    return False


def treating_test(text: str, lexicon: Lexicon) -> bool:
    """True where a test is said to be a treatment."""
    for name, between in lexicon.places(text):
        if lexicon.glossary.kinds[name] == "test":
            after = text[text.find(between) + len(between) :]
            return (
                re.search(
                    r"^\W*(?:\w+\W+){0,5}?(?:treats|cures|stops|is an? (?:\w+ )?treatment)\b", after
                )
                is not None
            )
        return False
    return False


def routes_of(page_text: str, lexicon: Lexicon) -> dict[str, str]:
    """Drug (glossary class) to the way it is given, as the page puts it."""
    routes: dict[str, str] = {}
    pairs = [(m[1], m[2]) for m in GIVEN_BY.finditer(page_text)]
    pairs += [("mouth", m[1]) for m in ORAL.finditer(page_text)]
    for route, named in pairs:
        for name in lexicon.glossary.classes_within(named):
            if lexicon.glossary.kinds[name] == "drug":
                routes[name] = route
    return routes


def wrong_route(text: str, lexicon: Lexicon, routes: Mapping[str, str]) -> bool:
    """True where a drug is given in another way than the page says."""

    def seen(part: str) -> tuple[list[str], list[str]]:
        drugs = [routes[t.name] for t in lexicon.read(part) if t.name and t.name in routes]
        ways = sorted(
            (match.start(), route)
            for route, pattern in ROUTES.items()
            for match in pattern.finditer(part)
        )
        return drugs, [
            route
            for n, (at, route) in enumerate(ways)
            if not re.search(r"\b(?:not|never|no|than|without)\W+(?:\w+\W+){0,3}$", part[:at])
            and (n == 0 or ways[n - 1][1] != route)
        ]

    drugs, ways = seen(text)
    if not drugs or not ways:
        return False
    if len(drugs) == len(ways) > 1:
        return drugs != ways
    if len(set(drugs)) == 1:
        return bool(set(ways) - set(drugs))
    parts = [seen(part) for part in PART.split(text)]
    return len(ways) == 1 or any(a and b and set(b) - set(a) for a, b in parts)


def turned_cause(text: str, lexicon: Lexicon, causes: frozenset[str]) -> bool:
    """True where IESS is said to cause what the page says causes it."""
    backward = CAUSED_BY.search(text)
    match = backward or CAUSES.search(text)
    if not match:
        return False
    left = lexicon.names(text[: match.start()])
    right = lexicon.names(text[match.end() :])
    cause, effect = (right, left) if backward else (left, right)
    spasms = {SPASMS, "spasms"}
    return bool(effect & causes) and bool(cause & spasms) and not effect & spasms


def another_disease(text: str, lexicon: Lexicon) -> bool:
    """True where IESS is said to be a disease that it is not."""
    places = lexicon.places(text)
    if not places or len(places[0][1].split()) > 1:
        return False  # "some causes of IESS are ..."
    for (one, _), (two, between) in zip(places, places[1:], strict=False):
        if (one == SPASMS) != (two == SPASMS) and IS_A.fullmatch(between):
            other = two if one == SPASMS else one
            if lexicon.glossary.kinds[other] in {"disease", "sign"} and other not in IESS_IS:
                return True
    return False


def none_at_all(text: str, window: Window) -> bool:
    """True where "there is no ..." leans on a sentence that denies something else."""
    return (
        re.search(r"\b(?:there (?:is|are)|has|have|with|hay|tiene) no (?!identif|known)", text)
        is not None
        and re.search(r"\b(?:no|isn't|aren't)\b", window.own) is None
    )


def twists(
    text: str, window: Window, lexicon: Lexicon, routes: Mapping[str, str], causes: frozenset[str]
) -> Iterator[str]:
    """Reasons why a claim whose words all stand in the window is still not backed by it."""
    if missing_amounts(text, claimed_amounts(text, lexicon.lang), window):
        yield NUMBER
    if wrong_route(text, lexicon, routes):
        yield SWAPPED
    if swapped_parts(text, window, lexicon):
        yield NUMBER
    if mixed_items(text, window.items, lexicon) or mixed_halves(text, window, lexicon):
        yield SWAPPED
    if scattered(text, window, lexicon):
        yield MISSING
    if wrong_time(text, window, lexicon):
        yield MISSING
    if treating_test(text, lexicon):
        yield SWAPPED
    if (
        another_disease(text, lexicon)
        or none_at_all(text, window)
        or turned_cause(text, lexicon, causes)
    ):
        yield REVERSED
    if too_strong(text, window.own, lexicon.lang):
        yield STRONGER
