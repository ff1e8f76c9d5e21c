"""Every text that a family may be told: is it grounded in the page, and how hard does it read?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import textstat

from bot.answer_checks import check_answer
from bot.answers import Library, Sentence, render
from bot.glossary import Glossary
from bot.hospital import Hospital
from bot.phrases import load_phrases
from bot.readability import SHORT_WORD, grade, prose
from bot.reply import SafetyCatalogue
from bot.topics import CHANNELS, LANGUAGES
from eval.metrics import Share

# Faults that say how a text is written, not what it stands on.
WORDING = frozenset(
    {"grade", "gsm7", "sms_size", "length", "duplicate", "way_on", "notice", "title", "question"}
)


def _sentences(sentences: Sequence[Sentence]) -> int:
    return sum(1 + len(sentence.items) for sentence in sentences)


def grounded(library: Library, glossary: Glossary) -> tuple[Share, dict[str, int]]:
    """Sentences of curated answers without a fault of backing, and the faults by rule."""
    total, faulty, rules = 0, set(), Counter[str]()
    for answer in library:
        for channel in CHANNELS:
            texts = answer.web if channel == "web" else answer.sms
            total += sum(_sentences(sentences) for sentences in texts.values())
        for fault in check_answer(answer, library, glossary):
            if fault.rule not in WORDING:
                rules[fault.rule] += 1
                faulty.add((fault.topic, fault.channel, fault.lang, fault.sentence))
    return Share(total - len(faulty), total), dict(rules)


def grounded_replies(
    replies: Sequence[Mapping[str, Any]], library: Library, hospital: Hospital
) -> Share:
    """Answers given over HTTP that are a reviewed text, or the page's own words, with quotes.

    Every citation must stand literally on the page.
    """
    reviewed = {
        hospital.fill(render(sentences, "web"), "web")
        for answer in library
        for sentences in answer.web.values()
    }
    good = total = 0
    for reply in replies:
        for message in reply["messages"]:
            if message["kind"] != "answer":
                continue
            quotes = [citation["quote"] for citation in message["citations"]]
            literal = bool(quotes) and all(library.page.find(q) is not None for q in quotes)
            text = message["text"]
            own = any(q in text for q in quotes) if message["verbatim"] else text in reviewed
            total += 1
            good += literal and own
    return Share(good, total)


@dataclass(frozen=True)
class Reading:
    """School grade of one text: `grade` counts a glossary term as one short word."""

    text: str
    kind: str
    lang: str
    grade: float
    raw: float


def _spanish(text: str) -> float:
    """Years of school by Crawford's formula, which was made for Spanish."""
    textstat.textstat.set_lang("es")
    try:
        return float(textstat.textstat.crawford(text))
    finally:
        textstat.textstat.set_lang("en_US")


def _read(name: str, kind: str, lang: str, text: str, glossary: Glossary) -> Reading:
    english = grade(text, glossary, "en") if lang == "en" else None
    if english:
        return Reading(name, kind, lang, english.adjusted, english.raw)
    short = glossary.replace(text, lambda _: SHORT_WORD)
    return Reading(name, kind, lang, _spanish(short), _spanish(text))


def readings(
    library: Library, safety: SafetyCatalogue, phrases: Path, glossary: Glossary
) -> Iterator[Reading]:
    """Grades of answers, safety texts and phrases, in all channels and languages."""
    for answer in library:
        for channel in CHANNELS:
            texts = answer.web if channel == "web" else answer.sms
            for lang, sentences in texts.items():
                name = f"{answer.topic} ({channel})"
                yield _read(name, "answer", lang, prose(sentences), glossary)
    for text in safety.texts.values():
        for channel in CHANNELS:
            for lang in LANGUAGES:
                said = safety.say(text.id, lang, channel)
                yield _read(f"{text.id} ({channel})", "safety", lang, said, glossary)
    for name, by_lang in load_phrases(phrases).texts.items():
        for lang, phrase in by_lang.items():
            # A phrase of one or two words has no grade worth the name.
            if lang in LANGUAGES and len(phrase.split()) > 4:
                yield _read(name, "phrase", lang, prose([Sentence(phrase)]), glossary)
