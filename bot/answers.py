"""Curated answers: one file a topic, every sentence with the quotes that back it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.content import Reviews, read_reviews, read_yaml, require
from bot.errors import ContentError
from bot.source import Page, load_page
from bot.topics import CHANNELS, FALLBACKS, INFORMATIONAL, LANGUAGES, SMALLTALK, TOPICS

KINDS = {
    **dict.fromkeys(INFORMATIONAL, "answer"),
    **dict.fromkeys(FALLBACKS, "fallback"),
    **dict.fromkeys(SMALLTALK, "smalltalk"),
}


@dataclass(frozen=True)
class Sentence:
    """One sentence that a family is told, or one item of a list.

    Exactly one of these backs it: `quotes` (a claim; literal substrings of the
    page), `absent` (patterns proven absent from the page), `empty_list` (the
    lead-in of a list that the page leaves empty), or `advice` (no medical fact).
    """

    say: str
    quotes: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    empty_list: str | None = None
    advice: bool = False
    items: tuple[Sentence, ...] = ()

    @property
    def all_quotes(self) -> tuple[str, ...]:
        """Its own quotes and those of its items, in order."""
        return self.quotes + tuple(q for item in self.items for q in item.all_quotes)


@dataclass(frozen=True)
class Answer:
    """A curated answer; `web` and `sms` map a language to its sentences.

    One that is `withdrawn` keeps its name and its question, and says nothing.
    """

    topic: str
    kind: str
    notice: str | None
    question: Mapping[str, str]
    title: Mapping[str, str]
    web: Mapping[str, tuple[Sentence, ...]]
    sms: Mapping[str, tuple[Sentence, ...]]
    next: tuple[str, ...]
    reviews: Reviews
    withdrawn: bool = False

    def told(self, lang: str, channel: str, today: dt.date, *, signed_only: bool) -> bool:
        """Whether families are given it on a day, or are told to call instead.

        Args:
            lang: of the family.
            channel: of the family.
            today: UTC.
            signed_only: what nobody has signed, or whose signature has expired, is not given.
        """
        if self.withdrawn:
            return False
        return not signed_only or self.reviews.of(lang, channel).valid(today)

    def sentences(self, channel: str, lang: str) -> tuple[Sentence, ...]:
        """Sentences for a channel, in English where the language has none yet."""
        texts = self.web if channel == "web" else self.sms
        return texts.get(lang) or texts["en"]

    def quotes(self, channel: str, lang: str) -> tuple[str, ...]:
        """The quotes behind that text, in its order, each once."""
        found = (q for s in self.sentences(channel, lang) for q in s.all_quotes)
        return tuple(dict.fromkeys(found))


def render(sentences: tuple[Sentence, ...], channel: str) -> str:
    """Plain text of an answer: a paragraph, with '- ' lines for lists on the web."""
    if channel == "sms":
        parts = []
        for sentence in sentences:
            items = ", ".join(item.say.rstrip(".") for item in sentence.items)
            parts.append(f"{sentence.say} {items}." if items else sentence.say)
        return " ".join(parts)
    blocks: list[str] = []
    paragraph: list[str] = []
    for sentence in sentences:
        paragraph.append(sentence.say)
        if sentence.items:
            blocks.append(
                " ".join(paragraph) + "\n" + "\n".join(f"- {i.say}" for i in sentence.items)
            )
            paragraph = []
    if paragraph:
        blocks.append(" ".join(paragraph))
    return "\n\n".join(blocks)


def _sentence(raw: Any, where: str) -> Sentence:
    say = require(raw, "say", str, where)
    where = f"{where}, {say[:40]!r}"
    for field in ("quotes", "absent", "items"):
        if not isinstance(raw.get(field, []), list):
            raise ContentError(f"{where}: field {field!r} must be a list.")
    sentence = Sentence(
        say=say,
        quotes=tuple(raw.get("quotes", ())),
        absent=tuple(raw.get("absent", ())),
        empty_list=raw.get("empty_list"),
        advice=bool(raw.get("advice", False)),
        items=tuple(_sentence(item, where) for item in raw.get("items", ())),
    )
    backing = [sentence.quotes, sentence.absent, sentence.empty_list, sentence.advice]
    if sum(map(bool, backing)) != 1:
        raise ContentError(
            f"{where}: needs exactly one of quotes, absent, empty_list or advice to stand on."
        )
    unknown = set(raw) - {"say", "quotes", "absent", "empty_list", "advice", "items"}
    if unknown:
        raise ContentError(f"{where}: unknown fields {sorted(unknown)}.")
    return sentence


def read_answer(raw: Any, where: str) -> Answer:
    """One answer from its file's contents.

    Raises:
        ContentError: a field is missing, unknown or of another type.
    """
    topic = require(raw, "topic", str, where)
    if topic not in TOPICS:
        raise ContentError(f"{where}: {topic!r} is no topic of the contract.")
    if require(raw, "kind", str, where) != KINDS[topic]:
        raise ContentError(f"{where}: the kind of {topic} is {KINDS[topic]}.")
    withdrawn = bool(raw.get("withdrawn", False))
    texts: dict[str, dict[str, tuple[Sentence, ...]]] = {}
    for channel in CHANNELS:
        block = require(raw, channel, dict, where)
        texts[channel] = {
            lang: tuple(_sentence(s, f"{where}, {channel}.{lang}") for s in sentences)
            for lang, sentences in block.items()
        }
        if withdrawn:
            texts[channel] = dict.fromkeys(block, ())
    for field in ("question", "title", "web", "sms"):
        languages = require(raw, field, dict, where)
        if "en" not in languages or set(languages) - set(LANGUAGES):
            raise ContentError(f"{where}: {field} needs 'en' and only languages of {LANGUAGES}.")
    following = tuple(require(raw, "next", list, where))
    if not following or set(following) - set(TOPICS) or topic in following:
        raise ContentError(f"{where}: 'next' names two or three other topics.")
    return Answer(
        topic=topic,
        kind=raw["kind"],
        notice=raw.get("notice"),
        question=raw["question"],
        title=raw["title"],
        web=texts["web"],
        sms=texts["sms"],
        next=following,
        reviews=read_reviews(raw, where),
        withdrawn=withdrawn,
    )


@dataclass(frozen=True)
class Library:
    """The page and every curated answer that stands on it."""

    page: Page
    answers: Mapping[str, Answer]

    def __getitem__(self, topic: str) -> Answer:
        return self.answers[topic]

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.answers.values())


def load_library(data_dir: Path, url: str | None = None) -> Library:
    """Read the page and all answers, and check that every quote stands.

    Raises:
        PageChanged: the page is not the pinned one; names every quote that is lost.
        ContentError: an answer is missing or breaks its contract.
    """
    answers: dict[str, Answer] = {}
    for path in sorted((data_dir / "answers").glob("*.yml")):
        answer = read_answer(read_yaml(path), path.name)
        if path.stem != answer.topic:
            raise ContentError(f"{path.name}: holds the answer to {answer.topic!r}.")
        answers[answer.topic] = answer
    missing = sorted(set(TOPICS) - set(answers))
    if missing:
        raise ContentError(f"{data_dir / 'answers'}: no answer for {', '.join(missing)}.")
    quotes = [
        (f"{answer.topic} ({channel}, {lang})", quote)
        for answer in answers.values()
        for channel in CHANNELS
        for lang in (answer.web if channel == "web" else answer.sms)
        for quote in answer.quotes(channel, lang)
    ]
    page = load_page(data_dir / "source", quotes, url)
    lost = [f"  {owner}: {quote!r}" for owner, quote in quotes if page.find(quote) is None]
    if lost:
        raise ContentError("Quotes that do not stand on the page:\n" + "\n".join(lost))
    return Library(page, {topic: answers[topic] for topic in TOPICS})
