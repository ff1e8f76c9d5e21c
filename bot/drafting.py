"""From what an author wrote to a version: which forms have changed, and so need a signature."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.content import FORMS, Review, Reviews
from bot.curated import answer_yaml, put_review
from bot.live import Content
from bot.overlay import FILES, base_body, parse, signed
from bot.store.content import Text

Raw = Mapping[str, Any]
SOON = dt.timedelta(days=30)
FORM_NAMES: Mapping[str, str] = {"en": "English", "es": "Spanish", "es_sms": "Spanish by SMS"}


def live_raw(data_dir: Path, content: Content, kind: str, key: str) -> dict[str, Any]:
    """What families are told at this moment, as its file holds it.

    Raises:
        ContentError: there is no such text.
    """
    version = content.versions.get((kind, key))
    return signed(version) if version else parse(base_body(data_dir, kind, key), key)


def write_body(kind: str, raw: Raw, file: str = "") -> str:
    """The text of a version.

    Args:
        kind: of the text.
        raw: its contents, with reviews.
        file: where the kind is a whole file, that file's text: only its reviews are written anew.
    """
    if kind == "answer":
        return answer_yaml(raw)
    if kind in FILES:
        return put_review(file, raw["review"])
    return yaml.safe_dump(dict(raw), allow_unicode=True, sort_keys=False, width=10_000)


def form_parts(kind: str, raw: Raw) -> dict[str, Any]:
    """What a signature under each form stands for."""
    if kind == "answer":
        shared = [raw.get("notice"), raw.get("withdrawn")]
        names = ("question", "title", "web")
        return {
            "en": (shared, raw["next"], raw["sms"]["en"], [raw[n]["en"] for n in names]),
            "es": (shared, [raw[n].get("es") for n in names]),
            "es_sms": (shared, raw["sms"].get("es")),
        }
    if kind == "safety":
        shared = [raw.get(name) for name in ("level", "action", "sources")]
        texts = {lang: (raw["web"][lang], raw["title"].get(lang)) for lang in ("en", "es")}
        return {
            "en": (shared, texts["en"], raw["sms"]["en"]),
            "es": (shared, texts["es"]),
            "es_sms": (shared, raw["sms"]["es"]),
        }
    whole = {name: value for name, value in raw.items() if name != "review"}
    return dict.fromkeys(FORMS, whole)


def changed_forms(kind: str, before: Raw, after: Raw) -> tuple[str, ...]:
    """Forms in which a family would read something else."""
    was, now = form_parts(kind, before), form_parts(kind, after)
    return tuple(form for form in FORMS if was[form] != now[form])


def hand_in(
    kind: str, raw: Raw, live: Raw, *, ask: Sequence[str] = (), note: str = "", file: str = ""
) -> Text:
    """What the store keeps of an author's text.

    A form that has not changed keeps the signature it has; one that has changed loses it.

    Args:
        kind: of the text.
        raw: its contents as the author wants them.
        live: what families are told now.
        ask: forms that are handed in for a signature though they have not changed.
        note: why.
        file: as in `write_body`.
    """
    withdraws = bool(raw.get("withdrawn"))
    changed = changed_forms(kind, live, raw)
    needs = () if withdraws else tuple(form for form in FORMS if form in {*changed, *ask})
    reviews = {
        form: {"status": "pending"} if form in needs else live["review"][form] for form in FORMS
    }
    body = write_body(kind, {**raw, "review": reviews}, file)
    return Text(body, needs, withdraws, note)


@dataclass(frozen=True)
class Due:
    """A signature that has ended, or will within SOON.

    Attributes:
        told: families read the text all the same, as they do a safety text: then it is an alarm.
    """

    kind: str
    key: str
    form: str
    review: Review
    expired: bool
    told: bool


def due(content: Content, today: dt.date, within: dt.timedelta = SOON) -> list[Due]:
    """Signatures that staff should look after, the earliest first."""
    texts: list[tuple[str, str, Reviews, bool]] = [
        *(("answer", a.topic, a.reviews, False) for a in content.library if not a.withdrawn),
        *(("safety", t.id, t.reviews, True) for t in content.safety.texts.values()),
        ("phrases", "phrases", content.phrases.reviews, True),
    ]
    if content.check_reviews:
        texts.append(("check", "spasm_check", content.check_reviews, True))
    found = [
        Due(kind, key, form, review, review.expires < today, told)
        for kind, key, reviews, told in texts
        for form, review in reviews.by_form.items()
        if review.status == "approved" and review.expires and review.expires <= today + within
    ]
    return sorted(found, key=lambda d: (d.review.expires or dt.date.max, d.kind, d.key, d.form))
