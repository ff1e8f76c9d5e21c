"""Renders the pages of the staff area: escaped by default, and loud about a missing value."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from itsdangerous import BadData, URLSafeTimedSerializer
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.gateway.staff.desk import Desk, desk_of, service_of
from bot.gateway.staff.navigation import sections
from bot.gateway.staff.security import cookie, csrf_token, set_cookie
from bot.store.staff import Staff

FOLDER = Path(__file__).parent
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NOTICE_SECONDS = 60

# autoescape for every name, whatever a template's file is called
environment = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def moment(value: str | float) -> str:
    """A time as people read it; the log's ISO text, or seconds since 1970."""
    return f"{day(value)}, {_time(value):%H:%M} UTC"


def day(value: str | float) -> str:
    """The day of such a time, in UTC."""
    time = _time(value)
    return f"{time:%b} {time.day}, {time:%Y}"


def _time(value: str | float) -> dt.datetime:
    if isinstance(value, str):
        return dt.datetime.fromisoformat(value)
    return dt.datetime.fromtimestamp(value, dt.timezone.utc)


environment.filters |= {"moment": moment, "day": day}


def page(
    request: Request, template: str, *, staff: Staff | None, status: int = 200, **context: Any
) -> HTMLResponse:
    """Render a page; headers come from the application.

    Args:
        request: it answers.
        template: a file of templates/, which extends base.html.
        staff: who is signed in, for the head of the page and its navigation.
        status: of the response; 422 for a form with errors.
        context: for the template; what it does not get, but names, is an error.
    """
    notice = _read_notice(request)
    text = environment.get_template(template).render(
        staff=staff,
        sections=sections(request, staff),
        hospital=service_of(request).pages.hospital.name,
        notice=notice,
        csrf=partial(csrf_token, request),
        **context,
    )
    response = HTMLResponse(text, status_code=status)
    form = getattr(request.state, "form", "")
    if form:
        set_cookie(request, response, "form", form)
    if cookie(request, "notice"):
        set_cookie(request, response, "notice", "")
    return response


def go(request: Request, path: str, notice: str = "") -> RedirectResponse:
    """Lead on after a POST (303), and say once on the next page what was done.

    Args:
        request: it answers.
        path: of the staff area.
        notice: one sentence, "The draft was published."
    """
    response = RedirectResponse(path, status_code=303)
    if notice:
        sealed = _signer(desk_of(request)).dumps(notice)
        set_cookie(request, response, "notice", str(sealed))
    return response


def _read_notice(request: Request) -> str:
    try:
        value = _signer(desk_of(request)).loads(cookie(request, "notice"), max_age=NOTICE_SECONDS)
    except BadData:
        return ""
    return str(value)


def _signer(desk: Desk) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(desk.settings.secret_key, salt="staff-notice")
