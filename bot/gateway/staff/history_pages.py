"""The versions of a text: what families read when, and one click back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from bot.curated import answer_yaml
from bot.drafting import FORM_NAMES
from bot.errors import ContentError, StepRefused
from bot.gateway.staff.content_desk import (
    KIND_NAMES,
    STATE_NAMES,
    ContentDesk,
    content_of,
    name_of,
)
from bot.gateway.staff.drafts_pages import Step, address, steps, text_lines
from bot.gateway.staff.render import go, page
from bot.gateway.staff.security import Approver, Viewer
from bot.overlay import base_body, parse
from bot.store.content import Text
from bot.store.content_tables import KINDS, Version
from bot.topics import INFORMATIONAL

router = APIRouter(prefix="/texts/{kind}/{key}")


@router.get("")
def history(request: Request, staff: Viewer, kind: str, key: str) -> Response:
    """Every version, with what it changed."""
    desk = content_of(request)
    _known(desk, kind, key)
    content = desk.live.content
    versions = desk.store.history(kind, key)
    live = content.versions.get((kind, key))
    return page(
        request,
        "history.html",
        staff=staff,
        kind=kind,
        key=key,
        title=name_of(content, kind, key),
        kinds=KIND_NAMES,
        states=STATE_NAMES,
        forms=FORM_NAMES,
        versions=[(version, _changes(desk, version, versions)) for version in versions],
        live=live.id if live else None,
        may_withdraw=kind == "answer" and key in INFORMATIONAL and not (live and live.withdraws),
        day=lambda at: dt.datetime.fromtimestamp(at, dt.timezone.utc).strftime("%Y-%m-%d %H:%M"),
        address=address,
    )


def _known(desk: ContentDesk, kind: str, key: str) -> None:
    try:
        if kind not in KINDS:
            raise HTTPException(404)
        if kind == "page" and key != "iess":
            raise HTTPException(404)
        desk.live_raw(kind, key)
    except (ContentError, OSError) as error:
        raise HTTPException(404) from error


def _changes(desk: ContentDesk, version: Version, versions: list[Version]) -> list[Step]:
    """What a version changed in the one that it began from."""
    known = {one.id: one for one in versions}
    base = known.get(version.base) if version.base else None
    try:
        if base:
            before = desk.raw(base)
        else:
            body = base_body(desk.settings.data_dir, version.kind, version.key)
            before = parse(body, version.key)
        return steps(text_lines(version.kind, before), text_lines(version.kind, desk.raw(version)))
    except ContentError:
        return []


@router.post("/put-back")
def put_back(
    request: Request, staff: Approver, kind: str, key: str, target: Annotated[str, Form()] = ""
) -> Response:
    """Let families read an earlier version again; "data" is the text that git keeps."""
    desk = content_of(request)
    if target != "data" and not target.isdecimal():
        raise HTTPException(422)
    wanted = None if target == "data" else int(target)
    desk.publisher.put_back(kind, key, wanted, staff, desk.check)
    desk.live.look()
    back = "/staff/source" if kind == "page" else f"/staff/texts/{kind}/{key}"
    return go(request, back, "Put back. Families read it within five seconds.")


@router.post("/withdraw")
def withdraw(
    request: Request,
    staff: Approver,
    kind: str,
    key: str,
    note: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Take an answer away at once: families are told to call."""
    if kind != "answer" or key not in INFORMATIONAL:
        raise StepRefused("Only an answer from the page can be taken away.")
    desk = content_of(request)
    live = desk.live.content.versions.get((kind, key))
    body = answer_yaml({**desk.live_raw(kind, key), "withdrawn": True})
    text = Text(body, (), withdraws=True, note=note)
    desk.publisher.withdraw(kind, key, text, live.id if live else None, staff, desk.check)
    desk.live.look()
    return go(request, f"/staff/texts/{kind}/{key}", "Taken away. Families are told to call.")
