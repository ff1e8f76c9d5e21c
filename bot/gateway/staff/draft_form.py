"""The form of a draft: fields to contents and back. A browser without JavaScript is enough."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.answer_checks import NOTICE
from bot.drafting import Raw
from bot.topics import CHANNELS, LANGUAGES

# What a sentence stands on: field of the file, name on the page.
BACKINGS: tuple[tuple[str, str], ...] = (
    ("quotes", "Words of the page"),
    ("absent", "The page does not say it"),
    ("empty_list", "A list left empty there"),
    ("advice", "No medical fact"),
)
SAFETY_FIELDS: tuple[tuple[str, str, str], ...] = (
    ("web", "en", "English, on the website"),
    ("sms", "en", "English, by SMS"),
    ("web", "es", "Spanish, on the website"),
    ("sms", "es", "Spanish, by SMS"),
)
TEXTS: Mapping[tuple[str, str], str] = {
    (channel, lang): label for channel, lang, label in SAFETY_FIELDS
}
ITEM = re.compile(r"(?:web|sms)\.(?:en|es)\.\d{1,3}(?:\.\d{1,3})?\.say\Z")
NEXT = 3
SPARE = 2  # empty sentences at the end of each text


@dataclass(frozen=True)
class Row:
    """One sentence as the form shows it; `name` begins the names of its fields."""

    name: str
    label: str
    say: str
    backing: str
    proof: str
    items: tuple[Row, ...] = ()
    spare: bool = False


def rows(raw: Raw, channel: str, lang: str) -> list[Row]:
    """The sentences of a text, and room for more."""
    sentences: Sequence[Raw] = raw[channel].get(lang) or ()
    name = f"{channel}.{lang}"
    found = [_row(s, f"{name}.{n}", f"Sentence {n + 1}") for n, s in enumerate(sentences)]
    return [*found, *_spare(name, len(found), "Sentence", SPARE)]


def _row(raw: Raw, name: str, label: str) -> Row:
    backing = next((field for field, _ in BACKINGS if raw.get(field)), "quotes")
    proof = raw.get(backing, "")
    lines = proof if isinstance(proof, list) else [] if proof is True else [proof]
    items = [
        _row(item, f"{name}.{n}", f"{label}, list item {n + 1}")
        for n, item in enumerate(raw.get("items") or ())
    ]
    room = _spare(name, len(items), f"{label}, list item", 1)
    text = "\n".join(line.replace("\n", " ") for line in filter(None, lines))
    return Row(name, label, raw["say"], backing, text, (*items, *room))


def _spare(name: str, start: int, label: str, count: int) -> Iterator[Row]:
    for number in range(start, start + count):
        yield Row(f"{name}.{number}", f"{label} {number + 1}", "", "quotes", "", (), spare=True)


def read_form(kind: str, form: Mapping[str, Any], before: Raw) -> dict[str, Any]:
    """The contents that a form asks for.

    Args:
        kind: answer or safety.
        form: field to text; a sentence without words is taken out.
        before: the contents that the form was made from; what it does not show stays.
    """
    if kind == "safety":
        return _safety(form, before)
    raw = {name: before[name] for name in ("topic", "kind")}
    raw["notice"] = NOTICE if form.get("notice") else None
    for name in ("question", "title"):
        raw[name] = {lang: _line(form, f"{name}.{lang}") for lang in LANGUAGES}
    for channel in CHANNELS:
        raw[channel] = {lang: _sentences(form, f"{channel}.{lang}") for lang in LANGUAGES}
    wanted = (_line(form, f"next.{number}") for number in range(NEXT))
    raw["next"] = list(dict.fromkeys(filter(None, wanted)))
    if form.get("withdrawn"):
        raw["withdrawn"] = True
    return {**raw, "review": before["review"]}


def _sentences(form: Mapping[str, Any], prefix: str) -> list[dict[str, Any]]:
    depth = prefix.count(".") + 2
    names = [
        name.removesuffix(".say")
        for name in form
        if ITEM.match(name) and name.startswith(f"{prefix}.") and name.count(".") == depth
    ]
    found = []
    for name in sorted(names, key=lambda n: int(n.rpartition(".")[2])):
        say = _line(form, f"{name}.say")
        if say:
            items = _sentences(form, name) if depth == 3 else []
            found.append(
                {"say": say, **_backing(form, name), **({"items": items} if items else {})}
            )
    return found


def _backing(form: Mapping[str, Any], name: str) -> dict[str, Any]:
    backing = str(form.get(f"{name}.backing", "quotes"))
    proof = [line.strip() for line in str(form.get(f"{name}.proof", "")).splitlines()]
    lines = [line for line in proof if line]
    if backing == "advice":
        return {"advice": True}
    if backing == "empty_list":
        return {"empty_list": " ".join(lines)} if lines else {}
    return {backing: lines} if backing in ("quotes", "absent") and lines else {}


def _safety(form: Mapping[str, Any], before: Raw) -> dict[str, Any]:
    raw = dict(before)
    raw["title"] = {lang: _line(form, f"title.{lang}") for lang in LANGUAGES}
    for channel in CHANNELS:
        raw[channel] = {}
        for lang in LANGUAGES:
            text = str(form.get(f"{channel}.{lang}", "")).replace("\r\n", "\n").strip()
            # The files end a text of paragraphs with a line end, and an SMS with none.
            ending = "\n" if str(before[channel][lang]).endswith("\n") else ""
            raw[channel][lang] = text + ending
    return raw


def _line(form: Mapping[str, Any], name: str) -> str:
    return " ".join(str(form.get(name, "")).split())
