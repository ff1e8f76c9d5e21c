"""Everything that a family may be told, as items that staff can find, see and read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path

from bot.answers import Answer, render
from bot.check_card import CheckWriter
from bot.check_steps import Step
from bot.claims import ClaimChecker
from bot.compose import Composer, Voice
from bot.content import Reviews
from bot.gateway.sms.texts import SmsTexts, load_texts
from bot.gateway.staff.status import Status, status
from bot.live import Content
from bot.overlay import laid_over
from bot.reply import Message, SafetySource
from bot.spasm_check import Guide, Said, load_guide
from bot.store.content_tables import Snapshot, Version
from bot.text import fold
from bot.topics import CHANNELS, LANGUAGES

# Kind of item to its name on the page.
KINDS: Mapping[str, str] = {
    "answer": "Answers",
    "safety": "Safety texts",
    "check": "Guided check",
    "phrase": "Short phrases",
    "sms": "Texts of the SMS line",
}
CARD = "card"
# Forms that only one channel reads.
CHANNEL_OF: Mapping[str, str] = {"es": "web", "es_sms": "sms"}
# Texts of data/safety that are no alarm: their ids begin so.
HELP = "fallback."


@dataclass(frozen=True)
class Item:
    """One thing that a family may be told.

    Attributes:
        kind: one of KINDS.
        key: its id within the kind: a topic, the id of a safety text, ...
        title: language to a short name of it.
        reviews: of its forms; items of one file may share them.
        file: where it stands, from the data folder.
        level: the danger that it answers, or None.
        messages: what a voice gets, as a reply has it; none where its channel has no such text.
    """

    kind: str
    key: str
    title: Mapping[str, str]
    reviews: Reviews
    file: str
    messages: Callable[[Voice], tuple[Message, ...]]
    level: str | None = None

    def text(self, voice: Voice) -> str:
        """All that is read of it, without its quotes."""
        found = self.messages(voice)
        return "\n\n".join(part for m in found for part in (m.text, m.notice) if part)

    def has(self, channel: str) -> bool:
        """Whether families of a channel may be told it."""
        return bool(self.messages(Voice("en", channel)))

    def states(self, today: dt.date) -> dict[str, Status]:
        """Where the signature of each form stands; a form that it does not have is left out."""
        return {
            form: status(review, today)
            for form, review in self.reviews.by_form.items()
            if form not in CHANNEL_OF or self.has(CHANNEL_OF[form])
        }


@dataclass(frozen=True)
class Filter:
    """What staff look for; "" is anything."""

    words: str = ""
    kind: str = ""
    topic: str = ""
    lang: str = ""
    channel: str = ""
    state: str = ""

    def takes(self, item: Item, today: dt.date) -> bool:
        """Whether an item is looked for."""
        if self.kind not in ("", item.kind) or self.topic not in ("", item.key):
            return False
        if self.channel and not (self.channel in CHANNELS and item.has(self.channel)):
            return False
        langs = [self.lang] if self.lang in LANGUAGES else LANGUAGES
        voices = [
            Voice(lang, channel)
            for lang in langs
            for channel in ([self.channel] if self.channel else CHANNELS)
        ]
        if self.state:
            found = {
                status(item.reviews.of(voice.lang, voice.channel), today).state
                for voice in voices
                if item.has(voice.channel)
            }
            if self.state not in found:
                return False
        wanted = fold(self.words).split()
        if not wanted:
            return True
        titles = [item.title[lang] for lang in langs]
        said = [item.key.replace("_", " "), *titles, *map(item.text, voices)]
        text = fold("\n".join(said))
        return all(word in text for word in wanted)


class Catalogue:
    """The items, and what is needed to look at one closely."""

    def __init__(self, data_dir: Path, content: Content) -> None:
        """Take the content.

        Args:
            data_dir: the folder that it was read from.
            content: what families are told at this moment.
        """
        self.content = content
        self.library = content.library
        self.hospital = content.hospital
        self.safety = content.safety
        self.glossary = content.glossary
        self.sms: SmsTexts = load_texts(data_dir / "safety" / "sms.yml", content.hospital)
        self._data_dir = data_dir
        self._phrases = content.phrases
        self._guide = content.guide or _unoffered_guide(data_dir, content)
        # Staff see what an item says, whether or not it is signed and told today.
        self._composer = Composer(
            content.library,
            None,
            content.hospital,
            content.safety,
            content.phrases.texts,
            signed_only=False,
            offer=self._guide.offer if self._guide else None,
            translations=content.translations,
        )
        found = (self._answers(), self._texts(), self._questions(), self._short(), self._lines())
        self.items: Mapping[tuple[str, str], Item] = {
            # What a voice gets never changes: it is put together once.
            (item.kind, item.key): replace(item, messages=cache(item.messages))
            for items in found
            for item in items
        }

    @property
    def claims(self) -> ClaimChecker:
        """The checker that tells whether the page says a sentence; read when it is first needed."""
        return _checker(self._data_dir, self.content.versions.get(("page", "iess")))

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Topic to the English title of its answer."""
        return {answer.topic: answer.title["en"] for answer in self.library}

    def find(self, wanted: Filter, today: dt.date) -> list[Item]:
        """The items that are looked for, in the order of the content."""
        return [item for item in self.items.values() if wanted.takes(item, today)]

    def answer(self, item: Item) -> Answer | None:
        """The curated answer behind an item; None for what is no answer."""
        return self.library[item.key] if item.kind == "answer" else None

    def quotes(self, item: Item, voice: Voice) -> tuple[str, ...]:
        """The page's words that back an item, in its order."""
        answer = self.answer(item)
        if answer:
            return answer.quotes(voice.channel, voice.lang)
        return tuple(c.quote for m in item.messages(voice) for c in m.citations)

    def sources(self, item: Item) -> tuple[SafetySource, ...]:
        """The public sources of a safety text."""
        if item.kind != "safety":
            return ()
        return tuple(self.safety.sources[s] for s in self.safety.texts[item.key].sources)

    def written(self, item: Item, voice: Voice) -> str:
        """The text as it was written, before names and numbers are filled in."""
        answer = self.answer(item)
        if answer:
            return render(answer.sentences(voice.channel, voice.lang), voice.channel)
        if item.kind == "safety":
            return self.safety.texts[item.key].texts[voice.channel][voice.lang]
        return item.text(voice)

    def _answers(self) -> Iterator[Item]:
        for answer in self.library:
            topic = answer.topic
            file = f"answers/{topic}.yml"
            messages = partial(self._say_answer, topic)
            yield Item("answer", topic, answer.question, answer.reviews, file, messages)

    def _say_answer(self, topic: str, voice: Voice) -> tuple[Message, ...]:
        return (self._composer.answer(topic, voice),)

    def _texts(self) -> Iterator[Item]:
        for text in self.safety.texts.values():
            messages = partial(self._say_text, text.id)
            file = "safety/texts.yml"
            yield Item("safety", text.id, text.title, text.reviews, file, messages, text.level)

    def _say_text(self, text_id: str, voice: Voice) -> tuple[Message, ...]:
        said = self.safety.say(text_id, voice.lang, voice.channel)
        if text_id.startswith(HELP):
            return (Message("fallback", None, said),)
        used = self.safety.texts[text_id].sources
        sources = tuple(self.safety.sources[source] for source in used)
        return (Message("safety", None, said, sources=sources),)

    def _questions(self) -> Iterator[Item]:
        guide, file = self._guide, "spasm_check.yml"
        if guide is None:
            return
        writer = CheckWriter(guide, self._composer, self.safety)
        for number, question in enumerate(guide.questions, start=1):
            label = question.card["web"]
            title = {
                "en": f"Question {number}: {label['en']}",
                "es": f"Pregunta {number}: {label['es']}",
            }
            messages = partial(self._ask, writer, question.slot, first=number == 1)
            yield Item("check", question.slot, title, guide.reviews, file, messages)
        title = {"en": "The card for the doctor", "es": "La tarjeta para el doctor"}
        yield Item(
            "check", CARD, title, guide.reviews, file, partial(self._show_card, guide, writer)
        )

    @staticmethod
    def _ask(writer: CheckWriter, slot: str, voice: Voice, *, first: bool) -> tuple[Message, ...]:
        return (writer.question(Step("ask", slot, {}), voice, fresh=first),)

    @staticmethod
    def _show_card(guide: Guide, writer: CheckWriter, voice: Voice) -> tuple[Message, ...]:
        """The card of a family that takes the first option each time."""
        answers = {
            question.slot: Said((question.options[0].id,)) if question.options else Said((), "5")
            for question in guide.questions
        }
        return (writer.card(answers, voice),)

    def _short(self) -> Iterator[Item]:
        for name in self._phrases.texts:
            if not name.endswith("_sms"):
                messages = partial(self._say_phrase, name)
                reviews = self._phrases.reviews
                yield Item("phrase", name, _named(name), reviews, "phrases.yml", messages)

    def _say_phrase(self, name: str, voice: Voice) -> tuple[Message, ...]:
        return (Message("fallback", None, self._composer.phrase(name, voice)),)

    def _lines(self) -> Iterator[Item]:
        for name in self.sms.texts:
            messages = partial(self._say_line, name)
            yield Item("sms", name, _named(name), self.sms.reviews, "safety/sms.yml", messages)

    def _say_line(self, name: str, voice: Voice) -> tuple[Message, ...]:
        if voice.channel != "sms":
            return ()
        return (Message("fallback", None, self.sms.say(name, voice.lang)),)


def _named(name: str) -> dict[str, str]:
    """A title for what has an id only."""
    return dict.fromkeys(LANGUAGES, name.replace("_", " ").capitalize())


@lru_cache(maxsize=1)
def _checker(data_dir: Path, page: Version | None) -> ClaimChecker:
    """The claim checker on a published page, or on the one in data/; it takes seconds to read."""
    published = {} if page is None else {(page.kind, page.key): page}
    with laid_over(data_dir, Snapshot(0, True, published)) as data:
        return ClaimChecker.load(data)


def _unoffered_guide(data_dir: Path, content: Content) -> Guide | None:
    """The guided check where it is switched off; None where the page has lost words of it."""
    if content.check_reviews is None:
        return None
    guide = load_guide(data_dir / "spasm_check.yml", content.page)
    return replace(guide, reviews=content.check_reviews)


def by_kind(items: Sequence[Item]) -> dict[str, list[Item]]:
    """Items by kind, in the order of KINDS, without the kinds that have none."""
    found = {kind: [item for item in items if item.kind == kind] for kind in KINDS}
    return {kind: of_kind for kind, of_kind in found.items() if of_kind}
