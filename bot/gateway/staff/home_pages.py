"""The first page of the staff area."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.gateway.staff.render import page
from bot.gateway.staff.security import Viewer

router = APIRouter()


@router.get("/")
def home(request: Request, staff: Viewer) -> Response:
    """What there is for this person."""
    return page(request, "home.html", staff=staff)
