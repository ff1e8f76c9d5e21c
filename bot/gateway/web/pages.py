"""Pages of the gateway: one as a hospital's could look, with the widget, and the quoted source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from bot.answers import render
from bot.compose import today_utc
from bot.content import read_yaml
from bot.hospital import Hospital
from bot.live import Content, LiveContent
from bot.settings import Settings

FOLDER = Path(__file__).parent
LINK = re.compile(r"\[([^\]]+)\]\(((?:https?://|tel:|sms:)[^\s)]+)\)")
SECTIONS = ("signs", "diagnosis", "treatment", "family_support")
STARTERS = ("signs", "diagnosis", "treatment", "appointment")


class Pages:
    """What the gateway shows and hands out besides replies; medical words are curated answers."""

    def __init__(self, settings: Settings, live: LiveContent) -> None:
        """Take the content.

        Args:
            settings: whether only signed answers are shown.
            live: what families are told at this moment.
        """
        self._settings = settings
        self._live = live
        self._words = read_yaml(FOLDER / "demo.yml")

    @property
    def hospital(self) -> Hospital:
        """Whose hospital this is."""
        return self._live.content.hospital

    def titles(self, lang: str) -> dict[str, str]:
        """What each topic is called."""
        return {a.topic: a.title.get(lang, a.title["en"]) for a in self._live.content.library}

    def guide(self, lang: str) -> dict[str, Any]:
        """The hospital's details and fixed texts that the widget shows, in one language."""
        content = self._live.content
        answers = [content.library[topic] for topic in STARTERS]
        starters = [{"title": a.title[lang], "text": a.question[lang]} for a in answers]
        if content.guide and content.answers_on:
            offer = {key: content.guide.offer[key][lang] for key in ("title", "text")}
            starters = [offer, starters[0], *starters[2:]]
        return {
            "hospital": content.hospital.name,
            "phone": content.hospital.phone,
            "phone_link": content.hospital.phone_link,
            "starters": starters,
            "help": content.safety.say("fallback.engine_down", lang, "web"),
            "too_long": content.safety.say("fallback.too_long", lang, "web"),
        }

    def demo(self, lang: str) -> str:
        """A page as a hospital's could look, with the widget on it."""
        words: Mapping[str, str] = self._words[lang]
        content = self._live.content
        library, hospital = content.library, content.hospital
        cards = [
            f'<section class="card" id="{topic}"><h2>{escape(library[topic].question[lang])}'
            f"</h2>{self._text(content, topic, lang)}</section>"
            for topic in SECTIONS
        ]
        links = [
            f'<a href="#{topic}">{escape(library[topic].title[lang])}</a>' for topic in SECTIONS
        ]
        template = Template((FOLDER / "demo.html").read_text(encoding="utf-8"))
        return template.substitute(
            {name: escape(text) for name, text in words.items()},
            lang=lang,
            hospital=escape(hospital.name),
            phone=escape(hospital.phone),
            phone_link=escape(hospital.phone_link),
            lead=self._text(content, "what_is", lang),
            urgent=to_html(content.safety.say("notice.escalation", lang, "web")),
            links="".join(links),
            cards="".join(cards),
        )

    def source(self) -> str:
        """The source page word for word, so that a citation can point into it."""
        page, hospital = self._live.content.page, self._live.content.hospital
        parts: list[str] = []
        items: list[str] = []
        for raw in [*page.text.splitlines(), ""]:
            line = raw.strip()
            if line.startswith("•"):
                items.append(f"<li>{escape(line[1:].strip())}</li>")
                continue
            if line and items:
                parts.append(f"<ul>{''.join(items)}</ul>")
                items = []
            if line:
                tag = "h2" if line in page.headings else "p"
                parts.append(f"<{tag}>{escape(line)}</{tag}>")
        if items:
            parts.append(f"<ul>{''.join(items)}</ul>")
        template = Template((FOLDER / "source.html").read_text(encoding="utf-8"))
        return template.substitute(
            title=escape(page.title),
            hospital=escape(hospital.name),
            date=escape(page.date),
            body="".join(parts),
        )

    def _text(self, content: Content, topic: str, lang: str) -> str:
        answer, signed_only = content.library[topic], self._settings.production
        if content.answers_on and answer.told(lang, "web", today_utc(), signed_only=signed_only):
            text = render(answer.sentences("web", lang), "web")
        else:
            text = content.phrases.texts["please_call"][lang]
        return to_html(content.hospital.fill(text, "web"))


def to_html(text: str) -> str:
    """Paragraphs, "- " lists and checked links as HTML; all else is escaped."""
    blocks: list[str] = []
    for block in text.split("\n\n"):
        lines = block.splitlines()
        items = [_links(line[2:]) for line in lines if line.startswith("- ")]
        blocks += [f"<p>{_links(line)}</p>" for line in lines if line and line[:2] != "- "]
        if items:
            blocks.append("<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>")
    return "".join(blocks)


def _links(text: str) -> str:
    return LINK.sub(r'<a href="\2">\1</a>', escape(text))
