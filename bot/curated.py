"""How the curated files are written: as they are in data/, so that a change is a small diff."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.content import FORMS
from bot.errors import ContentError
from bot.topics import CHANNELS, LANGUAGES

# What YAML 1.1 would not read back inside double quotes, or would take for a line's end.
ODD = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
PLAIN = re.compile(r"[a-z][a-z0-9_]*\Z")
LITERAL = re.compile(r"\S[^\t\r]*\n\Z")
RESERVED = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
REVIEW_FIELDS: Mapping[str, tuple[str, ...]] = {
    form: ("status", "by", *(() if form == "en" else ("translator",)), "on", "expires")
    for form in FORMS
}


def scalar(value: Any) -> str:
    """One value on its line: a name of ours bare, any other text in double quotes."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, dt.date)):
        return str(value)
    if PLAIN.match(str(value)) and value not in RESERVED:
        return str(value)
    return quoted(value)


def quoted(text: Any) -> str:
    """A text in double quotes."""
    return ODD.sub(lambda odd: f"\\u{ord(odd.group()):04x}", json.dumps(text, ensure_ascii=False))


def review_lines(reviews: Mapping[str, Mapping[Any, Any]]) -> list[str]:
    """The lines of a `review:` block: one for each form."""
    lines = ["review:"]
    for form in FORMS:
        block = reviews[form]
        fields = []
        for name in REVIEW_FIELDS[form]:
            # YAML 1.1 reads a bare `on` as the truth value.
            value = block.get(name, block.get(True)) if name == "on" else block.get(name)
            key = '"on"' if name == "on" else name
            said = quoted(value) if name in ("by", "translator") and value else scalar(value)
            fields.append(f"{key}: {said}")
        lines.append(f"  {form}: {{{', '.join(fields)}}}")
    return lines


def answer_yaml(raw: Mapping[str, Any]) -> str:
    """The file of an answer."""
    lines = [f"{name}: {scalar(raw.get(name))}" for name in ("topic", "kind", "notice")]
    if raw.get("withdrawn"):
        lines.append("withdrawn: true # families are told to call")
    for name in ("question", "title"):
        lines.append(f"{name}:")
        lines += [f"  {lang}: {quoted(text)}" for lang, text in raw[name].items()]
    for channel in CHANNELS:
        lines.append(f"{channel}:")
        for lang, sentences in raw[channel].items():
            lines.append(f"  {lang}:" if sentences else f"  {lang}: []")
            for sentence in sentences:
                lines += _sentence(sentence, "    ")
    lines.append(f"next: [{', '.join(map(scalar, raw['next']))}]")
    return "\n".join([*lines, *review_lines(raw["review"])]) + "\n"


def _sentence(raw: Mapping[str, Any], indent: str) -> Iterator[str]:
    inner = f"{indent}  "
    yield f"{indent}- say: {quoted(raw['say'])}"
    for name in ("quotes", "absent"):
        texts: Sequence[str] = raw.get(name) or ()
        if len(texts) > 1 and name == "quotes":
            yield f"{inner}quotes:"
            yield from (f"{inner}  - {quoted(text)}" for text in texts)
        elif texts:
            yield f"{inner}{name}: [{', '.join(map(quoted, texts))}]"
    if raw.get("empty_list"):
        yield f"{inner}empty_list: {quoted(raw['empty_list'])}"
    if raw.get("advice"):
        yield f"{inner}advice: true"
    if raw.get("items"):
        yield f"{inner}items:"
        for item in raw["items"]:
            yield from _sentence(item, f"{inner}  ")


def safety_yaml(text_id: str, raw: Mapping[str, Any]) -> str:
    """The block of a safety text in texts.yml."""
    lines = [f"{text_id}:"]
    lines += [f"  {name}: {scalar(raw.get(name))}" for name in ("level", "kind", "action")]
    lines.append(f"  sources: [{', '.join(map(scalar, raw['sources']))}]")
    lines += [f"  {line}" for line in review_lines(raw["review"])]
    title = ", ".join(f"{lang}: {quoted(text)}" for lang, text in raw.get("title", {}).items())
    lines.append(f"  title: {{{title}}}")
    for channel in CHANNELS:
        lines.append(f"  {channel}:")
        for lang in LANGUAGES:
            text: str = raw[channel][lang]
            if channel == "web" and LITERAL.fullmatch(text) and not ODD.search(text):
                lines.append(f"    {lang}: |")
                lines += [f"      {line}" if line else "" for line in text[:-1].split("\n")]
            else:
                lines.append(f"    {lang}: {quoted(text)}")
    return "\n".join(lines) + "\n"


def put_safety(file: str, text_id: str, block: str) -> str:
    """The text of texts.yml with one block replaced.

    Raises:
        ContentError: the file has no such text.
    """
    found = re.compile(rf"^{re.escape(text_id)}:\n(?:[ \t].*\n|\n(?=[ \t\n]))*", re.MULTILINE)
    changed, count = found.subn(lambda _: block, file)
    if count != 1:
        raise ContentError(f"texts.yml has no text {text_id!r}.")
    return changed


def put_review(file: str, reviews: Mapping[str, Mapping[Any, Any]]) -> str:
    """The text of a file with its `review:` block replaced.

    Raises:
        ContentError: the file has no such block.
    """
    block = "\n".join(review_lines(reviews)) + "\n"
    changed, count = re.subn(
        r"^review:\n(?:  .*\n)+", lambda _: block, file, count=1, flags=re.MULTILINE
    )
    if count != 1:
        raise ContentError("the file has no review block.")
    return changed
