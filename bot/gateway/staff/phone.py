"""A reply as a phone shows it: the messages as they are sent, their segments and what they cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.gateway.sms.render import Part, render, shorten
from bot.gateway.sms.texts import SmsTexts
from bot.reply import Message, SafetyCatalogue
from bot.text import (
    GSM7_EXTENSION,
    MULTI_GSM7,
    MULTI_UCS2,
    SmsSize,
    is_gsm7,
    plain_marks,
    sms_size,
    sms_text,
    to_gsm7,
)


@dataclass(frozen=True)
class Bubble:
    """One SMS message.

    Attributes:
        kind: as `bot.gateway.sms.render.Part` has it.
        segments: its text, cut where the network cuts it; joined they are the text.
        size: encoding, units and segments that are billed.
        odd: the characters that force Unicode, each once; "" where it goes in seven bits.
        asked: it is sent only to who answers MORE.
    """

    kind: str
    segments: tuple[str, ...]
    size: SmsSize
    odd: str
    asked: bool = False

    @property
    def text(self) -> str:
        """As it is sent."""
        return "".join(self.segments)


@dataclass(frozen=True)
class Phone:
    """The messages that a reply becomes, those behind MORE at the end."""

    bubbles: tuple[Bubble, ...]

    @property
    def segments(self) -> int:
        """Segments that every family is sent."""
        return sum(bubble.size.segments for bubble in self.bubbles if not bubble.asked)

    @property
    def more(self) -> int:
        """Segments that only who answers MORE is sent."""
        return sum(bubble.size.segments for bubble in self.bubbles if bubble.asked)


def show(
    messages: Sequence[Message],
    texts: SmsTexts,
    safety: SafetyCatalogue,
    lang: str,
    *,
    first: bool = False,
) -> Phone:
    """What a phone gets for the messages of a reply.

    Args:
        messages: of the reply, made for SMS, in its order.
        texts: the channel's own.
        safety: has the line under answers, which is not repeated under a safety text.
        lang: of the reply.
        first: it is the first reply to a number, which is told who writes.
    """
    escalation = sms_text(safety.say("notice.escalation", lang, "sms"))
    rendered = render(messages, texts, lang, escalation)
    parts = list(rendered.parts)
    if first:
        safe = sum(part.safety for part in parts)
        parts.insert(safe, Part("intro", texts.say("intro", lang)))
    bubbles = [bubble(part.kind, part.text) for part in parts]
    rest = rendered.rest
    while rest:
        shown, rest = shorten(rest, texts.say("more", lang))
        bubbles.append(bubble("more", shown, asked=True))
    return Phone(tuple(bubbles))


def bubble(kind: str, text: str, *, asked: bool = False) -> Bubble:
    """One message of the channel."""
    size = sms_size(text)
    odd = "".join(dict.fromkeys(char for char in text if not is_gsm7(char)))
    return Bubble(kind, cut(text, size), size, odd, asked)


def cut(text: str, size: SmsSize) -> tuple[str, ...]:
    """The text in pieces of a segment each."""
    if size.segments <= 1:
        return (text,)
    most = MULTI_GSM7 if size.encoding == "GSM-7" else MULTI_UCS2
    pieces, piece, used = [], "", 0
    for char in text:
        if size.encoding == "GSM-7":
            units = 2 if char in GSM7_EXTENSION else 1
        else:
            units = len(char.encode("utf-16-le")) // 2
        # Neither an escaped character nor a surrogate pair is parted.
        if used + units > most:
            pieces.append(piece)
            piece, used = "", 0
        piece, used = piece + char, used + units
    return (*pieces, piece)


def changed(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Characters that are written otherwise by SMS, and what they become ("" is left out)."""
    found: dict[str, str] = {}
    for text in texts:
        sent = sms_text(text)
        for char in text:
            if char not in sent and char not in found:
                found[char] = to_gsm7(char) if is_gsm7(sent) else plain_marks(char)
    return tuple(sorted(found.items()))
