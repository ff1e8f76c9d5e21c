"""A reply as the website widget draws it; the look itself is the widget's own style sheet.

Mirrors `widget/src/talk.ts` and `prose.ts`: what those do to a text before it is seen is done here,
and the widget's own words are read from `widget_words.yml`, which a test holds to the widget's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent

from markupsafe import Markup

from bot.content import read_yaml
from bot.gateway.web.pages import LINK, to_html
from bot.reply import Button, Message, SafetySource
from bot.source import BULLET

WORDS = Path(__file__).parent / "widget_words.yml"
LONG_LINE = re.compile(r"^(?!- ).{180,}$", re.MULTILINE)
SENTENCES = re.compile(r"(?:.+?[.?!](?=\s+[A-ZÁÉÍÓÚÑ¿¡\"“])|.+$)\s*")
NUMBERED = re.compile(r"^- \d+\. (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Call:
    """The line to call that a safety text names first, as a button."""

    label: str
    address: str


@dataclass(frozen=True)
class Quote:
    """A quote as it is shown: its bullets tidied, its section, and where the link leads."""

    text: str
    section: str
    address: str
    translation: str | None


@dataclass(frozen=True)
class Card:
    """The card for the doctor: facts as (name, value), then blocks as (lead line, rows)."""

    title: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Said:
    """One bubble of the guide.

    Attributes:
        look: class of a safety message: urgent, crisis, emergency; "" for any other.
        body: the text as HTML, escaped but for paragraphs, lists and checked links.
        notice: the line under it, likewise; "" where there is none.
        card: it is the card for the doctor, and drawn as one.
    """

    kind: str
    look: str
    call: Call | None
    verbatim: bool
    body: Markup
    notice: Markup
    quotes: tuple[Quote, ...]
    sources: tuple[SafetySource, ...]
    card: Card | None


@dataclass(frozen=True)
class Turn:
    """All that the guide says to one message: bubbles, then what can be tapped.

    Attributes:
        choices: options of a question.
        boxes: labels of a question with several answers, in the place of `choices`.
        moves: ways about in the guided check.
        next: questions that may follow.
    """

    lang: str
    bubbles: tuple[Said, ...]
    choices: tuple[Button, ...]
    boxes: tuple[str, ...]
    moves: tuple[Button, ...]
    next: tuple[Button, ...]
    words: Mapping[str, Any]


@cache
def words(lang: str) -> Mapping[str, Any]:
    """The widget's own words in a language."""
    found: Mapping[str, Any] = read_yaml(WORDS)[lang]
    return found


def draw(messages: Sequence[Message], lang: str, level: str) -> Turn:
    """What the widget shows for the messages of a reply.

    Args:
        messages: of the reply, made for the web, in its order.
        lang: of the reply.
        level: how urgent things are after it: of the message, or else as they stand.
    """
    asked = [message for message in messages if message.kind == "choice"]
    options = [button for message in asked for button in message.buttons]
    boxes = [label for message in asked for label in _boxes(message)]
    own = words(lang)
    return Turn(
        lang,
        tuple(_bubble(message, lang, level) for message in messages),
        tuple(b for b in options if b.title not in own["moves"] and b.title not in boxes),
        tuple(boxes),
        tuple(b for b in options if b.title in own["moves"]),
        tuple(b for m in messages if m.kind != "choice" for b in m.buttons),
        own,
    )


def _boxes(message: Message) -> list[str]:
    """Labels of a question with several answers: "- 1. label" lines that are buttons, too."""
    labels = NUMBERED.findall(message.text)
    titles = {button.title for button in message.buttons}
    return labels if len(labels) > 1 and titles.issuperset(labels) else []


def airy(text: str) -> str:
    """Sentences two by two: a long paragraph is hard to read on a phone at night."""

    def two_by_two(line: re.Match[str]) -> str:
        sentences = SENTENCES.findall(line.group())
        return "".join(
            ("\n" if at and at % 2 == 0 else "") + sentence for at, sentence in enumerate(sentences)
        )

    return LONG_LINE.sub(two_by_two, text)


def _bubble(message: Message, lang: str, level: str) -> Said:
    text = message.text
    if message.kind == "choice" and _boxes(message):
        # Boxes that can be ticked stand in the place of the numbers.
        text = re.sub(r"\?[^?]*$", "?", re.sub(r"\n.*\Z", "", text, flags=re.DOTALL))
    first = LINK.search(message.text)
    safety = message.kind == "safety"
    call = None
    if first and safety and level != "routine":
        label = first.group(1)
        named = f"{words(lang)['call']} {label}" if label[:1].isdigit() else label
        call = Call(named, first.group(2))
    return Said(
        message.kind,
        _look(first.group(2) if first else "", level) if safety else "",
        call,
        message.verbatim,
        as_html(airy(text) if message.kind == "answer" else text),
        as_html(message.notice or ""),
        tuple(
            Quote(
                "\n".join(BULLET.sub("• ", line) for line in cited.quote.splitlines()),
                cited.section,
                cited.url or _passage(cited.quote),
                cited.translation,
            )
            for cited in message.citations
        ),
        message.sources,
        _card(text) if text.startswith(words(lang)["card"]) else None,
    )


def _card(text: str) -> Card:
    blocks: list[tuple[str, list[str]]] = []
    for line in filter(str.strip, text.splitlines()):
        if line.startswith("- ") and blocks:
            blocks[-1][1].append(line[2:])
        else:
            blocks.append((line, []))
    (title, facts), *rest = blocks
    named = [fact.partition(": ") for fact in facts]
    return Card(
        title,
        tuple((name, value) if value else ("•", name) for name, _, value in named),
        tuple((lead, tuple(rows)) for lead, rows in rest),
    )


def _look(first_address: str, level: str) -> str:
    if level == "emergency" and first_address == "tel:988":
        return "crisis"
    return "urgent" if level == "routine" else level


def as_html(text: str) -> Markup:
    """A curated text as the website shows it."""
    # `to_html` escapes all but the paragraphs, lists and checked links that it makes itself.
    return Markup(to_html(text))  # noqa: S704


def _passage(quote: str) -> str:
    line = BULLET.sub("", quote.strip().splitlines()[0]).strip()
    return f"/source#:~:text={percent(line, safe='').replace('-', '%2D')}"
