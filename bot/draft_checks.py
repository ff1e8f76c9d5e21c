"""What stands against a draft: the checks that the tests hold all texts to, in plain words."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.answer_checks import check_answer
from bot.answers import Answer, Sentence, read_answer
from bot.claims import ClaimChecker
from bot.drafting import Raw
from bot.errors import BotError
from bot.live import Content
from bot.overlay import laid_over
from bot.safety_checks import check_safety
from bot.settings import Settings
from bot.store.content_tables import Snapshot
from bot.topics import CHANNELS

# rule: what it asks for, as staff read it.
RULES: Mapping[str, str] = {
    "shape": "Something is missing or out of place",
    "quote": "The quote must stand on the page, word for word",
    "empty_list": "The page has no such empty list",
    "absent": "What “the page does not say” must really not stand on the page",
    "term": "A medical word has no quote behind it",
    "amount": "A number has no quote behind it",
    "word": "A word stands neither in the quotes nor among the plain words",
    "polarity": "It seems to say the opposite of its quote",
    "claim": "It states a medical fact without a quote",
    "dose": "No answer names a dose",
    "medicine_advice": "No answer tells a family to start, stop or change a medicine",
    "grade": "It is harder to read than grade 6",
    "ease": "The Spanish is harder to read than grade 6",
    "sms_size": "It is too long for SMS",
    "gsm7": "A character makes the SMS longer",
    "length": "An answer has two to five sentences",
    "duplicate": "Another answer says the same",
    "placeholder": "Only {phone} and {hospital} are filled in",
    "way_on": "It must lead on, to another topic or to a phone number",
    "notice": "The line “seek care today” must stand under it",
    "title": "The title is too long or missing",
    "question": "The question is too long or missing",
    "guide": "It must say that this is an automated guide",
    "lines": "A phone line was taken out",
    "reader": "The claim checker does not find this on the page",
}
# Why the claim checker refuses a sentence, in plain words.
REASONS: Mapping[str, str] = {
    "not on the page": "It did not find this on the page by itself.",
    "other drug": "It finds it said of another medicine.",
    "missing number": "It does not find this number.",
    "reversed meaning": "It reads the page as saying the opposite.",
    "stronger than the page": "It reads this as stronger than the page.",
    "on the page": "It finds on the page what this says the page leaves out.",
    "changed places": "It reads the parts in another order than the page.",
}
UNSURE = "It is not sure."
# A second person may decide that these are all right; nothing else goes to a second person.
MAY_STAND = frozenset({"word", "grade", "ease", "length", "duplicate", "reader"})

_READING = threading.Lock()
_READERS: dict[str, ClaimChecker] = {}  # by the page's sha256


@dataclass(frozen=True)
class Problem:
    """What fails, where, and why.

    Attributes:
        channel, lang: "" where it belongs to the whole text.
        sentence: that it stands in, "" for a whole text.
        rule: of RULES.
        why: in detail.
    """

    channel: str
    lang: str
    sentence: str
    rule: str
    why: str

    @property
    def stops(self) -> bool:
        """True where the draft cannot be handed in with it."""
        return self.rule not in MAY_STAND

    @property
    def says(self) -> str:
        """What is asked for, as staff read it."""
        return RULES[self.rule]


class DraftChecker:
    """Checks drafts against what families are told now."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings; the claim checker is loaded when it is first needed."""
        self._settings = settings

    def check(self, kind: str, key: str, raw: Raw, content: Content, live: Raw) -> list[Problem]:
        """Everything that stands against a text.

        Args:
            kind: of the text.
            key: of the text.
            raw: its contents.
            content: page, glossary and the other answers that it will stand beside.
            live: what families are told now.
        """
        if raw.get("withdrawn"):
            return []
        try:
            if kind == "answer":
                return list(self._answer(read_answer(raw, key), content, live))
            if kind == "safety":
                return [
                    Problem(channel, lang, "", rule, why)
                    for channel, lang, (rule, why) in check_safety(raw, content.glossary, live)
                ]
        except (BotError, KeyError, TypeError, ValueError) as error:
            return [Problem("", "", "", "shape", str(error))]
        return []

    def _answer(self, answer: Answer, content: Content, live: Raw) -> Iterator[Problem]:
        for fault in check_answer(answer, content.library, content.glossary):
            yield Problem(fault.channel, fault.lang, fault.sentence, fault.rule, fault.what)
        before = {s.say for _, _, s in _sentences(read_answer(live, answer.topic))}
        new = [found for found in _sentences(answer) if found[2].say not in before]
        if new:
            reader = self._claims(content)
            for channel, lang, sentence in new:
                if not sentence.quotes or sentence.items:
                    continue
                refused = [v for v in reader.check(sentence.say).sentences if v.supported is False]
                for why in dict.fromkeys(REASONS.get(v.reason or "", UNSURE) for v in refused):
                    yield Problem(channel, lang, sentence.say, "reader", why)

    def _claims(self, content: Content) -> ClaimChecker:
        page = content.versions.get(("page", "iess"))
        with _READING:
            if content.page.sha256 not in _READERS:
                live = {("page", "iess"): page} if page else {}
                with laid_over(self._settings.data_dir, Snapshot(0, True, live)) as folder:
                    # The newest page only: a reader takes seconds to load, and much room.
                    _READERS.clear()
                    _READERS[content.page.sha256] = ClaimChecker.load(folder)
            return _READERS[content.page.sha256]


def _sentences(answer: Answer) -> Iterator[tuple[str, str, Sentence]]:
    """(channel, language, sentence), items after the sentence that leads into them."""
    for channel in CHANNELS:
        for lang, sentences in (answer.web if channel == "web" else answer.sms).items():
            for sentence in sentences:
                yield channel, lang, sentence
                yield from ((channel, lang, item) for item in sentence.items)
