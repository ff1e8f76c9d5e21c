"""The library: every answer and safety text, as families see it, with all that backs it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from bot.compose import Voice, today_utc
from bot.draft_checks import REASONS
from bot.gateway.staff.catalogue import KINDS, Catalogue, Filter, Item, by_kind
from bot.gateway.staff.changes import last_change
from bot.gateway.staff.desk import desk_of, service_of
from bot.gateway.staff.item_view import view
from bot.gateway.staff.render import page
from bot.gateway.staff.security import Anyone, Viewer
from bot.gateway.staff.status import FORM_NAMES, STATES
from bot.gateway.web.pages import LINK
from bot.settings import ROOT
from bot.topics import TOPICS

router = APIRouter()
LANGUAGE_NAMES: Mapping[str, str] = {"en": "English", "es": "Spanish"}
CHANNEL_NAMES: Mapping[str, str] = {"web": "Website", "sms": "Text message"}
# The widget's own style sheets, so that staff see its very look, and a frame around them.
SHEETS = (
    ROOT / "widget" / "src" / "chat.css",
    ROOT / "widget" / "src" / "talk.css",
    Path(__file__).parent / "static" / "frame.css",
)
Language = Literal["en", "es"]
EXCERPT = 180  # characters
MAX_WORDS = 200  # characters


def catalogue_of(request: Request) -> Catalogue:
    """Everything that families are told at this moment; put together anew when that changes."""
    state, content = request.app.state, service_of(request).live.content
    catalogue: Catalogue | None = getattr(state, "catalogue", None)
    if catalogue is None or catalogue.content is not content:
        catalogue = state.catalogue = Catalogue(desk_of(request).settings.data_dir, content)
    return catalogue


@router.get("/library")
def library(
    request: Request,
    staff: Viewer,
    q: str = "",
    kind: str = "",
    topic: str = "",
    lang: str = "",
    channel: str = "",
    status: str = "",
) -> Response:
    """All items, or those that are looked for."""
    catalogue, today = catalogue_of(request), today_utc()
    wanted = Filter(q[:MAX_WORDS], kind, topic, lang, channel, status)
    found = by_kind(catalogue.find(wanted, today))
    lines = {name: [_line(i, wanted, today) for i in items] for name, items in found.items()}
    return page(
        request,
        "library.html",
        staff=staff,
        wanted=wanted,
        found=lines,
        count=sum(map(len, found.values())),
        total=len(catalogue.items),
        kinds=KINDS,
        topics={t: catalogue.library[t].question["en"] for t in TOPICS},
        languages=LANGUAGE_NAMES,
        channels=CHANNEL_NAMES,
        states=STATES,
    )


def _line(item: Item, wanted: Filter, today: dt.date) -> dict[str, Any]:
    """An item as the list shows it."""
    lang = wanted.lang if wanted.lang in LANGUAGE_NAMES else "en"
    text = item.text(Voice(lang, "web" if item.has("web") else "sms"))
    plain = " ".join(LINK.sub(r"\1", text).replace("\n- ", " · ").split())
    return {
        "item": item,
        "lang": lang,
        "excerpt": plain if len(plain) <= EXCERPT else plain[:EXCERPT].rsplit(" ", 1)[0] + " …",
        "states": item.states(today),
    }


@router.get("/library/{kind}/{key}")
def look(
    request: Request,
    staff: Viewer,
    kind: str,
    key: str,
    lang: Language = "en",
    claims: bool = False,
) -> Response:
    """One item: as families see it, what backs it, what the checks say."""
    catalogue, settings, today = catalogue_of(request), desk_of(request).settings, today_utc()
    item = catalogue.items.get((kind, key))
    if item is None:
        raise HTTPException(404)
    answer = catalogue.answer(item)
    return page(
        request,
        "library_item.html",
        staff=staff,
        item=item,
        lang=lang,
        claims=claims,
        kinds=KINDS,
        forms=FORM_NAMES,
        states=item.states(today),
        withdrawn=answer is not None and answer.withdrawn,
        answers_on=catalogue.content.answers_on,
        change=last_change(catalogue, item, lang, service_of(request).content, settings.data_dir),
        channels=CHANNEL_NAMES,
        languages=LANGUAGE_NAMES,
        price=desk_of(request).staff_settings.segment_price,
        reasons=REASONS,
        view=view(catalogue, item, lang, today, signed_only=settings.production, claims=claims),
    )


@router.get("/static/widget.css")
def widget_look(_: Anyone) -> Response:
    """The widget's style for what is shown as it shows it."""
    css = "\n".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)
    headers = {"Cache-Control": "private, max-age=300"}
    return Response(css, media_type="text/css", headers=headers)
