"""Every curated answer says only what the page says, and says it plainly.

`check_answer` gives the faults of one answer; the tests hold all answers to none, and staff read
those of their drafts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.answers import Answer, Library, Sentence, render
from bot.claim_checks import Finding, check_backing
from bot.glossary import Glossary
from bot.readability import ease, grade, prose
from bot.text import fold, is_gsm7, sms_size
from bot.topics import CHANNELS

MAX_GRADE = 6.0  # US school grade, glossary terms counted as one short word
# Spanish of grade 6 (bot/readability.py), no allowance for terms.
MIN_FERNANDEZ_HUERTA = 70.0
MIN_INFLESZ = 65.0
MAX_SMS_SEPTETS = 230
WEB_SENTENCES = range(2, 6)  # list items aside
MAX_TITLE_CHARS = 28
MAX_QUESTION_CHARS = 60
# The longest that may be filled in; hospital.yml is held to it by a test.
WIDEST: Mapping[str, str] = {"{phone}": "312-555-0142", "{hospital}": "Lurie Children's"}

NOTICE = "escalation"
# Whoever asks about signs, causes, diagnosis or treatment may be seeing spasms now.
NEEDS_NOTICE = frozenset(
    {
        *("what_is", "signs", "spasm_vs_startle_colic_reflux", "other_signs_development", "pain"),
        *("age_onset_prognosis", "video_recording", "causes", "genetic_causes"),
        *("metabolic_causes", "diagnosis", "eeg", "hospital_stay_tests", "who_treats"),
        *("treatment", "hormonal_therapy", "vigabatrin", "vigabatrin_vision", "surgery"),
        *("ketogenic_diet", "appointment"),
    }
)

DOSE = re.compile(
    r"(?:\b|\d)(?:mg|mcg|ml|cc|iu|ui)\b|/\s?kg\b|\d\s?(?:g|kg|units?|unidades|drops|gotas)\b"
    r"|\b(?:milli|micro|mili)(?:gram|litre|liter|litro)\w*|\b(?:tea|table)spoons?\b"
    r"|\b(?:tablets?|pills?|pastillas?|tabletas?|cucharad\w+)\b"
)
CHANGE = (
    r"\b(?:stop(?:ping)?|quit|skip|continue|keep|double|lower|raise|reduce|increase|change|wean|taper"
    r"|start|halt|pause|dej(?:e|ar)|suspend(?:a|er)|interrump(?:a|ir)|continuar|siga|seguir"
    r"|aument(?:e|ar)|redu(?:zca|cir)|baj(?:e|ar)|sub(?:a|ir)|cambi(?:e|ar)|empiece|empezar)\b"
)
MEDICINE = (
    r"\b(?:taking|giving|using|tomar\w*|tomando|dar\w*|dando|medicines?|medications?|meds|drugs?"
    r"|doses?|dosis|treatments?|medicinas?|medicamentos?|tratamientos?)\b"
)
MEDICINE_ADVICE = re.compile(rf"{CHANGE}\W+(?:\w+\W+){{0,4}}?{MEDICINE}")
# The one reviewed exception: never do it on your own.
NEVER_ALONE = re.compile(r"\b(?:never|nunca)\b.*\b(?:on your own|por su cuenta)\b")
SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


@dataclass(frozen=True)
class Fault:
    """What is wrong with an answer; `sentence` is "" where it is the whole text."""

    topic: str
    channel: str
    lang: str
    sentence: str
    rule: str
    what: str


def _check_wording(say: str, glossary: Glossary) -> Iterator[Finding]:
    """Things that no sentence of ours may say."""
    text = fold(say)
    if found := DOSE.search(text):
        yield "dose", f"{found.group()!r} is a dose"
    plain = glossary.replace(
        text, lambda name: " medicine " if glossary.kinds.get(name) == "drug" else " term "
    )
    if (found := MEDICINE_ADVICE.search(plain)) and not NEVER_ALONE.search(text):
        yield "medicine_advice", f"{found.group()!r} tells to change a medicine"


def _check_sentences(
    sentences: Sequence[Sentence], lang: str, library: Library, glossary: Glossary
) -> Iterator[tuple[str, Finding]]:
    for sentence in sentences:
        for part, lead in ((sentence, ()), *((item, sentence.quotes) for item in sentence.items)):
            for finding in check_backing(part, lead, lang, library.page, glossary):
                yield part.say, finding
            for finding in _check_wording(part.say, glossary):
                yield part.say, finding


def check_ease(text: str) -> Iterator[Finding]:
    """What makes a Spanish text harder than grade 6."""
    found = ease(text)
    if found.fernandez_huerta < MIN_FERNANDEZ_HUERTA or found.inflesz < MIN_INFLESZ:
        yield (
            "ease",
            f"Fernández Huerta {found.fernandez_huerta:.1f} ({MIN_FERNANDEZ_HUERTA:.0f} at least),"
            f" INFLESZ {found.inflesz:.1f} ({MIN_INFLESZ:.0f} at least)",
        )


def _check_sms(text: str) -> Iterator[Finding]:
    if not is_gsm7(text):
        odd = "".join(sorted({char for char in text if not is_gsm7(char)}))
        yield "gsm7", f"{odd!r} makes every message of it longer"
    elif (size := sms_size(text).units) > MAX_SMS_SEPTETS:
        yield "sms_size", f"{size} septets, {MAX_SMS_SEPTETS} at most"


def _check_text(
    answer: Answer, channel: str, lang: str, library: Library, glossary: Glossary
) -> Iterator[Finding]:
    """The whole text of one channel and language."""
    sentences = (answer.web if channel == "web" else answer.sms)[lang]
    text = render(sentences, channel)
    filled = text
    for placeholder, widest in WIDEST.items():
        filled = filled.replace(placeholder, widest)
    if "{" in filled or "}" in filled:
        yield "placeholder", "only {phone} and {hospital} are filled in"
    reading = grade(prose(sentences), glossary, lang)
    if reading and reading.adjusted > MAX_GRADE:
        yield "grade", f"grade {reading.adjusted:.1f} ({reading.raw:.1f} raw), {MAX_GRADE} at most"
    if lang == "es":
        yield from check_ease(prose(sentences))
    if channel == "sms":
        yield from _check_sms(filled)
    else:
        count = sum(max(1, len(SENTENCE_END.findall(s.say))) for s in sentences)
        if count not in WEB_SENTENCES:
            yield "length", f"{count} sentences, {WEB_SENTENCES[0]} to {WEB_SENTENCES[-1]} wanted"
    for other in library:
        texts = (other.web if channel == "web" else other.sms).get(lang)
        if other.topic != answer.topic and texts and render(texts, channel) == text:
            yield "duplicate", f"{other.topic} says the same"
    if not any(topic in library.answers for topic in answer.next) and "{phone}" not in text:
        yield "way_on", "it leads to no other topic and gives no phone number"


def _check_frame(answer: Answer, library: Library) -> Iterator[tuple[str, Finding]]:
    """What belongs to no channel: (language, finding)."""
    if answer.topic in NEEDS_NOTICE and answer.notice != NOTICE:
        yield "", ("notice", f"{answer.topic} needs the notice {NOTICE!r}")
    elif answer.notice not in (None, NOTICE):
        yield "", ("notice", f"there is no notice {answer.notice!r}")
    for topic in answer.next:
        if topic not in library.answers:
            yield "", ("way_on", f"there is no topic {topic!r}")
    limits = (
        ("title", answer.title, MAX_TITLE_CHARS),
        ("question", answer.question, MAX_QUESTION_CHARS),
    )
    for rule, texts, limit in limits:
        for lang, text in texts.items():
            if not 0 < len(text) <= limit:
                yield lang, (rule, f"{len(text)} characters, 1 to {limit} wanted")


def check_answer(answer: Answer, library: Library, glossary: Glossary) -> list[Fault]:
    """Every fault of an answer, in all its channels and languages.

    Args:
        answer: to be checked; it need not be one of the library's.
        library: the page, and the other answers.
        glossary: names that stand for each other.
    """
    faults = [
        Fault(answer.topic, "", lang, "", rule, what)
        for lang, (rule, what) in _check_frame(answer, library)
    ]
    for channel in CHANNELS:
        for lang, sentences in (answer.web if channel == "web" else answer.sms).items():
            faults += [
                Fault(answer.topic, channel, lang, say, rule, what)
                for say, (rule, what) in _check_sentences(sentences, lang, library, glossary)
            ]
            faults += [
                Fault(answer.topic, channel, lang, "", rule, what)
                for rule, what in _check_text(answer, channel, lang, library, glossary)
            ]
    return faults
