"""Signing in with a local account, and signing out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from bot.gateway.staff.desk import Desk, desk_of
from bot.gateway.staff.render import go, page
from bot.gateway.staff.security import Anyone, Viewer, cookie, safe_next, set_cookie
from bot.store.staff import Staff

WRONG = "The e-mail address or the password is not right."
LOCKED = "Too many attempts have failed. Wait {minutes:.0f} minutes and try again."
NOBODY = Staff(0, "", "(not signed in)", "viewer")

router = APIRouter()


def address(next_path: str) -> str:
    """Of the sign-in page, with where to go afterwards."""
    return "/staff/sign-in?" + urlencode({"next": next_path})


@router.get("/sign-in")
def form(request: Request, _: Anyone, next: str = "") -> Response:
    """The form; who is signed in already goes on."""
    token = cookie(request, "session")
    if token and desk_of(request).sessions.find(token):
        return RedirectResponse(safe_next(next), status_code=303)
    response = show(request, next)
    if token:
        # Over or forged: without it, the form's token is bound to the browser.
        set_cookie(request, response, "session", "")
    return response


@router.post("/sign-in")
def sign_in(
    request: Request,
    _: Anyone,
    email: Annotated[str, Form(max_length=254)] = "",
    password: Annotated[str, Form(max_length=1024)] = "",
    next: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Check the password, and begin a new session under a new token."""
    desk, email = desk_of(request), email.strip().lower()
    if not desk.staff_settings.passwords:
        raise HTTPException(404)
    staff, error = check(desk, email, password, client(request))
    if staff is None:
        return show(request, next, email, error)
    return enter(request, staff, safe_next(next), "password")


@router.post("/sign-out")
def sign_out(request: Request, staff: Viewer) -> Response:
    """End the session, here and in the database."""
    desk = desk_of(request)
    desk.sessions.end(cookie(request, "session"))
    desk.audit.record(staff, "sign-out")
    response = go(request, "/staff/sign-in", "You are signed out.")
    set_cookie(request, response, "session", "")
    return response


def show(request: Request, next_path: str, email: str = "", error: str = "") -> Response:
    """The sign-in page, with what went wrong."""
    settings = desk_of(request).staff_settings
    return page(
        request,
        "sign_in.html",
        staff=None,
        status=422 if error else 200,
        passwords=settings.passwords,
        oidc=settings.oidc is not None,
        next=safe_next(next_path),
        email=email,
        error=error,
    )


def enter(request: Request, staff: Staff, next_path: str, way: str) -> Response:
    """Begin a session and lead on; whatever token the browser came with is worth nothing."""
    desk = desk_of(request)
    if old := cookie(request, "session"):
        desk.sessions.end(old)
    token = desk.sessions.start(staff.id)
    desk.audit.record(staff, "sign-in", "", {"way": way})
    response = go(request, next_path)
    set_cookie(request, response, "session", token)
    set_cookie(request, response, "form", "")
    return response


def check(desk: Desk, email: str, password: str, client: str) -> tuple[Staff | None, str]:
    """Whose password this is, or what to say; too many wrong ones lock account and address."""
    lockout, limits = desk.lockout, desk.staff_settings
    locked = LOCKED.format(minutes=limits.lock_seconds / 60)
    named = ((f"account:{email}", limits.lock_failures), (f"address:{client}", limits.lock_address))
    if any(lockout.locked(name, limit) for name, limit in named):
        return None, locked
    counts = [lockout.count(name) for name, _ in named]
    if any(count > limit for count, (_, limit) in zip(counts, named, strict=True)):
        return None, locked
    staff = desk.accounts.authenticate(email, password)
    if staff is None:
        account = desk.accounts.by_email(email)
        action = "sign-in.locked" if counts[0] == limits.lock_failures else "sign-in.failed"
        # An id, never what was typed: it may be a password in the wrong field. And always a line,
        # or the time it takes would tell whether there is such an account.
        desk.audit.record(NOBODY, action, str(account.id) if account else "")
        return None, WRONG
    lockout.forget(named[0][0])
    # One right password says nothing of the attempts on others from the same place.
    lockout.take_back(named[1][0])
    return staff, ""


def client(request: Request) -> str:
    """The network address that a request came from."""
    return request.client.host if request.client else ""
