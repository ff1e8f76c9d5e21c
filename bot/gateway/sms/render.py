"""A reply of the contract as SMS messages: short, in order, and in seven bits where possible."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.gateway.sms.texts import SmsTexts
from bot.reply import Message
from bot.text import plain_marks, sms_size, to_gsm7

MAX_SEGMENTS = 2
SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")


@dataclass(frozen=True)
class Part:
    """One SMS message.

    Attributes:
        kind: safety, answer, choice, fallback, smalltalk, or a text of the channel (`stop`, ...).
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


def render(messages: Sequence[Message], texts: SmsTexts, lang: str) -> Rendered:
    """The SMS messages of a reply: each safety text alone and first, then each answer.

    Args:
        messages: of the reply, in its order.
        texts: the channel's own.
        lang: of the reply.
    """
    parts = [Part("safety", plain(m.text), safety=True) for m in messages if m.kind == "safety"]
    rests = []
    for message in messages:
        if message.kind == "safety":
            continue
        said, tail = plain(message.text), [plain(message.notice or "")]
        if any(button.topic is None for button in message.buttons):
            # The one button that is no question: it begins the guided check.
            tail.append(texts.say("offer", lang))
        text, rest = shorten(said, [line for line in tail if line], texts.say("more", lang))
        rests.append(rest)
        parts.append(Part(message.kind, text))
    return Rendered(tuple(parts), "\n".join(filter(None, rests)))


def plain(text: str) -> str:
    """Text in seven bits; as it stands where a letter of it has no form there."""
    sent = to_gsm7(text)
    return sent if sent.strip() or not text.strip() else plain_marks(text)


def shorten(text: str, tail: Sequence[str], hint: str) -> tuple[str, str]:
    """Text with its tail lines in at most two segments, and the rest.

    The tail (what is urgent about an answer) is never what is left over.

    Args:
        text: the answer.
        tail: lines that must stand under it.
        hint: says how to get the rest.
    """
    whole = "\n".join([text, *tail])
    if fits(whole):
        return whole, ""
    pieces = _pieces(text)
    for count in range(len(pieces) - 1, 0, -1):
        shown = "\n".join(["".join(pieces[:count]).strip(), *tail, hint])
        if fits(shown):
            return shown, "".join(pieces[count:]).strip()
    # Not even a first sentence: words then, and lines of the tail before the answer's.
    if tail and not fits("\n".join([*tail, hint])):
        return shorten("\n".join([*tail, text]), [], hint)
    words = text.split(" ")
    for count in range(len(words) - 1, 0, -1):
        shown = "\n".join([" ".join(words[:count]) + " ...", *tail, hint])
        if fits(shown):
            return shown, " ".join(words[count:])
    return "\n".join([*tail, hint]), text


def fits(text: str) -> bool:
    """Whether a text needs no more than two segments."""
    return sms_size(text).segments <= MAX_SEGMENTS


def _pieces(text: str) -> list[str]:
    """Sentences and lines, each with the white space after it."""
    cuts = [match.end() for match in SENTENCE.finditer(text)]
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
