"""Does a sentence say only what its own quotes say?

Each check yields (rule, what) for a fault. It compares names (glossary classes),
amounts, remaining words and "not"; it cannot see that two backed names changed places
inside one sentence. That is what the reviewer signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache

from bot.answers import Sentence
from bot.glossary import Glossary
from bot.numbers import NUMBER_WORDS, Amount, amounts
from bot.plain_words import PLAIN_WORDS
from bot.source import Page
from bot.text import fold

Finding = tuple[str, str]

PLACEHOLDER = re.compile(r"\{\w+\}")
WORD = re.compile(r"[a-z]{3,}")
ENDINGS = ("ments", "ment", "ings", "ing", "ies", "ied", "ed", "es", "ly", "s", "e", "y")
NEGATION: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:no|not|never|nor|without|cannot|\w+n't)\b"),
    "es": re.compile(r"\b(?:no|ni|nunca|sin|tampoco)\b"),
}
# What advice may name without a quote: whom to ask, and that there may be spasms.
ADVICE_KINDS = frozenset({"person"})
ADVICE_CLASSES = frozenset({"infantile epileptic spasms syndrome", "spasms", "diagnosis"})
# Advice that names them still asks, offers or depends on "if"; it states no fact.
DIRECTIVE: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:if|i|i'm|my|ask|tell|please|call|suspect(?:ed)?|page)\b"),
    "es": re.compile(
        r"\b(?:si|soy|yo|mis?|puedo|puede preguntar\w*|pregunt[eo]\w*|diga\w*|llame|solo se"
        r"|por favor|sospech\w+|pagina)\b"
    ),
}
EMERGENCY: Amount = (Fraction(911), None)


@cache
def _stem(word: str) -> str:
    for end in ENDINGS:
        if word.endswith(end) and len(word) - len(end) >= 3:
            return word[: -len(end)]
    return word


@cache
def _plain(lang: str) -> tuple[frozenset[str], frozenset[str]]:
    """Stems of the plain words; for Spanish, whose verbs bend more, beginnings of words too."""
    words = PLAIN_WORDS[lang]
    starts = {word[:n] for word in words for n in range(4, len(word) + 1)} if lang == "es" else ()
    return frozenset(map(_stem, words)), frozenset(starts)


def _words(text: str) -> list[str]:
    return WORD.findall(fold(text).replace("'s", ""))


def _unknown_words(
    say: str, quotes: str, lang: str, glossary: Glossary, *, item: bool
) -> list[str]:
    """Words that neither the quotes, nor a glossary term in them, nor plain language has."""
    backed = glossary.classes_within(quotes)
    # Number words are checked as amounts.
    known = {_stem(word) for word in (*_words(quotes), *NUMBER_WORDS[lang])}
    for entry in glossary.entries:
        if entry.page in backed:
            known.update(_stem(word) for form in entry.forms for word in _words(form))
    stems, starts = _plain(lang)
    unknown = []
    for word in _words(PLACEHOLDER.sub(" ", glossary.replace(fold(say), lambda _: " "))):
        stem = _stem(word)
        if stem in known or (len(stem) > 4 and any(k.startswith(stem) for k in known)):
            continue
        plain = stem in stems or word[: max(4, len(word) - 3)] in starts
        # An item names a thing, and English quotes have its very words.
        if not plain or (item and lang == "en" and len(word) > 3):
            unknown.append(word)
    return unknown


def _negative(text: str, lang: str, glossary: Glossary) -> bool:
    return NEGATION[lang].search(glossary.replace(fold(text), lambda _: " ")) is not None


def check_claim(
    say: str, quotes: tuple[str, ...], lead: tuple[str, ...], lang: str, glossary: Glossary
) -> Iterator[Finding]:
    """A sentence or list item against its quotes; an item may lean on its lead-in's quotes."""
    backing = "\n".join((*quotes, *lead))
    for name in sorted(glossary.classes_in(say) - glossary.classes_within(backing)):
        yield "term", f"{name!r} ({glossary.kinds[name]}) stands in none of its quotes"
    stated = {amount for quote in (*quotes, *lead) for amount in amounts(quote)}
    for value, unit in sorted(amounts(say, lang) - stated, key=str):
        yield "amount", f"{value or 'several'} {unit or ''} stands in none of its quotes"
    for word in _unknown_words(say, backing, lang, glossary, item=bool(lead)):
        yield "word", f"{word!r} stands neither in its quotes nor among the plain words"


def _check_polarity(say: str, quotes: tuple[str, ...], lang: str, glossary: Glossary) -> bool:
    """True where the sentence says "not" and no quote does, or each quote does and it does not."""
    there = [_negative(quote, "en", glossary) for quote in quotes]
    return (not any(there)) if _negative(say, lang, glossary) else all(there)


def _check_absence(
    sentence: Sentence, page: Page, lang: str, glossary: Glossary
) -> Iterator[Finding]:
    page_text = fold(page.text)
    named = False
    for pattern in sentence.absent:
        try:
            if re.search(pattern, page_text):
                yield "absent", f"the page does have {pattern!r}"
            named = named or re.search(pattern, fold(sentence.say)) is not None
        except re.error as error:
            yield "absent", f"{pattern!r} is no pattern: {error}"
    # The patterns are English, as the page is.
    if lang == "en" and not named:
        yield "absent", "none of its patterns is about what the sentence denies"
    kinds = {glossary.kinds[name] for name in glossary.classes_in(sentence.say)}
    if "drug" in kinds and kinds & {"disease", "sign"}:
        yield "claim", "it joins a drug and a disease or sign, and has no quote"
    for value, unit in amounts(sentence.say, lang):
        if value is not None:
            yield "claim", f"it states {value} {unit or ''}, and has no quote"


def _check_advice(say: str, lang: str, glossary: Glossary) -> Iterator[Finding]:
    named = glossary.classes_in(say)
    for name in sorted(named):
        if glossary.kinds[name] not in ADVICE_KINDS and name not in ADVICE_CLASSES:
            yield "claim", f"advice names {name!r}, and has no quote"
    if named & ADVICE_CLASSES and not DIRECTIVE[lang].search(fold(say)):
        yield "claim", "it states something about spasms, and has no quote"
    for value, unit in amounts(say, lang):
        if (value, unit) != EMERGENCY:
            yield "claim", f"advice states {value or 'several'} {unit or ''}, and has no quote"


def check_backing(
    sentence: Sentence, lead: tuple[str, ...], lang: str, page: Page, glossary: Glossary
) -> Iterator[Finding]:
    """One sentence (not its items) against what it says backs it.

    Args:
        sentence: to be checked.
        lead: quotes of the lead-in where it is a list item, else ().
        lang: language of the sentence; quotes are English.
        page: the source page.
        glossary: names that stand for each other.
    """
    for quote in sentence.quotes:
        if not quote.strip() or page.find(quote) is None:
            yield "quote", f"not on the page: {quote!r}"
    if sentence.quotes:
        yield from check_claim(sentence.say, sentence.quotes, lead, lang, glossary)
        if _check_polarity(sentence.say, sentence.quotes, lang, glossary):
            yield "polarity", "it says the opposite of its quotes (one has a 'not', one has none)"
    if sentence.empty_list is not None:
        if sentence.empty_list not in page.empty_lists:
            yield "empty_list", f"no empty list of the page: {sentence.empty_list!r}"
        yield from check_claim(sentence.say, (sentence.empty_list,), lead, lang, glossary)
    if sentence.absent:
        yield from _check_absence(sentence, page, lang, glossary)
    if (sentence.absent or sentence.empty_list) and not NEGATION[lang].search(fold(sentence.say)):
        yield "absent", "it does not say that the page leaves something out"
    if sentence.advice:
        yield from _check_advice(sentence.say, lang, glossary)
