"""A reply of the contract as SMS messages: short, in order, and in seven bits where possible."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.gateway.sms.texts import SmsTexts
from bot.reply import Message
from bot.text import sms_size, sms_text

MAX_SEGMENTS = 2
SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")


@dataclass(frozen=True)
class Part:
    """One SMS message.

    Attributes:
        kind: safety, answer, notice, choice, fallback, smalltalk, or a text of the channel
            (`stop`, ...).
        text: as it is sent.
        safety: it must arrive, whatever else does not.
    """

    kind: str
    text: str
    safety: bool = False

    @property
    def segments(self) -> int:
        """Segments that are billed."""
        return sms_size(self.text).segments


@dataclass(frozen=True)
class Rendered:
    """The messages of a reply, and the rest that MORE asks for."""

    parts: tuple[Part, ...]
    rest: str = ""


def render(
    messages: Sequence[Message], texts: SmsTexts, lang: str, escalation: str = ""
) -> Rendered:
    """The SMS messages of a reply: each safety text alone and first, then each answer.

    Args:
        messages: of the reply, in its order.
        texts: the channel's own.
        lang: of the reply.
        escalation: the line under answers that suspected spasms are urgent; left out where a
            safety text has just said more.
    """
    parts = [Part("safety", sms_text(m.text), safety=True) for m in messages if m.kind == "safety"]
    rests = []
    for message in messages:
        if message.kind == "safety":
            continue
        said, notice = sms_text(message.text), sms_text(message.notice or "")
        told = parts and parts[0].safety and notice == sms_text(escalation)
        tail = ["" if told else notice]
        if any(button.topic is None for button in message.buttons):
            # The one button that is no question: it begins the guided check.
            tail.append(texts.say("offer", lang))
        under = "\n".join(filter(None, tail))
        whole = "\n".join(filter(None, [said, under]))
        if fits(whole):
            parts.append(Part(message.kind, whole))
            continue
        text, rest = shorten(said, texts.say("more", lang))
        rests.append(rest)
        parts.append(Part(message.kind, text))
        if under:
            # What is urgent about an answer is a message of its own, never behind MORE.
            parts.append(Part("notice", under))
    return Rendered(tuple(parts), "\n".join(filter(None, rests)))


def shorten(text: str, hint: str) -> tuple[str, str]:
    """Text in at most two segments, and the rest.

    Args:
        text: in full.
        hint: says how to get the rest.
    """
    if fits(text):
        return text, ""
    pieces = _pieces(text)
    for count in range(len(pieces) - 1, 0, -1):
        shown = f"{''.join(pieces[:count]).strip()}\n{hint}"
        if fits(shown):
            return shown, "".join(pieces[count:]).strip()
    # Not even a first sentence: a part of it, up to the last space where there is one near.
    length = len(text) - 1
    while not fits(f"{text[:length]} ...\n{hint}"):
        length -= 1
    space = text.rfind(" ", length // 2, length + 1)
    length = space if space > 0 else length
    return f"{text[:length]} ...\n{hint}", text[length:].strip()


def fits(text: str) -> bool:
    """Whether a text needs no more than two segments."""
    return sms_size(text).segments <= MAX_SEGMENTS


def _pieces(text: str) -> list[str]:
    """Sentences and lines, each with the white space after it."""
    cuts = [match.end() for match in SENTENCE.finditer(text)]
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
