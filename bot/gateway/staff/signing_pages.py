"""What happens to a draft: handed in, signed by a second person, published, or sent back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot.compose import today_utc
from bot.errors import StepRefused
from bot.gateway.staff.content_desk import content_of, found
from bot.gateway.staff.desk import desk_of
from bot.gateway.staff.drafts_pages import Number, address, show
from bot.gateway.staff.render import go, page
from bot.gateway.staff.security import Approver, Editor, Viewer
from bot.gateway.staff.source_pages import page_change

router = APIRouter(prefix="/drafts/{version}")
Words = Annotated[str, Form(max_length=200)]


@router.post("/submit")
def submit(request: Request, staff: Editor, version: int, revision: Number = 0) -> Response:
    """Hand it to a second person, where nothing stops it."""
    desk, known = content_of(request), found(request, version)
    if known.kind == "page":
        if uses := page_change(desk, known).uses:
            raise StepRefused(
                f"{len(uses)} sentences no longer stand on the new page. Settle each of them first."
            )
    elif any(p.stops for p in desk.problems(known, desk.raw(known))):
        raise StepRefused("Something still stands against it. It is named beside each text.")
    desk.store.submit(version, revision, staff)
    return go(request, address(known), "A second person can now read and approve it.")


@router.post("/send-back")
def send_back(request: Request, staff: Editor, version: int, revision: Number = 0) -> Response:
    """Make a draft of it again; its signatures are gone."""
    known = content_of(request).store.send_back(version, revision, staff)
    return go(request, address(known), "It is a draft again. Its approvals are gone.")


@router.post("/give-up")
def give_up(request: Request, staff: Editor, version: int, revision: Number = 0) -> Response:
    """Put a draft away."""
    content_of(request).store.give_up(version, revision, staff)
    return go(request, "/staff/drafts", "It was put away. Nothing changes for families.")


@router.post("/approve")
def approve(
    request: Request,
    staff: Approver,
    version: int,
    revision: Number = 0,
    form: Annotated[list[str] | None, Form()] = None,
    expires: Words = "",
    translator: Words = "",
) -> Response:
    """Sign it; who wrote in it cannot."""
    known = found(request, version)
    try:
        content_of(request).store.approve(
            version,
            revision,
            form or (),
            staff,
            on=today_utc(),
            expires=_day(expires),
            translator=translator,
        )
    except StepRefused as error:
        form_shown = known.kind != "page" and known.state == "submitted" and known.needs
        if not form_shown or known.written_by(staff.id):
            raise
        return show(request, staff, known, sign_error=str(error))
    return go(request, address(known), "Approved. Your name, the day and its end are kept with it.")


@router.post("/publish")
def publish(request: Request, staff: Approver, version: int) -> Response:
    """Let families read it; every process takes it over within seconds."""
    desk, known = content_of(request), found(request, version)
    desk.publisher.publish(version, staff, desk.check)
    desk.live.look()
    return go(request, address(known), "Published. Families read it within five seconds.")


@router.post("/replay")
def replay(request: Request, staff: Editor, version: int) -> Response:
    """Send the evaluation messages through the engine, without it and with it."""
    desk, known = content_of(request), found(request, version)
    started = desk.replayer.start(known)
    if started:
        detail = {"version": known.id, "revision": known.revision}
        subject = f"{known.kind}/{known.key}"
        desk_of(request).audit.record(staff, "content.replay", subject, detail)
    said = "The test messages are being sent." if started else "A replay is running already."
    return go(request, f"{address(known)}#replay", said)


@router.get("/replay")
def replay_state(request: Request, staff: Viewer, version: int) -> Response:
    """How far the replay is; htmx puts it into the page, and it stands alone without."""
    desk, known = content_of(request), found(request, version)
    return page(
        request,
        "replay.html",
        staff=staff,
        version=known,
        replay=desk.replays.get(version),
        messages=len(desk.replayer.messages),
        address=address(known),
    )


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise StepRefused("Give the day on which the approval ends.") from error
