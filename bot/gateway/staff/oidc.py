"""Signing in through the hospital's own OpenID Connect provider."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.exceptions import HTTPException

from bot.errors import AccountError, SignInError
from bot.gateway.staff.desk import Desk, desk_of
from bot.gateway.staff.provider import Answer, Began, Provider
from bot.gateway.staff.security import Anyone, cookie, safe_next, set_cookie
from bot.gateway.staff.sign_in import enter, show

log = logging.getLogger(__name__)
# As long as a second factor may take.
SECONDS = 15 * 60
FAILED = "The hospital's sign-in did not work. Please try again."

router = APIRouter()


@router.get("/oidc/start")
async def start(request: Request, _: Anyone, next: str = "") -> Response:
    """Send the browser to the provider; its answer is only good in this browser."""
    desk = desk_of(request)
    try:
        began = await _provider(desk).begin()
    except SignInError as error:
        log.error("staff sign-in: %s", error)  # noqa: TRY400 - it has no more to tell
        return await asyncio.to_thread(show, request, next, "", FAILED)
    response = RedirectResponse(began.url, status_code=303)
    sealed = _signer(desk).dumps([asdict(began), safe_next(next)])
    set_cookie(request, response, "oidc", str(sealed))
    return response


@router.get("/oidc/callback")
async def callback(
    request: Request, _: Anyone, code: str = "", state: str = "", iss: str = ""
) -> Response:
    """The browser comes back: check everything, then begin a session."""
    desk, next_path = desk_of(request), ""
    try:
        began, next_path = _began(desk, cookie(request, "oidc"))
        person = await _provider(desk).finish(began, Answer(code, state, iss))
        staff = await asyncio.to_thread(desk.accounts.from_provider, person)
    except SignInError as error:
        log.warning("staff sign-in: %s", error)
        response = await asyncio.to_thread(show, request, next_path, "", FAILED)
    except AccountError as error:
        response = await asyncio.to_thread(show, request, next_path, "", str(error))
    else:
        response = await asyncio.to_thread(enter, request, staff, safe_next(next_path), "oidc")
    # One question, one answer.
    set_cookie(request, response, "oidc", "")
    return response


def _provider(desk: Desk) -> Provider:
    if desk.provider is None:
        raise HTTPException(404)
    return desk.provider


def _began(desk: Desk, sealed: str) -> tuple[Began, str]:
    try:
        began, next_path = _signer(desk).loads(sealed, max_age=SECONDS)
    except BadData as error:
        raise SignInError("nobody asked for this answer, or too long ago") from error
    return Began(**began), next_path


def _signer(desk: Desk) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(desk.settings.secret_key, salt="staff-oidc")
