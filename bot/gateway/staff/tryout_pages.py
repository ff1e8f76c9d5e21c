"""Try it: a message or a conversation, the replies by both channels, and why."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from bot.gateway.staff.desk import desk_of, service_of
from bot.gateway.staff.library_pages import LANGUAGE_NAMES, catalogue_of
from bot.gateway.staff.marking import Piece, compare
from bot.gateway.staff.render import go, page
from bot.gateway.staff.security import Viewer
from bot.gateway.staff.status import date
from bot.gateway.staff.tryout import Player, Told, unlike
from bot.gateway.staff.why import Why, explain
from bot.store.staff import Staff
from bot.store.tryouts import KEEP_DAYS, Tryout, Tryouts
from bot.text import MAX_TRIAGE_CHARS

router = APIRouter()
MAX_TURNS = 20
EXAMPLES = (
    "how long would she take vigabatrin",
    "my baby keeps crunching up when he wakes",
    "his lips are blue and hes not breathing",
    "¿cómo se diagnostica?",
)
Channel = Literal["web", "sms"]


@dataclass(frozen=True)
class Shown:
    """One message of a conversation that was tried.

    Attributes:
        why: of the channel that staff look at; None where the dialogue was not asked.
        differs: channel to what was said then, compared with what is said today.
    """

    number: int
    told: Told
    why: Why | None
    differs: dict[str, list[Piece]]


@router.get("/try")
def blank(request: Request, staff: Viewer) -> Response:
    """An empty form."""
    return _form(request, staff)


@router.post("/try")
async def begin(
    request: Request,
    staff: Viewer,
    messages: Annotated[str, Form()] = "",
    lang: Annotated[str, Form()] = "",
    channel: Annotated[Channel, Form()] = "web",
) -> Response:
    """Try a conversation, one message a line, and lead to its link."""
    turns = tuple(filter(None, map(str.strip, messages.splitlines())))
    error = ""
    if not turns:
        error = "Write at least one message."
    elif len(turns) > MAX_TURNS:
        error = f"These are {len(turns)} messages; at most {MAX_TURNS} can be tried at once."
    elif len(messages) > MAX_TRIAGE_CHARS:
        error = f"This is too long: at most {MAX_TRIAGE_CHARS:,} characters can be tried at once."
    if error:
        return _form(request, staff, messages, lang, channel, error)
    key = await _keep(request, staff, turns, lang if lang in LANGUAGE_NAMES else "")
    return go(request, f"/staff/try/{key}?channel={channel}")


@router.get("/try/{key}")
async def replay(request: Request, staff: Viewer, key: str, channel: Channel = "web") -> Response:
    """The conversation with today's replies, beside what was said then where that differs."""
    tried = await _find(request, key)
    told = await _play(request, tried.turns, tried.lang)
    day = dt.datetime.fromtimestamp(tried.created_at, dt.timezone.utc).date()
    shown = [
        _shown(number, one, then, channel)
        for number, (one, then) in enumerate(zip(told, tried.said, strict=True), start=1)
    ]
    return page(
        request,
        "tryout.html",
        staff=staff,
        key=key,
        tried=tried,
        channel=channel,
        shown=shown,
        down=any(one.why is not None and one.why.down for one in shown),
        day=date(day),
        until=date(day + dt.timedelta(days=KEEP_DAYS)),
        full=len(tried.turns) >= MAX_TURNS,
        price=desk_of(request).staff_settings.segment_price,
        names=catalogue_of(request).titles,
        said_by={"web": "On the website", "sms": "By text message"},
        languages=LANGUAGE_NAMES,
    )


@router.post("/try/{key}/say")
async def say(
    request: Request,
    staff: Viewer,
    key: str,
    text: Annotated[str, Form()] = "",
    pick: Annotated[Sequence[int], Form()] = (),
    channel: Annotated[Channel, Form()] = "web",
) -> Response:
    """Go on with the conversation by words, a button or ticked boxes; it gets its own link."""
    tried = await _find(request, key)
    text = " ".join((text or " ".join(map(str, pick))).split())[:MAX_TRIAGE_CHARS]
    if not text or len(tried.turns) >= MAX_TURNS:
        return go(request, f"/staff/try/{key}?channel={channel}", "Write a message to go on.")
    longer = await _keep(request, staff, (*tried.turns, text), tried.lang)
    last = len(tried.turns) + 1
    return go(request, f"/staff/try/{longer}?channel={channel}#message-{last}")


@router.post("/try/{key}/delete")
def delete(request: Request, staff: Viewer, key: str) -> Response:
    """Delete the conversation; its link leads nowhere then."""
    if _tryouts(request).delete(key):
        desk_of(request).audit.record(staff, "tryout.delete", key, {})
    return go(request, "/staff/try", "The conversation was deleted.")


def _form(
    request: Request,
    staff: Staff,
    messages: str = "",
    lang: str = "",
    channel: str = "web",
    error: str = "",
) -> Response:
    return page(
        request,
        "tryout_form.html",
        staff=staff,
        status=422 if error else 200,
        messages=messages,
        lang=lang,
        channel=channel,
        error=error,
        examples=EXAMPLES,
        most=MAX_TURNS,
        days=KEEP_DAYS,
    )


def _shown(number: int, told: Told, then: Mapping[str, str], channel: str) -> Shown:
    reply = told.replies[channel]
    before = unlike(then, told.said)
    return Shown(
        number,
        told,
        explain(told.text, reply) if reply else None,
        {name: compare(text, told.said[name]) for name, text in before.items()},
    )


def _tryouts(request: Request) -> Tryouts:
    desk = desk_of(request)
    return Tryouts(desk.engine, desk.settings.secret_key)


async def _find(request: Request, key: str) -> Tryout:
    tried = await asyncio.to_thread(_tryouts(request).find, key)
    if tried is None:
        raise HTTPException(404)
    return tried


async def _play(request: Request, turns: Sequence[str], lang: str) -> list[Told]:
    catalogue = await asyncio.to_thread(catalogue_of, request)
    service = service_of(request)
    player = Player(
        service.dialogue, service.forget, service.tokens, catalogue.safety, catalogue.sms
    )
    return await player.play(turns, lang)


async def _keep(request: Request, staff: Staff, turns: Sequence[str], lang: str) -> str:
    told = await _play(request, turns, lang)
    tryout = Tryout(tuple(turns), lang, tuple(dict(one.said) for one in told))

    def keep() -> str:
        key = _tryouts(request).keep(tryout)
        desk_of(request).audit.record(staff, "tryout.keep", key, {"messages": len(turns)})
        return key

    return await asyncio.to_thread(keep)
