"""The sections of the staff area; one that is not built is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute

from bot.store.staff import Staff

# (path below /staff, what it is called, who may see it, what it is for)
SECTIONS: tuple[tuple[str, str, str, str], ...] = (
    ("/library", "Library", "viewer", "Every answer and safety text, as families see it."),
    ("/try", "Try it", "viewer", "Write a message and see the reply, and why."),
    ("/drafts", "Changes", "viewer", "Edit a text, check it, approve it, publish it."),
    ("/source", "The page", "viewer", "What a new version of the hospital's page changes."),
    ("/inbox", "Inbox", "viewer", "Questions that were not answered well."),
    ("/watch", "Watch", "viewer", "A sample of replies to look over."),
    ("/figures", "Figures", "viewer", "How often families ask, and what."),
    ("/switch", "Off switch", "approver", "Turn answers off; safety texts stay."),
    ("/intended-use", "Intended use", "viewer", "What this is for, and what it is not for."),
    ("/accounts", "Accounts", "admin", "Who may sign in, and as what."),
    ("/audit", "Audit log", "admin", "Who did what, and when."),
)


@dataclass(frozen=True)
class Section:
    """One line of the navigation."""

    path: str
    label: str
    purpose: str
    current: bool


def sections(request: Request, staff: Staff | None) -> list[Section]:
    """What this person may see, in order."""
    if staff is None:
        return []
    built = {route.path for route in routes(request.app.routes)}
    path = request.scope["path"].removeprefix("/staff")
    return [
        Section(f"/staff{place}", label, purpose, (path + "/").startswith(place + "/"))
        for place, label, role, purpose in SECTIONS
        if place in built and staff.may(role)
    ]


def routes(of: Any) -> Iterator[APIRoute]:
    """All routes of an application, those of included routers among them."""
    for route in of:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes(inner.routes)
        elif isinstance(route, APIRoute):
            yield route
