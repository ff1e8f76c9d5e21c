"""What the checks say of a text: backing and claims of each sentence, and how hard it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answer_checks import (
    MAX_GRADE,
    MIN_FERNANDEZ_HUERTA,
    MIN_INFLESZ,
    Fault,
    check_answer,
)
from bot.answers import Sentence
from bot.claims import ClaimChecker
from bot.claims.checker import Verdict
from bot.compose import Voice
from bot.draft_checks import RULES
from bot.gateway.staff.catalogue import Catalogue, Item
from bot.glossary import Glossary
from bot.readability import ease, grade, prose
from bot.safety_checks import LABEL_WORDS, check_safety, plain


@dataclass(frozen=True)
class Reading:
    """How hard a text is to read.

    Attributes:
        words: the figures, in plain words.
        easy: it is as easy as families' texts must be; None where it is too short to tell.
    """

    words: str
    easy: bool | None


@dataclass(frozen=True)
class Row:
    """A sentence that a family is told, or an item of a list.

    Attributes:
        say: the words.
        backing: what it stands on, in plain words.
        quotes: of the page; none where it stands on something else.
        faults: what our own rules find wrong, in words.
        verdicts: of the claim checker, which reads the text alone and knows no quotes.
        item: it is an item of the list before.
    """

    say: str
    backing: str
    quotes: tuple[str, ...]
    faults: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    item: bool = False


def reading(text: str, lang: str, glossary: Glossary) -> Reading:
    """How hard prose is to read.

    Args:
        text: as `bot.readability.prose` or `bot.safety_checks.plain` give it.
        lang: en or es.
        glossary: its terms count as one short word in English.
    """
    if len(text.split()) < LABEL_WORDS:
        return Reading("Too short to be graded.", None)
    if lang == "es":
        found = ease(text)
        words = (
            f"Fernández Huerta {found.fernandez_huerta:.0f} (at least {MIN_FERNANDEZ_HUERTA:.0f}),"
            f" INFLESZ {found.inflesz:.0f} (at least {MIN_INFLESZ:.0f}). Higher is easier."
        )
        easy = found.fernandez_huerta >= MIN_FERNANDEZ_HUERTA and found.inflesz >= MIN_INFLESZ
        return Reading(words, easy)
    level = grade(text, glossary, lang)
    if level is None:
        return Reading("There is no scale for this language.", None)
    words = (
        f"Grade {max(level.adjusted, 0):.1f} (at most {MAX_GRADE:.0f});"
        f" {max(level.raw, 0):.1f} with the medical terms counted in full."
    )
    return Reading(words, level.adjusted <= MAX_GRADE)


def item_reading(catalogue: Catalogue, item: Item, voice: Voice) -> Reading:
    """How hard an item is to read, by the rules that its tests hold it to."""
    answer = catalogue.answer(item)
    if answer:
        text = prose(answer.sentences(voice.channel, voice.lang))
    else:
        text = plain(catalogue.written(item, voice))
    return reading(text, voice.lang, catalogue.glossary)


def backing(sentence: Sentence) -> str:
    """What a sentence stands on, in plain words."""
    if sentence.quotes:
        return "The page's own words"
    if sentence.absent:
        return "The page does not mention it"
    if sentence.empty_list:
        return "A list that the page leaves empty"
    return "Advice, with no medical fact in it"


def rows(sentences: Sequence[Sentence], faults: Sequence[Fault]) -> list[Row]:
    """The sentences with what our rules find wrong with each."""
    found: list[Row] = []
    for sentence in sentences:
        for part in (sentence, *sentence.items):
            wrong = tuple(dict.fromkeys(f.what for f in faults if f.sentence == part.say))
            quotes = part.quotes or ((part.empty_list,) if part.empty_list else ())
            found.append(Row(part.say, backing(part), quotes, wrong, item=part is not sentence))
    return found


def answer_rows(catalogue: Catalogue, item: Item, voice: Voice) -> tuple[list[Row], list[str]]:
    """The sentences of an answer, and what is wrong with it as a whole; none for another item."""
    answer = catalogue.answer(item)
    if answer is None or answer.withdrawn:
        return [], []
    channel, lang = voice.channel, voice.lang
    all_faults = check_answer(answer, catalogue.library, catalogue.glossary)
    faults = [f for f in all_faults if f.channel in ("", channel) and f.lang in ("", lang)]
    whole = [fault.what for fault in faults if not fault.sentence]
    fill = catalogue.hospital.fill
    # By SMS nothing is a link: names and numbers as they are read.
    found = rows(answer.sentences(channel, lang), faults)
    return [replace(row, say=fill(row.say, "sms")) for row in found], whole


def safety_faults(catalogue: Catalogue, item: Item, voice: Voice) -> list[str]:
    """What the checks of safety texts find wrong, in words; none for another item."""
    if item.kind != "safety":
        return []
    text = catalogue.safety.texts[item.key]
    raw = {"level": text.level, **text.texts}
    return [
        f"{RULES[rule]}. {why}"
        for channel, lang, (rule, why) in check_safety(raw, catalogue.glossary)
        if (channel, lang) == (voice.channel, voice.lang)
    ]


def with_verdicts(found: Sequence[Row], text: str, checker: ClaimChecker) -> list[Row]:
    """The rows with what the claim checker says of each.

    Args:
        found: of the text, in its order.
        text: the whole text, so that "it" is understood.
        checker: reads it sentence by sentence.
    """
    verdicts = list(checker.check(text).sentences)
    result = []
    for row in found:
        own: list[Verdict] = []
        while verdicts and verdicts[0].text.strip("- ").rstrip(".:") in row.say:
            own.append(verdicts.pop(0))
        result.append(replace(row, verdicts=tuple(own)))
    return result
