"""One item of the library, looked at closely in one language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.compose import Voice
from bot.gateway.staff.catalogue import Catalogue, Item
from bot.gateway.staff.findings import (
    Reading,
    Row,
    answer_rows,
    item_reading,
    safety_faults,
    with_verdicts,
)
from bot.gateway.staff.marking import Line, mark_page
from bot.gateway.staff.phone import Phone, changed, show
from bot.gateway.staff.status import Status, status
from bot.gateway.staff.widget_view import Turn, draw
from bot.reply import SafetySource


@dataclass(frozen=True)
class Side:
    """What families of one channel are told.

    Attributes:
        signature: of the form that they read.
        silent: families are told to call instead: it is withdrawn, or not signed where only what
            is signed is told.
        rows: its sentences and what the checks say of each; none for what is no answer.
        faults: what is wrong with the text as a whole.
        turn: as the widget draws it, on the web.
        phone: as a phone shows it, by SMS.
        changed: characters that are written otherwise by SMS, and what they become.
    """

    channel: str
    signature: Status
    silent: bool
    reading: Reading
    rows: Sequence[Row]
    faults: Sequence[str]
    turn: Turn | None = None
    phone: Phone | None = None
    changed: tuple[tuple[str, str], ...] = ()

    @property
    def claims(self) -> tuple[int, int]:
        """How many claims the checker finds supported, and how many there are."""
        told = [v.supported for row in self.rows for v in row.verdicts if v.supported is not None]
        return sum(told), len(told)


@dataclass(frozen=True)
class View:
    """An item, in one language.

    Attributes:
        sides: website and text message, without the channel that has no such text.
        page: the whole page with what backs the item marked; none where nothing of it does.
        marks: places on the page that are marked.
        sources: public sources of a safety text.
    """

    sides: Sequence[Side]
    page: Sequence[Line]
    marks: int
    sources: Sequence[SafetySource]


def view(
    catalogue: Catalogue, item: Item, lang: str, today: dt.date, *, signed_only: bool, claims: bool
) -> View:
    """Put everything together.

    Args:
        catalogue: has the item.
        item: to be looked at.
        lang: en or es.
        today: the day on which signatures are looked at.
        signed_only: families are told only what is signed, as in production.
        claims: let the claim checker read the sentences; it takes a moment the first time.
    """
    sides = []
    quotes: dict[str, None] = {}
    for channel in ("web", "sms"):
        voice = Voice(lang, channel)
        if not item.messages(voice):
            continue
        sides.append(_side(catalogue, item, voice, today, signed_only, claims))
        quotes |= dict.fromkeys(catalogue.quotes(item, voice))
    lines = mark_page(catalogue.library.page, tuple(quotes)) if quotes else ()
    marks = sum(bool(piece.marks) for line in lines for piece in line.pieces)
    return View(sides, lines, marks, catalogue.sources(item))


def _side(
    catalogue: Catalogue, item: Item, voice: Voice, today: dt.date, signed_only: bool, claims: bool
) -> Side:
    messages = item.messages(voice)
    review = item.reviews.of(voice.lang, voice.channel)
    answer = catalogue.answer(item)
    rows, faults = answer_rows(catalogue, item, voice)
    if claims and rows:
        said = catalogue.hospital.fill(catalogue.written(item, voice), "sms")
        rows = with_verdicts(rows, said, catalogue.claims)
    turn = phone = None
    differs: tuple[tuple[str, str], ...] = ()
    if voice.channel == "web":
        turn = draw(messages, voice.lang, item.level or "routine")
    else:
        phone = show(messages, catalogue.sms, catalogue.safety, voice.lang)
        differs = changed(part for m in messages for part in (m.text, m.notice or ""))
    return Side(
        voice.channel,
        status(review, today),
        answer is not None
        and not answer.told(voice.lang, voice.channel, today, signed_only=signed_only),
        item_reading(catalogue, item, voice),
        rows,
        faults or safety_faults(catalogue, item, voice),
        turn,
        phone,
        differs,
    )
