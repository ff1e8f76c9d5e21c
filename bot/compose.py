"""From a topic to the message a family reads: text, quotes, buttons and notice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.answers import Answer, Library, load_library, render
from bot.content import Review, content_version
from bot.danger import LearnedLimits, load_limits
from bot.decide import Thresholds, load_thresholds, topics_by_passage
from bot.encoder import Encoder
from bot.glossary import load_glossary
from bot.hospital import Hospital, load_hospital
from bot.phrases import load_phrases
from bot.refusals import Refusals, load_refusals
from bot.reply import Button, Citation, Message, SafetyCatalogue, load_safety
from bot.retrieval import Hit, Retriever
from bot.settings import Settings
from bot.source import Page
from bot.spasm_check import Guide, load_guide
from bot.text import fold, sms_size, to_gsm7
from bot.translations import Translations, load_translations

GAP = "\n \t•"
# Answers to what a parent asks who suspects spasms: the guided check is offered under them.
SUSPICION = ("signs", "spasm_vs_startle_colic_reflux")
# Questions offered beneath an answer; more would be a menu.
WAYS_ON = 4
SMS_SEGMENTS = 2


@dataclass(frozen=True)
class Voice:
    """Who is spoken to: language (en, es) and channel (web, sms)."""

    lang: str
    channel: str


def merge_spans(page: Page, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in page order, with list items joined to the item or the lead-in before them."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        gap = page.text[merged[-1][1] : start] if merged else ""
        if merged and (start < merged[-1][1] or ("•" in gap and not gap.strip(GAP))):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class Composer:
    """Writes messages from curated content only; it makes up no medical text."""

    def __init__(
        self,
        library: Library,
        retriever: Retriever,
        hospital: Hospital,
        safety: SafetyCatalogue,
        phrases: Mapping[str, Mapping[str, str]],
        *,
        signed_only: bool,
        offer: Mapping[str, Mapping[str, str]] | None = None,
        translations: Translations | None = None,
    ) -> None:
        self.library = library
        self.retriever = retriever
        self._hospital = hospital
        self._safety = safety
        self._phrases = phrases
        self._signed_only = signed_only
        self._offer = offer
        self._translations = translations
        self._canonical = {fold(q): a.topic for a in library for q in a.question.values()}
        self.backed = topics_by_passage(
            library.page, {a.topic: a.quotes("web", "en") for a in library if a.kind == "answer"}
        )

    def tapped(self, text: str) -> str | None:
        """The topic of a canonical question: a tap on it must never be misunderstood."""
        return self._canonical.get(fold(text))

    def phrase(self, phrase_id: str, voice: Voice) -> str:
        """A short phrase in the family's language and channel."""
        by_lang = self._phrases.get(f"{phrase_id}_{voice.channel}") or self._phrases[phrase_id]
        return self._hospital.fill(by_lang[voice.lang], voice.channel)

    def answer(
        self, topic: str, voice: Voice, hits: Sequence[Hit] = (), near: Sequence[str] = ()
    ) -> Message:
        """The curated answer to a topic.

        Args:
            topic: of the contract.
            voice: language and channel.
            hits: what retrieval found; the quotes are ordered by how well they fit the question.
            near: topics that the question may have meant instead; they are offered first.
        """
        answer = self.library[topic]
        if self._signed_only and not self._signed(answer.reviews.of(voice.lang, voice.channel)):
            return Message("fallback", topic, self.phrase("please_call", voice))
        text = render(answer.sentences(voice.channel, voice.lang), voice.channel)
        return Message(
            kind=answer.kind,
            topic=topic,
            text=self._hospital.fill(text, voice.channel),
            citations=self.citations(answer.quotes(voice.channel, voice.lang), voice, hits),
            buttons=(
                *self.offer(topic, voice),
                *self.buttons(tuple(dict.fromkeys((*near, *answer.next)))[:WAYS_ON], voice),
            ),
            notice=self.notice(answer, voice),
        )

    def refusal(self, voice: Voice) -> Message:
        """What is said to a question about a dose, or about stopping or changing a medicine."""
        notice = self._safety.say("notice.dose_refusal", voice.lang, voice.channel)
        return replace(self.answer("other_medical", voice), notice=notice)

    def offer(self, topic: str, voice: Voice) -> tuple[Button, ...]:
        """The button that begins the guided check, where it is switched on and fits the topic."""
        if self._offer is None or topic not in SUSPICION:
            return ()
        return (Button(self._offer["title"][voice.lang], self._offer["text"][voice.lang]),)

    def notice(self, answer: Answer, voice: Voice) -> str | None:
        """The line under an answer; it is from data/safety, not from the page."""
        if answer.notice is None:
            return None
        return self._safety.say(f"notice.{answer.notice}", voice.lang, voice.channel)

    def citations(
        self, quotes: Sequence[str], voice: Voice, hits: Sequence[Hit] = ()
    ) -> tuple[Citation, ...]:
        """Literal quotes with their sections, best first; beside each what it means in Spanish."""
        page = self.library.page
        spans = merge_spans(page, [span for span in map(page.find, quotes) if span])
        return tuple(
            Citation(
                quote, page.section_of(quote), page.link(quote), self._translation(quote, voice)
            )
            for quote in (page.text[slice(*spans[i])] for i in Retriever.rank(spans, hits))
        )

    def _translation(self, quote: str, voice: Voice) -> str | None:
        translations = self._translations
        if voice.lang != "es" or not translations or not self._signed(translations.review):
            return None
        return translations.of(quote)

    def _signed(self, review: Review) -> bool:
        today = dt.datetime.now(dt.timezone.utc).date()
        return not self._signed_only or review.valid(today)

    def _in_its_words(self, opening: str, cited: Sequence[Citation], voice: Voice) -> str:
        """Quotes under an opening, with what they mean where that is known, and fits by SMS."""
        label = self.phrase("translation", voice)
        plain = "\n".join([opening, *(f"“{c.quote}”" for c in cited)])
        said = [
            (f"“{c.quote}”", f"{label} {c.translation}" if c.translation else "") for c in cited
        ]
        both = "\n".join([opening, *(line for pair in said for line in pair if line)])
        fits = voice.channel != "sms" or sms_size(to_gsm7(both)).segments <= SMS_SEGMENTS
        return both if fits else plain

    def passage(self, quote: str, topic: str, voice: Voice) -> Message:
        """A passage of the page as it stands, marked as the page's own words."""
        answer = self.library[topic]
        citations = self.citations([quote], voice)
        return Message(
            kind="answer",
            topic=topic,
            text=self._in_its_words(self.phrase("verbatim", voice), citations, voice),
            citations=citations,
            buttons=self.buttons(answer.next, voice),
            notice=self.notice(answer, voice),
            verbatim=True,
        )

    def uncovered(self, hits: Sequence[Hit], least: float) -> str | None:
        """The best passage, where retrieval is sure of it and no curated answer quotes it.

        Args:
            hits: what retrieval found, best first.
            least: mixed score from which retrieval is sure.
        """
        best = hits[0] if hits else None
        if best is None or best.score < least or best.passage.id in self.backed:
            return None
        return best.passage.text

    def choice(self, topics: Sequence[str], voice: Voice) -> Message:
        """Canonical questions to pick from; numbered where nothing can be tapped."""
        buttons = self.buttons(topics, voice)
        text = self.phrase("choice", voice)
        if voice.channel == "sms":
            text += "".join(f"\n{i} {b.title}" for i, b in enumerate(buttons, start=1))
        return Message("choice", None, text, buttons=buttons)

    def unclear(self, voice: Voice) -> Message:
        """What is said when nothing was understood, with a way on."""
        text = self._safety.say("fallback.not_understood", voice.lang, voice.channel)
        ways = ("signs", "diagnosis", "treatment")
        return Message("fallback", None, text, buttons=self.buttons(ways, voice))

    def speaks(self, voice: Voice) -> Message:
        """That we speak the language which was asked for, with a way on."""
        ways = self.buttons(("signs", "diagnosis", "treatment"), voice)
        return Message("smalltalk", "greet", self.phrase("speaks", voice), buttons=ways)

    def beyond_page(self, topic: str, voice: Voice) -> Message:
        """The page says no more about this; who does."""
        return Message(
            "fallback",
            topic,
            self.phrase("not_on_page", voice),
            buttons=self.buttons(self.library[topic].next, voice),
        )

    def sources(self, topic: str, quotes: Sequence[str], voice: Voice) -> Message:
        """The quotes behind what was just said."""
        citations = self.citations(quotes, voice)
        shown = citations[: 1 if voice.channel == "sms" else len(citations)]
        return Message(
            kind="answer",
            topic=topic,
            text=self._in_its_words(self.phrase("sources", voice), shown, voice),
            citations=citations,
            buttons=self.buttons(self.library[topic].next, voice),
            verbatim=True,
        )

    def buttons(self, topics: Sequence[str], voice: Voice) -> tuple[Button, ...]:
        """A button for each topic that has an answer to give."""
        found = []
        for topic in topics:
            answer = self.library[topic]
            title = answer.title.get(voice.lang, answer.title["en"])
            question = answer.question.get(voice.lang, answer.question["en"])
            found.append(Button(title, question, topic))
        return tuple(found)


@dataclass(frozen=True)
class Desk:
    """Everything that an action needs to answer."""

    composer: Composer
    limits: Thresholds
    hospital: Hospital
    safety: SafetyCatalogue
    learned: LearnedLimits
    refusals: Refusals
    encoder_version: str
    guide: Guide | None = None
    content_version: str = ""


def open_desk(settings: Settings) -> Desk:
    """Load content, encoder and index once, at start.

    Raises:
        ConfigError: curated content breaks its contract.
        BuildError: the encoder has not been built.
    """
    data: Path = settings.data_dir
    library = load_library(data, settings.source_url)
    hospital = load_hospital(data / "hospital.yml", library.page.text)
    safety = load_safety(data / "safety", hospital)
    glossary = load_glossary(data / "glossary.yml", library.page)
    encoder = Encoder(settings.var_dir / "encoder" / "current")
    retriever = Retriever(library.page, encoder, glossary.synonyms())
    guide = None
    if settings.guided_check:
        guide = load_guide(data / "spasm_check.yml", library.page)
    composer = Composer(
        library,
        retriever,
        hospital,
        safety,
        load_phrases(data / "phrases.yml").texts,
        signed_only=settings.production,
        offer=guide.offer if guide else None,
        translations=load_translations(data / "source" / "iess.es.yml", library.page),
    )
    limits = load_thresholds(data / "thresholds.yml")
    learned = load_limits(data / "safety" / "learned.yml")
    refusals = load_refusals(data / "safety" / "refused.yml")
    version = content_version(data)
    return Desk(
        composer, limits, hospital, safety, learned, refusals, encoder.version, guide, version
    )
