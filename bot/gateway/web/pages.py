"""Pages of the gateway: one as a hospital's could look, with the widget, and the quoted source."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from bot.answers import Answer, Library, render
from bot.content import read_yaml
from bot.hospital import Hospital
from bot.reply import SafetyCatalogue
from bot.settings import Settings

FOLDER = Path(__file__).parent
LINK = re.compile(r"\[([^\]]+)\]\(((?:https?://|tel:|sms:)[^\s)]+)\)")
SECTIONS = ("signs", "diagnosis", "treatment", "family_support")
STARTERS = ("signs", "diagnosis", "treatment", "appointment")


class Pages:
    """What the gateway shows and hands out besides replies; medical words are curated answers."""

    def __init__(
        self,
        settings: Settings,
        library: Library,
        hospital: Hospital,
        safety: SafetyCatalogue,
    ) -> None:
        """Take the content.

        Args:
            settings: whether only signed answers are shown, and the guided check is offered.
            library: page and curated answers.
            hospital: its details.
            safety: fixed safety texts.
        """
        self._settings = settings
        self._library = library
        self._hospital = hospital
        self._safety = safety
        self._phrases = read_yaml(settings.data_dir / "phrases.yml")
        check = read_yaml(settings.data_dir / "spasm_check.yml")
        self._offer: Mapping[str, Mapping[str, str]] = check["offer"]
        self._words = read_yaml(FOLDER / "demo.yml")

    @property
    def hospital(self) -> Hospital:
        """Whose hospital this is."""
        return self._hospital

    def titles(self, lang: str) -> dict[str, str]:
        """What each topic is called."""
        return {a.topic: a.title.get(lang, a.title["en"]) for a in self._library}

    def guide(self, lang: str) -> dict[str, Any]:
        """The hospital's details and fixed texts that the widget shows, in one language."""
        answers = [self._library[topic] for topic in STARTERS]
        starters = [{"title": a.title[lang], "text": a.question[lang]} for a in answers]
        if self._settings.guided_check:
            offer = {key: self._offer[key][lang] for key in ("title", "text")}
            starters = [offer, starters[0], *starters[2:]]
        return {
            "hospital": self._hospital.name,
            "phone": self._hospital.phone,
            "phone_link": self._hospital.phone_link,
            "starters": starters,
            "help": self._safety.say("fallback.engine_down", lang, "web"),
            "too_long": self._safety.say("fallback.too_long", lang, "web"),
        }

    def demo(self, lang: str) -> str:
        """A page as a hospital's could look, with the widget on it."""
        words: Mapping[str, str] = self._words[lang]
        cards = [
            f'<section class="card" id="{topic}"><h2>{escape(self._library[topic].question[lang])}'
            f"</h2>{self._text(self._library[topic], lang)}</section>"
            for topic in SECTIONS
        ]
        links = [
            f'<a href="#{topic}">{escape(self._library[topic].title[lang])}</a>'
            for topic in SECTIONS
        ]
        template = Template((FOLDER / "demo.html").read_text(encoding="utf-8"))
        return template.substitute(
            {name: escape(text) for name, text in words.items()},
            lang=lang,
            hospital=escape(self._hospital.name),
            phone=escape(self._hospital.phone),
            phone_link=escape(self._hospital.phone_link),
            lead=self._text(self._library["what_is"], lang),
            urgent=to_html(self._safety.say("notice.escalation", lang, "web")),
            links="".join(links),
            cards="".join(cards),
        )

    def source(self) -> str:
        """The source page word for word, so that a citation can point into it."""
        page = self._library.page
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
            hospital=escape(self._hospital.name),
            date=escape(page.date),
            body="".join(parts),
        )

    def _text(self, answer: Answer, lang: str) -> str:
        today = dt.datetime.now(dt.timezone.utc).date()
        if self._settings.production and not answer.reviews.of(lang, "web").valid(today):
            text = self._phrases["please_call"][lang]
        else:
            text = render(answer.sentences("web", lang), "web")
        return to_html(self._hospital.fill(text, "web"))


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
