"""From a topic to the message a family reads: text, quotes, buttons and notice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answers import Answer, Library, render
from bot.content import Review
from bot.decide import topics_by_passage
from bot.hospital import Hospital
from bot.reply import Button, Citation, Message, SafetyCatalogue
from bot.retrieval import Hit, Retriever
from bot.source import Page
from bot.text import fold, sms_size, to_gsm7
from bot.translations import Translations

GAP = "\n \t•"
# Answers to what a parent asks who suspects spasms: the guided check is offered under them.
SUSPICION = ("signs", "spasm_vs_startle_colic_reflux")
# Questions offered beneath an answer; more would be a menu.
WAYS_ON = 4
SMS_SEGMENTS = 2


def today_utc() -> dt.date:
    """The day on which signatures are looked at."""
    return dt.datetime.now(dt.timezone.utc).date()


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
        retriever: Retriever | None,
        hospital: Hospital,
        safety: SafetyCatalogue,
        phrases: Mapping[str, Mapping[str, str]],
        *,
        signed_only: bool,
        offer: Mapping[str, Mapping[str, str]] | None = None,
        translations: Translations | None = None,
        answers_on: bool = True,
    ) -> None:
        """Take the content.

        Args:
            library: page and answers.
            retriever: index of the page; None where nothing is searched for.
            hospital: its details.
            safety: fixed safety texts.
            phrases: short phrases by id and language.
            signed_only: an answer that nobody has signed becomes "please call".
            offer: of the guided check, where it is switched on.
            translations: what the page's words mean in Spanish.
            answers_on: what the page says is told; else families are told to call.
        """
        self.library = library
        self._retriever = retriever
        self._hospital = hospital
        self._safety = safety
        self._phrases = phrases
        self._signed_only = signed_only
        self._offer = offer
        self._translations = translations
        self._answers_on = answers_on
        self._canonical = {
            fold(words): answer.topic
            for answer in library
            for words in (*answer.title.values(), *answer.question.values())
        }
        self.backed = topics_by_passage(
            library.page, {a.topic: a.quotes("web", "en") for a in library if a.kind == "answer"}
        )

    @property
    def retriever(self) -> Retriever:
        """Finds passages of the page.

        Raises:
            RuntimeError: this composer was made without one.
        """
        if self._retriever is None:
            raise RuntimeError("this composer finds no passages")
        return self._retriever

    def tapped(self, text: str) -> str | None:
        """The topic of a canonical question or its title: a tap must never be misunderstood."""
        return self._canonical.get(fold(text))

    def phrase(self, phrase_id: str, voice: Voice) -> str:
        """A short phrase in the family's language and channel."""
        by_lang = self._phrases.get(f"{phrase_id}_{voice.channel}") or self._phrases[phrase_id]
        return self._hospital.fill(by_lang[voice.lang], voice.channel)

    def answer(self, topic: str, voice: Voice, hits: Sequence[Hit] = ()) -> Message:
        """The curated answer to a topic.

        Args:
            topic: of the contract.
            voice: language and channel.
            hits: what retrieval found; the quotes are ordered by how well they fit the question.
        """
        answer = self.library[topic]
        today, signed_only = today_utc(), self._signed_only
        if not answer.told(voice.lang, voice.channel, today, signed_only=signed_only) or (
            answer.kind == "answer" and not self._answers_on
        ):
            return self.please_call(topic, voice)
        text = render(answer.sentences(voice.channel, voice.lang), voice.channel)
        return Message(
            kind=answer.kind,
            topic=topic,
            text=self._hospital.fill(text, voice.channel),
            citations=self.citations(answer.quotes(voice.channel, voice.lang), voice, hits),
            buttons=(
                *self.offer(topic, voice),
                *self.buttons(answer.next[:WAYS_ON], voice),
            ),
            notice=self.notice(answer, voice),
        )

    def please_call(self, topic: str, voice: Voice) -> Message:
        """What is said in place of an answer that is not given."""
        return Message("fallback", topic, self.phrase("please_call", voice))

    def refusal(self, voice: Voice) -> Message:
        """What is said to a question about a dose, or about stopping or changing a medicine."""
        notice = self._safety.say("notice.dose_refusal", voice.lang, voice.channel)
        return replace(self.answer("other_medical", voice), notice=notice)

    def offer(self, topic: str, voice: Voice) -> tuple[Button, ...]:
        """The button that begins the guided check, where it is switched on and fits the topic."""
        if self._offer is None or not self._answers_on or topic not in SUSPICION:
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
        return not self._signed_only or review.valid(today_utc())

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
        if not self._answers_on:
            return self.please_call(topic, voice)
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
        # Search finds it for the topics that quote it; shown alone, an empty list says nothing.
        if best.passage.text in self.library.page.empty_lists:
            return None
        return best.passage.text

    def choice(self, topics: Sequence[str], voice: Voice) -> Message:
        """Canonical questions to pick from; numbered where nothing can be tapped."""
        return self._pick("choice", topics, voice)

    def otherwise(self, topics: Sequence[str], voice: Voice) -> Message:
        """What a question may have meant instead of what was answered, to pick from."""
        return self._pick("otherwise", topics, voice)

    def _pick(self, phrase_id: str, topics: Sequence[str], voice: Voice) -> Message:
        buttons = self.buttons(topics, voice)
        text = self.phrase(phrase_id, voice)
        if voice.channel == "sms":
            text += "".join(f"\n{i} {b.title}" for i, b in enumerate(buttons, start=1))
        return Message("choice", None, text, buttons=buttons)

    def unclear(self, voice: Voice) -> Message:
        """What is said when nothing was understood, with a way on."""
        text = self._safety.say("fallback.not_understood", voice.lang, voice.channel)
        ways = ("signs", "diagnosis", "treatment")
        return Message("fallback", None, text, buttons=self.buttons(ways, voice))

    def say(self, phrase_id: str, voice: Voice, topic: str | None = None) -> Message:
        """A phrase that leads on to a topic's next questions, and to the check that it offers."""
        buttons: tuple[Button, ...] = ()
        if topic:
            buttons = (*self.offer(topic, voice), *self.buttons(self.library[topic].next, voice))
        return Message("fallback", None, self.phrase(phrase_id, voice), buttons=buttons)

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
        if not self._answers_on:
            return self.please_call(topic, voice)
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
