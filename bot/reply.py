"""The reply of the contract, and the safety texts that go into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bot.content import Reviews, read_reviews, read_yaml, require
from bot.errors import ContentError
from bot.hospital import Hospital
from bot.topics import CHANNELS, LANGUAGES

# Order of danger, highest first.
LEVELS: tuple[str, ...] = ("emergency", "crisis", "urgent", "routine")


def higher(one: str, other: str) -> str:
    """The more dangerous of two levels."""
    return min(one, other, key=LEVELS.index)


@dataclass(frozen=True)
class Raised:
    """A danger that answers to our own questions tell of: level, and kind of its text."""

    level: str
    kind: str

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Raised:
        """What `asdict` wrote, as it comes back from the action server.

        Raises:
            ValueError: there is no such level.
        """
        if raw["level"] not in LEVELS:
            raise ValueError("no level of ours")
        return cls(raw["level"], raw["kind"])


@dataclass(frozen=True)
class Citation:
    """A literal quote of the page, its section, and a link into the page where known.

    `translation` says what the quote means in the family's language; None where that is the page's.
    """

    quote: str
    section: str
    url: str | None = None
    translation: str | None = None


@dataclass(frozen=True)
class SafetySource:
    """The public source of a safety text."""

    id: str
    publisher: str
    url: str | None = None


@dataclass(frozen=True)
class Button:
    """Something to tap: `text` is sent as the family's next message."""

    title: str
    text: str
    topic: str | None = None


@dataclass(frozen=True)
class Message:
    """One bubble of a reply; kind is answer, safety, choice, fallback or smalltalk."""

    kind: str
    topic: str | None
    text: str
    citations: tuple[Citation, ...] = ()
    sources: tuple[SafetySource, ...] = ()
    buttons: tuple[Button, ...] = ()
    notice: str | None = None
    verbatim: bool = False

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Message:
        """The message that `asdict` wrote, as it comes back from the action server."""
        return cls(
            kind=raw["kind"],
            topic=raw["topic"],
            text=raw["text"],
            citations=tuple(Citation(**c) for c in raw["citations"]),
            sources=tuple(SafetySource(**s) for s in raw["sources"]),
            buttons=tuple(Button(**b) for b in raw["buttons"]),
            notice=raw["notice"],
            verbatim=raw["verbatim"],
        )


@dataclass(frozen=True)
class Reply:
    """Everything that one message of a family is answered with."""

    conversation: str
    lang: str
    urgency: str
    message_urgency: str
    messages: tuple[Message, ...]
    explain: Mapping[str, Any] = field(default_factory=dict)

    @property
    def topic(self) -> str | None:
        """The topic of the first message that has one; safety and choices have none."""
        return next((m.topic for m in self.messages if m.topic and m.kind != "choice"), None)

    def public(self) -> dict[str, Any]:
        """The contract's JSON, without the operator's explanation."""
        return {
            "conversation": self.conversation,
            "lang": self.lang,
            "urgency": self.urgency,
            "message_urgency": self.message_urgency,
            "topic": self.topic,
            "messages": [asdict(message) for message in self.messages],
        }


@dataclass(frozen=True)
class SafetyText:
    """A fixed text that is not from the page; `texts[channel][lang]`."""

    id: str
    level: str | None
    action: str | None
    sources: tuple[str, ...]
    title: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    reviews: Reviews


class SafetyCatalogue:
    """The fixed safety texts by id, with their public sources."""

    def __init__(
        self,
        texts: Mapping[str, SafetyText],
        sources: Mapping[str, SafetySource],
        hospital: Hospital,
    ) -> None:
        self.texts = texts
        self.sources = sources
        self._hospital = hospital

    def say(self, text_id: str, lang: str, channel: str) -> str:
        """A text as a family reads it, placeholders filled in.

        Raises:
            KeyError: there is no such text.
        """
        return self._hospital.fill(self.texts[text_id].texts[channel][lang].strip(), channel)

    def message(self, level: str, kind: str, lang: str, channel: str) -> Message:
        """The safety message for a danger; the level's general text where the kind has none."""
        text_id = f"{level}.{kind}"
        if text_id not in self.texts:
            text_id = f"{level}.{'overwhelmed' if level == 'crisis' else 'general'}"
        sources = tuple(self.sources[s] for s in self.texts[text_id].sources)
        return Message("safety", None, self.say(text_id, lang, channel), sources=sources)

    def unsigned(self) -> dict[str, tuple[str, ...]]:
        """Id of each text to its forms that were never signed, where there are any."""
        return {t.id: t.reviews.unsigned for t in self.texts.values() if t.reviews.unsigned}


def load_safety(folder: Path, hospital: Hospital) -> SafetyCatalogue:
    """Read `texts.yml` and `sources.yml`.

    Raises:
        ContentError: a text lacks a language, a channel, a source or its review block.
    """
    sources = {
        require(raw, "id", str, "sources.yml"): SafetySource(
            raw["id"],
            require(raw, "publisher", str, f"sources.yml, {raw['id']}"),
            raw.get("url") or None,
        )
        for raw in require(read_yaml(folder / "sources.yml"), "sources", list, "sources.yml")
    }
    texts = {}
    for text_id, raw in read_yaml(folder / "texts.yml").items():
        where = f"texts.yml, {text_id}"
        for channel in CHANNELS:
            block = require(raw, channel, dict, where)
            missing = [lang for lang in LANGUAGES if not block.get(lang)]
            if missing:
                raise ContentError(f"{where}: {channel} lacks {', '.join(missing)}.")
        used = tuple(require(raw, "sources", list, where))
        if not used or set(used) - set(sources):
            raise ContentError(f"{where}: every text names sources that sources.yml lists.")
        level = raw.get("level")
        if level is not None and level not in LEVELS:
            raise ContentError(f"{where}: {level!r} is no level.")
        texts[text_id] = SafetyText(
            text_id,
            level,
            raw.get("action"),
            used,
            raw.get("title") or {},
            {channel: raw[channel] for channel in CHANNELS},
            read_reviews(raw, where),
        )
    return SafetyCatalogue(texts, sources, hospital)
