"""Words in a body that is no message of the contract: a danger in them must still be heard."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from bot.text import whole

# Whatever stands behind is not read: triage reads 20,000 characters at most.
MAX_BYTES = 200_000
FIELDS = re.compile(r'"?\b(?:conversation|text|channel|lang)\b"?\s*[:=]')
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
NOT_WORDS = {"conversation", "channel", "lang"}


@dataclass(frozen=True)
class Recovered:
    """What could be read: the words, and where they are told, token and language."""

    words: str
    token: str | None = None
    lang: str | None = None


def recover(body: bytes) -> Recovered:
    """Read what can be read of any bytes."""
    text = _decode(body[:MAX_BYTES])
    try:
        # A byte order mark is no part of the JSON.
        value = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return Recovered(_words(text))
    fields = value if isinstance(value, dict) else {}
    token, lang = fields.get("conversation"), fields.get("lang")
    spoken = {k: v for k, v in fields.items() if k not in NOT_WORDS} if fields else value
    return Recovered(
        whole(" ".join(_strings(spoken))),
        token if isinstance(token, str) else None,
        lang if lang in ("en", "es") else None,
    )


def _decode(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        # What is not UTF-8 is most often what Windows wrote before it.
        return body.decode("cp1252", "replace")


def _words(text: str) -> str:
    """The text without the marks of JSON and of forms."""
    if not re.search(r'[{}\[\]"]', text):
        text = unquote_plus(text)
    text = FIELDS.sub(" ", text)
    text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    # Together, as triage reads so many characters and no more.
    return whole(re.sub(r'(?:\\[nrtbf"/\\]|[{}\[\]"\s])+', " ", text))


def _strings(value: Any) -> list[str]:
    """All strings of a JSON value, in order; a nest may be deep, so no recursion."""
    found: list[str] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, dict):
            waiting.extend(reversed(one.values()))
        elif isinstance(one, list):
            waiting.extend(reversed(one))
    return found
