"""The page changed: upload its new version, settle what no longer stands, let it go live."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from bot.compose import today_utc
from bot.drafting import FORM_NAMES, hand_in
from bot.errors import ContentError
from bot.gateway.staff.content_desk import STATE_NAMES, ContentDesk, content_of, found, name_of
from bot.gateway.staff.drafts_pages import address, begin_draft, latest
from bot.gateway.staff.render import go, page
from bot.gateway.staff.security import Editor, Viewer
from bot.page_change import PageChange, clean_page, compare, draft_body, read_page
from bot.store.content import Text
from bot.store.content_tables import Version
from bot.store.staff import Staff
from bot.topics import INFORMATIONAL

router = APIRouter(prefix="/source")
KEY = "iess"
WHY = {
    "lost": "The quote is no longer on the page",
    "now_there": "The page now says what the answer says it leaves out",
    "list": "The list is not empty any more",
}


def page_change(desk: ContentDesk, version: Version) -> PageChange:
    """What a page version touches, with the answers that were written for it."""
    new = read_page(version, desk.settings.source_url)
    drafts = desk.store.written_for(version.id)
    return compare(new, desk.live.content, drafts, desk.settings.data_dir)


@router.get("")
def source(request: Request, staff: Viewer) -> Response:
    """The page that answers stand on, its versions, and the form for a new one."""
    return _form(request, staff)


def _form(request: Request, staff: Staff, text: str = "", error: str = "") -> Response:
    desk = content_of(request)
    content = desk.live.content
    live = content.versions.get(("page", KEY))
    return page(
        request,
        "source.html",
        staff=staff,
        status=422 if error else 200,
        current=content.page,
        versions=desk.store.history("page", KEY),
        live=live.id if live else None,
        states=STATE_NAMES,
        text=text,
        error=error,
    )


@router.post("")
def upload(
    request: Request,
    staff: Editor,
    text: Annotated[str, Form(max_length=400_000)] = "",
    file: UploadFile | None = None,
) -> Response:
    """Take a new version as a draft; families read the old one until all is settled."""
    desk = content_of(request)
    content = desk.live.content
    try:
        given = file.file.read().decode("utf-8") if file and file.size else text
        body = draft_body(clean_page(given), content.page, today_utc().isoformat())
    except UnicodeDecodeError:
        return _form(request, staff, text, "The file is not plain text in UTF-8.")
    except ContentError as error:
        return _form(request, staff, text, str(error))
    if content.hospital.name not in given.replace("’", "'"):
        return _form(request, staff, text, f"The page never names {content.hospital.name}.")
    live = content.versions.get(("page", KEY))
    draft = desk.store.begin(
        "page", KEY, Text(body, ("en",)), staff, base=live.id if live else None
    )
    return go(request, address(draft), "This is what the new page changes.")


@router.get("/{version}")
def changed(request: Request, staff: Viewer, version: int) -> Response:
    """What differs, what no longer stands, and what is new."""
    desk, known = content_of(request), found(request, version)
    if known.kind != "page":
        raise HTTPException(404)
    change = page_change(desk, known)
    content = desk.live.content
    drafts = [d for d in desk.store.written_for(version) if d.state != "withdrawn"]
    topics = dict.fromkeys([*change.topics, *(d.key for d in drafts)])
    return page(
        request,
        "source_change.html",
        staff=staff,
        version=known,
        change=change,
        drafts={d.key: d for d in drafts},
        topics=list(topics),
        states=STATE_NAMES,
        forms=FORM_NAMES,
        why=WHY,
        name=lambda key: name_of(content, "answer", key),
        may_withdraw=lambda topic: topic in INFORMATIONAL,
        ready=not change.uses and not any(d.unsigned or d.state == "draft" for d in drafts),
        may_sign=staff.may("approver") and not known.written_by(staff.id),
        sign_error="",
        latest=latest(),
        fill=content.hospital.fill,
    )


@router.post("/{version}/settle")
def settle(
    request: Request,
    staff: Editor,
    version: int,
    topic: Annotated[str, Form(max_length=64)] = "",
    how: Annotated[str, Form(max_length=16)] = "edit",
) -> Response:
    """Begin an answer for the new page, or take the answer away with it."""
    desk, known = content_of(request), found(request, version)
    if known.kind != "page" or known.state != "draft":
        raise HTTPException(404)
    before = [d for d in desk.store.written_for(version) if d.key == topic]
    draft = next((d for d in before if d.state == "draft"), None) or begin_draft(
        desk, "answer", topic, staff, page_id=version
    )
    if how != "withdraw":
        return go(request, address(draft), "Write this answer for the new page.")
    if topic not in INFORMATIONAL:
        raise HTTPException(422)
    live = desk.live_raw("answer", topic)
    text = hand_in("answer", {**live, "withdrawn": True}, live, note="The page changed.")
    saved = desk.store.save(draft.id, draft.revision, text, staff, base=draft.base)
    desk.store.submit(saved.id, saved.revision, staff)
    return go(request, address(known), "This answer goes when the new page comes.")
