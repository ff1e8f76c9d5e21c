"""One's own password: chosen by a link from an administrator, or changed when signed in.

A link holds for three days and until the password changes, so it works once; no administrator
ever knows the password under which someone signs a text.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.exceptions import HTTPException

from bot.errors import AccountError
from bot.gateway.staff import sign_in
from bot.gateway.staff.desk import Desk, desk_of
from bot.gateway.staff.render import go, page
from bot.gateway.staff.security import Anyone, Viewer, set_cookie
from bot.passwords import SHORTEST
from bot.store.staff import Account, Staff

LINK_SECONDS = 3 * 24 * 3600
TWICE = "The two passwords are not the same."
Password = Annotated[str, Form(max_length=1024)]

router = APIRouter()


def link(request: Request, account: Account) -> str:
    """The address at which the owner of an account chooses a password."""
    desk = desk_of(request)
    token = str(_signer(desk).dumps([account.id, account.password_mark]))
    base = desk.staff_settings.url or str(request.base_url).removesuffix("/staff/").rstrip("/")
    return f"{base}/staff/welcome?token={token}"


@router.get("/welcome")
def welcome(request: Request, _: Anyone, token: str = "") -> Response:
    """The form behind a link."""
    return _welcome(request, token, _owner(desk_of(request), token))


@router.post("/welcome")
def choose(
    request: Request,
    _: Anyone,
    token: Annotated[str, Form(max_length=500)] = "",
    password: Password = "",
    again: Password = "",
) -> Response:
    """Take the password that the owner has chosen."""
    desk = desk_of(request)
    account = _owner(desk, token)
    if account is None:
        return _welcome(request, token, None)
    owner = Staff(account.id, account.name, account.email, account.role)
    error = _set(desk, owner, password, again)
    if error:
        return _welcome(request, token, account, error)
    return go(request, "/staff/sign-in", "Your password is set. Please sign in.")


@router.get("/me")
def me(request: Request, staff: Viewer) -> Response:
    """One's own account."""
    return _me(request, staff, {})


@router.post("/me/password")
def change(
    request: Request,
    staff: Viewer,
    current: Password = "",
    password: Password = "",
    again: Password = "",
) -> Response:
    """Change one's own password; whoever found a screen unlocked does not know the old one."""
    desk = desk_of(request)
    account = desk.accounts.get(staff.id)
    if account is None or not account.local:
        raise HTTPException(404)
    _, wrong = sign_in.check(desk, staff.email, current, sign_in.client(request))
    if wrong:
        return _me(request, staff, {"current": wrong})
    error = _set(desk, staff, password, again)
    if error:
        return _me(request, staff, {"password": error})
    response = go(request, "/staff/sign-in", "Your password is changed. Please sign in again.")
    set_cookie(request, response, "session", "")
    return response


def _set(desk: Desk, owner: Staff, password: str, again: str) -> str:
    if password != again:
        return TWICE
    try:
        desk.accounts.set_password(owner, owner.id, password)
    except AccountError as error:
        return str(error)
    return ""


def _welcome(request: Request, token: str, account: Account | None, error: str = "") -> Response:
    context = {"token": token, "account": account, "error": error, "shortest": SHORTEST}
    status = 200 if account and not error else 422
    return page(request, "welcome.html", staff=None, status=status, **context)


def _me(request: Request, staff: Staff, errors: dict[str, str]) -> Response:
    account = desk_of(request).accounts.get(staff.id)
    context = {"account": account, "errors": errors, "shortest": SHORTEST}
    return page(request, "me.html", staff=staff, status=422 if errors else 200, **context)


def _owner(desk: Desk, token: str) -> Account | None:
    try:
        key, mark = _signer(desk).loads(token, max_age=LINK_SECONDS)
    except (BadData, ValueError, TypeError):
        return None
    account = desk.accounts.get(int(key))
    good = account and account.active and account.local and account.password_mark == mark
    return account if good and desk.staff_settings.passwords else None


def _signer(desk: Desk) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(desk.settings.secret_key, salt="staff-welcome")
