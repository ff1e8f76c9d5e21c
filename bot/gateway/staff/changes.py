"""The last change of an item: who published what, who signed it, and what it said before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answers import read_answer, render
from bot.compose import Voice
from bot.gateway.staff.catalogue import Catalogue, Item
from bot.gateway.staff.marking import Piece, compare
from bot.gateway.staff.status import FORM_NAMES, date
from bot.overlay import base_body, parse
from bot.store.content import ContentStore
from bot.store.content_tables import Approval
from bot.topics import CHANNELS

# Kind of item to the kind and key of its versions; None: the item's own key.
VERSIONED: Mapping[str, tuple[str, str | None]] = {
    "answer": ("answer", None),
    "safety": ("safety", None),
    "check": ("check", "spasm_check"),
    "phrase": ("phrases", "phrases"),
}


@dataclass(frozen=True)
class Change:
    """A published version.

    Attributes:
        number: of the version.
        on: day of publication, in words.
        authors: who wrote it.
        note: why, in their words.
        signed: a line for each signature.
        compared: channel to its text before and now as one; without the channels that it left.
    """

    number: int
    on: str
    authors: str
    note: str
    signed: Sequence[str]
    compared: Mapping[str, Sequence[Piece]]


def last_change(
    catalogue: Catalogue, item: Item, lang: str, store: ContentStore, data_dir: Path
) -> Change | None:
    """What was published last; None where the text is the one in data/.

    Args:
        catalogue: what families are told now.
        item: of it.
        lang: in which it is compared.
        store: has the version before.
        data_dir: has the text before the first version.
    """
    kind, key = VERSIONED.get(item.kind, ("", None))
    version = catalogue.content.versions.get((kind, key or item.key))
    if version is None:
        return None
    before = store.get(version.previous) if version.previous is not None else None
    old = before.body if before else base_body(data_dir, kind, key or item.key)
    compared = {}
    for channel in CHANNELS:
        voice = Voice(lang, channel)
        if kind in ("answer", "safety"):
            was = _text(kind, parse(old, item.key), voice)
            now = catalogue.written(item, voice)
            if was != now:
                compared[channel] = compare(was, now)
    published = dt.datetime.fromtimestamp(version.published_at or 0.0, dt.timezone.utc).date()
    return Change(
        version.id,
        date(published),
        " and ".join(author.name for author in version.authors),
        version.note,
        [_signature(approval) for approval in version.approvals],
        compared,
    )


def _text(kind: str, raw: Mapping[str, Any], voice: Voice) -> str:
    if kind == "answer":
        answer = read_answer(raw, str(raw.get("topic")))
        return render(answer.sentences(voice.channel, voice.lang), voice.channel)
    return str(raw[voice.channel][voice.lang])


def _signature(approval: Approval) -> str:
    by = f"{approval.person.name} on {date(approval.on)}, until {date(approval.expires)}"
    translator = f", translation by {approval.translator}" if approval.translator else ""
    return f"{FORM_NAMES[approval.form]}: {by}{translator}"
