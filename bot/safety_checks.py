"""Every fixed safety text is plain, fits its channel, and keeps what makes it one.

`check_safety` gives the faults of one text; the tests hold all of them to none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.answer_checks import MAX_GRADE, WIDEST, check_ease
from bot.claim_checks import Finding
from bot.glossary import Glossary
from bot.readability import grade
from bot.text import sms_size

LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
NUMBER = re.compile(r"\+?\d[\d-]{4,}")
ACCENTED = re.compile("[áíóúÁÉÍÓÚ]")
LABEL_WORDS = 5  # shorter than that is a label, which no scale of sentences fits
MAX_SEGMENTS = 2
# A family in danger must not take it for a person.
GUIDE: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"automated guide", re.IGNORECASE),
    "es": re.compile(r"gu[ií]a autom[aá]tica", re.IGNORECASE),
}
LINES = re.compile(r"(?<![\d-])(?:911|988|1-800-222-1222|1-800-799-7233)(?![\d-])|\{phone\}")


def plain(text: str) -> str:
    """Prose as it is read aloud: no links, a list item and a lead-in as sentences."""
    text = NUMBER.sub("term", LINK.sub(r"\1", text))
    for placeholder in WIDEST:
        text = text.replace(placeholder, "term")
    lines = [line.strip(" -") for line in text.splitlines() if line.strip(" -")]
    return " ".join(line if line[-1] in ".?!" else f"{line.rstrip(':')}." for line in lines)


def check_web(texts: Mapping[str, str], glossary: Glossary) -> Iterator[tuple[str, Finding]]:
    """What makes a text of the web hard to read: (language, finding)."""
    said = {lang: plain(text) for lang, text in texts.items()}
    if min(len(text.split()) for text in said.values()) < LABEL_WORDS:
        return
    english = grade(said["en"], glossary)
    if english and english.adjusted > MAX_GRADE:
        yield "en", ("grade", f"grade {english.adjusted:.1f}, {MAX_GRADE} at most")
    for finding in check_ease(said["es"]):
        yield "es", finding


def check_sms(text: str, lang: str) -> Iterator[Finding]:
    """What makes a text of SMS too long, or each of its messages shorter."""
    filled = text.strip().replace("{interpreter}", WIDEST["{phone}"])
    for placeholder, widest in WIDEST.items():
        filled = filled.replace(placeholder, widest)
    if "{" in filled or "}" in filled:
        yield "placeholder", "only {phone}, {interpreter} and {hospital} are filled in"
    size = sms_size(filled)
    if size.encoding != "GSM-7":
        yield "gsm7", "a character in it makes every message of it shorter"
    elif size.segments > MAX_SEGMENTS:
        yield "sms_size", f"{size.segments} segments, {MAX_SEGMENTS} at most"
    if lang == "es" and (accents := ACCENTED.findall(filled)):
        yield "gsm7", f"{''.join(sorted(set(accents)))!r} goes by SMS without its accent"


def check_safety(
    raw: Mapping[str, Any], glossary: Glossary, before: Mapping[str, Any] | None = None
) -> Iterator[tuple[str, str, Finding]]:
    """Every fault of a safety text: (channel, language, finding).

    Args:
        raw: as texts.yml holds it.
        glossary: whose terms count as one short word.
        before: what families read now; its phone lines stay.
    """
    for lang, finding in check_web(raw["web"], glossary):
        yield "web", lang, finding
    for lang, text in raw["sms"].items():
        for finding in check_sms(text, lang):
            yield "sms", lang, finding
    for channel in ("web", "sms"):
        for lang, text in raw[channel].items():
            if raw.get("level") in ("emergency", "crisis") and not GUIDE[lang].search(text):
                yield channel, lang, ("guide", "it does not say that this is an automated guide")
            if before:
                lost = set(LINES.findall(before[channel][lang])) - set(LINES.findall(text))
                if lost:
                    named = ", ".join(sorted(lost))
                    yield channel, lang, ("lines", f"it no longer names {named}")
