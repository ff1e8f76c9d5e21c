"""The guided check: its questions, what a reply to one means, and where it leads.

It gathers what a parent sees, for a doctor; it never says what it is. Plain Python over
`data/spasm_check.yml`: `actions/spasm_check.py` keeps the place, `bot/check_card.py` writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content import Reviews, read_reviews, read_yaml, require
from bot.errors import ContentError
from bot.source import Page
from bot.text import clean, fold
from bot.topics import CHANNELS, LANGUAGES
from bot.triage.values import NUMBER_WORDS as VALUES

MAX_TEXT = 80  # characters of a family's own words on the card
MAX_MONTHS = 36
SKIPPED = "skipped"
WORDS = tuple(
    "skip back again leave leave_start small_talk yes no unsure not_now well age time doubt fine"
    " denied question".split()
)
# No mark-up, no placeholder, and no quotation mark that could end our own.
MARKS = re.compile('[\\[\\](){}*_#<>`~^|\\\\"“”«»]')

Texts = Mapping[str, Mapping[str, str]]  # channel -> language -> text


def tidy(text: str) -> str:
    """A family's own words as the card may show them: plain characters, at most 80."""
    words = re.sub(r" {2,}", " ", MARKS.sub(" ", clean(text))).strip()
    return words if len(words) <= MAX_TEXT else words[: MAX_TEXT - 3].rstrip() + "..."


# "cinco": a number alone, without what it counts.
NUMBER_WORDS = {
    word: int(number)
    for word, number in VALUES.items()
    if word not in ("a", "an", "un", "una", "few", "several", "couple", "couple of")
}


def simple(text: str) -> str:
    """Folded words without punctuation, as replies are compared."""
    return re.sub(r"[^\w]+", " ", fold(text)).strip()


@dataclass(frozen=True)
class Said:
    """The answer to one question: picked options by id, and the family's own words."""

    picks: tuple[str, ...] = ()
    text: str = ""

    def to_slot(self) -> dict[str, Any]:
        """As a slot of Rasa keeps it."""
        return {"picks": list(self.picks), "text": self.text}

    @classmethod
    def from_slot(cls, raw: Any) -> Said | None:
        """What `to_slot` wrote; None for anything else, such as a reply not yet read."""
        if not isinstance(raw, Mapping) or set(raw) != {"picks", "text"}:
            return None
        return cls(tuple(raw["picks"]), str(raw["text"]))


@dataclass(frozen=True)
class Option:
    """A numbered reply; a sign carries the page's literal words."""

    id: str
    labels: Texts
    quote: str | None


@dataclass(frozen=True)
class Question:
    """One question: `several` options or one; `months`: a number is an age; `plain`: its words."""

    slot: str
    texts: Texts
    hint: Mapping[str, str]
    lead: str | None
    options: tuple[Option, ...]
    card: Texts
    several: bool
    months: bool
    plain: str

    @property
    def quotes(self) -> tuple[str, ...]:
        """Literal words of the page that it stands on."""
        return tuple(filter(None, [self.lead, *(option.quote for option in self.options)]))

    def numbers(self, plain: str) -> tuple[str, ...] | None:
        """Ids that a reply of numbers alone picks; None where it is none, () where out of range."""
        found = re.fullmatch(r"\d+(?:(?: y| e| and)? \d+)*", plain)
        if not found:
            return None
        wanted = [int(n) for n in re.findall(r"\d+", plain)]
        if not all(1 <= n <= len(self.options) for n in wanted):
            return ()
        ids = tuple(dict.fromkeys(self.options[n - 1].id for n in wanted))
        if self.several:
            return tuple(i for i in ids if i not in ("none", "unsure")) or ids[:1]
        return ids if len(ids) == 1 else ()

    def labelled(self, plain: str) -> tuple[str, ...]:
        """The id of the option whose words, with or without its number, are the whole reply."""
        for number, option in enumerate(self.options, start=1):
            labels = {
                simple(text) for by_lang in option.labels.values() for text in by_lang.values()
            }
            if plain in labels or plain in {f"{number} {label}" for label in labels}:
                return (option.id,)
        return ()


@dataclass(frozen=True)
class Reading:
    """What a reply is: answer, text, skip, back, again, leave, or held (nothing to record).

    `answer` is fixed words (a number, a button); `text` has words of the family's own.
    `fixed`: the whole reply is words of ours, that hold nothing to judge.
    """

    move: str
    said: Said = Said()
    fixed: bool = True


@dataclass(frozen=True)
class Guide:
    """The reviewed content of the check."""

    questions: tuple[Question, ...]
    words: Mapping[str, re.Pattern[str]]
    phrases: Mapping[str, Mapping[str, str]]
    card: Mapping[str, Any]
    offer: Mapping[str, Mapping[str, str]]
    reviews: Reviews

    @property
    def slots(self) -> tuple[str, ...]:
        """The questions' slots, in order."""
        return tuple(question.slot for question in self.questions)

    def question(self, slot: str) -> Question:
        """The question of a slot."""
        return self.questions[self.slots.index(slot)]

    def read(self, slot: str, text: str) -> Reading:
        """What a reply to the open question means."""
        question, plain, words = self.question(slot), simple(text), self.words
        if not plain:
            return Reading("held", fixed=False)
        if plain in NUMBER_WORDS:
            if question.plain == "time":
                return Reading("held")  # five of what?
            plain = str(NUMBER_WORDS[plain]) if question.months else plain
        picks = question.numbers(plain)
        if picks is None:
            picks = question.labelled(plain) or None
        if picks:
            return Reading("answer", Said(picks))
        if plain.isdigit() or picks == ():
            months = int(plain) if question.months and len(plain) < 4 and plain.isdigit() else 0
            fits = 1 <= months <= MAX_MONTHS
            return Reading("answer", Said((), str(months))) if fits else Reading("held")
        if words["leave"].fullmatch(plain) or words["leave_start"].match(plain):
            whole = words["leave"].fullmatch(plain) or words["leave_start"].fullmatch(plain)
            return Reading("leave", fixed=bool(whole))
        for move in ("back", "again", "skip"):
            if words[move].fullmatch(plain):
                return Reading(move)
        ids = {option.id for option in question.options}
        if "now" in ids and words["well"].fullmatch(plain) and not self.asks(text):
            return Reading("answer", Said(("yes",)))
        kind = "not_now" if "now" in ids else question.plain
        if kind and words[kind].fullmatch(plain):
            return Reading("answer", Said((), tidy(text)))
        for pick in ("unsure", "no", "yes"):
            match = words[pick].match(plain)
            if not match or (pick not in ids and not (pick == "unsure" and not ids)):
                continue
            if words[pick].fullmatch(plain):
                return Reading("answer", Said((pick,))) if ids else Reading("skip")
            if pick in ids and "yes" in ids:
                return Reading("text", Said((pick,), tidy(text)), fixed=False)
        if any(words[name].fullmatch(plain) for name in ("small_talk", "yes", "no")):
            return Reading("held")
        own = tidy(text)
        return Reading("text" if own else "held", Said((), own), fixed=False)

    def asks(self, text: str) -> bool:
        """True where a reply is shaped like a question of its own."""
        return bool(re.search(r"[?¿]", text) or self.words["question"].match(simple(text)))


def _texts(raw: Any, where: str) -> Texts:
    for channel in CHANNELS:
        block = require(raw, channel, dict, where)
        missing = [lang for lang in LANGUAGES if not block.get(lang)]
        if missing:
            raise ContentError(f"{where}: {channel} lacks {', '.join(missing)}.")
    return {c: {k: str(v).strip() for k, v in raw[c].items()} for c in CHANNELS}


def _question(raw: Any, where: str) -> Question:
    slot = require(raw, "slot", str, where)
    where = f"{where}, {slot}"
    options = tuple(
        Option(require(o, "id", str, where), _texts(o, f"{where}, {o['id']}"), o.get("quote"))
        for o in raw.get("options", ())
    )
    return Question(
        slot,
        _texts(raw, where),
        raw.get("sms_hint", {}),
        raw.get("lead"),
        options,
        _texts(require(raw, "card", dict, where), f"{where}, card"),
        bool(raw.get("several")),
        bool(raw.get("months")),
        raw.get("plain", ""),
    )


def load_guide(path: Path, page: Page) -> Guide:
    """Read the guided check.

    Raises:
        ContentError: a text or a pattern is missing or wrong, or a quote is not on the page.
    """
    raw, name = read_yaml(path), path.name
    card = require(raw, "card", dict, name)
    questions = tuple(_question(q, name) for q in require(raw, "questions", list, name))
    patterns = require(raw, "words", dict, name)
    try:
        words = {w: re.compile(rf"\b(?:{require(patterns, w, str, name)})\b") for w in WORDS}
    except re.error as error:
        raise ContentError(f"{path}: {error}.") from error
    quotes = [quote for question in questions for quote in question.quotes]
    quotes += [item["quote"] for item in card["asked"]]
    quotes += [quote for of_channel in card["why_quotes"].values() for quote in of_channel]
    lost = [quote for quote in quotes if page.find(quote) is None]
    if lost:
        raise ContentError(f"{path}: quotes that do not stand on the page: {lost}.")
    return Guide(
        questions,
        words,
        require(raw, "phrases", dict, name),
        card,
        require(raw, "offer", dict, name),
        read_reviews(raw, name),
    )
