"""The watch list: replies that staff look over, and the incidents that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from bot.errors import SettledError
from bot.gateway.staff.desk import desk_of
from bot.gateway.staff.inbox_pages import day, inbox_of, keeping, kept_days
from bot.gateway.staff.render import go, page
from bot.gateway.staff.security import Editor, Viewer
from bot.store import Incidents
from bot.store.inbox import FINE, WATCH
from bot.store.incidents import CLOSINGS

PLACE = "/staff/watch"
SHOWN = 50
MAX_NOTE = 4000  # characters
REASONS: Mapping[str, str] = {
    "near": "Close to a limit of danger",
    "sample": "Drawn at random",
}
LEVELS: Mapping[str, str] = {
    "emergency": "Emergency: call 911",
    "crisis": "Crisis of the caregiver",
    "urgent": "Urgent: neurology care today",
    "routine": "Routine",
}
CLOSED: Mapping[str, str] = {
    "rule_added": "A rule was added or changed",
    "examples_added": "Training examples were added",
    "text_changed": "A safety text or an answer was changed",
    "no_danger": "On a second look it was no danger",
    "duplicate": "It is in the list already",
    "accepted_risk": "Known, and accepted by the clinical lead",
}

router = APIRouter()


def incidents_of(request: Request) -> Incidents:
    """The incidents."""
    desk = desk_of(request)
    return Incidents(desk.engine, desk.audit)


@router.get("/watch")
def watch(request: Request, staff: Viewer) -> Response:
    """Messages to look over; who may only look around sees how many there are."""
    kept = inbox_of(request)
    incidents = incidents_of(request).all()
    return page(
        request,
        "watch.html",
        staff=staff,
        texts=kept.waiting(WATCH, SHOWN) if staff.may("editor") else [],
        waiting=kept.count(WATCH),
        open=sum(incident.closed_at is None for incident in incidents),
        reasons=REASONS,
        levels=LEVELS,
        keeping=keeping(request),
        days=kept_days(request),
        day=day,
    )


@router.post("/watch/{key}/fine")
def fine(request: Request, staff: Editor, key: int) -> Response:
    """The reply was right."""
    done = inbox_of(request).settle(staff, [key], FINE)
    said = "Looked over: no danger was missed." if done else "Someone else has settled it already."
    return go(request, PLACE, said)


@router.post("/watch/{key}/missed")
def missed(
    request: Request,
    staff: Editor,
    key: int,
    expected: Annotated[Literal["emergency", "crisis", "urgent"], Form()],
) -> Response:
    """A danger was missed: open an incident."""
    try:
        incident = incidents_of(request).open(staff, key, expected)
    except SettledError as error:
        return go(request, PLACE, str(error))
    return go(request, f"{PLACE}/incidents/{incident}", "An incident was opened.")


@router.get("/watch/incidents")
def incidents(request: Request, staff: Viewer) -> Response:
    """All incidents, without their texts."""
    return page(
        request,
        "incidents.html",
        staff=staff,
        incidents=incidents_of(request).all(),
        levels=LEVELS,
        closed=CLOSED,
        day=day,
    )


@router.get("/watch/incidents/{key}")
def incident(request: Request, staff: Editor, key: int) -> Response:
    """One incident with its notes."""
    return _show(request, staff, key)


@router.post("/watch/incidents/{key}/note")
def note(request: Request, staff: Editor, key: int, note: Annotated[str, Form()] = "") -> Response:
    """Add a note."""
    note = note.strip()
    if not 0 < len(note) <= MAX_NOTE:
        error = f"Write a note of 1 to {MAX_NOTE:,} characters."
        return _show(request, staff, key, note=note, error=error)
    try:
        incidents_of(request).note(staff, key, note)
    except SettledError as error_:
        return _show(request, staff, key, note=note, error=str(error_))
    return go(request, f"{PLACE}/incidents/{key}", "The note was added.")


@router.post("/watch/incidents/{key}/close")
def close(
    request: Request,
    staff: Editor,
    key: int,
    closing: Annotated[Literal[CLOSINGS], Form()],  # type: ignore[valid-type]
) -> Response:
    """Close an incident with a reason."""
    try:
        incidents_of(request).close(staff, key, closing)
    except SettledError as error:
        return go(request, f"{PLACE}/incidents/{key}", str(error))
    return go(request, f"{PLACE}/incidents", "The incident was closed.")


def _show(
    request: Request, staff: Editor, key: int, *, note: str = "", error: str = ""
) -> Response:
    found = incidents_of(request).find(key)
    if found is None:
        raise HTTPException(404)
    incident, notes = found
    return page(
        request,
        "incident.html",
        staff=staff,
        status=422 if error else 200,
        incident=incident,
        notes=notes,
        levels=LEVELS,
        closed=CLOSED,
        day=day,
        note=note,
        error=error,
    )
