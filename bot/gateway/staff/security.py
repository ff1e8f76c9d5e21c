"""Who may call what: every route of the staff area declares a role, or that it is open.

    @router.post("/drafts/{key}/approve")
    def approve(request: Request, staff: Approver, key: int) -> Response: ...

`allow` finds the session, checks the role, and for everything but GET and HEAD the CSRF token of
the form, so that no route can forget one of them.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, Form, Request
from fastapi.responses import Response

from bot.gateway.staff.desk import desk_of
from bot.settings import Settings
from bot.store.staff import ROLES, Staff

HOME = "/staff/"
SAFE = ("GET", "HEAD")
COOKIES = ("session", "form", "notice", "oidc")


class SignInNeeded(Exception):
    """Nobody is signed in; `next` is where to go afterwards."""

    def __init__(self, next_path: str) -> None:
        super().__init__("sign in")
        self.next = next_path


class Refused(Exception):
    """This person may not do this (403); the message is for them."""


class Forged(Refused):
    """A form came without its token."""

    def __init__(self) -> None:
        super().__init__("This page was open for too long. Go back, reload it and try again.")


class Allow:
    """A dependency that lets in whoever is signed in with a role, or a higher one."""

    def __init__(self, role: str) -> None:
        if role not in ROLES:
            raise ValueError(role)
        self.role = role

    def __call__(self, request: Request, csrf_token: Annotated[str, Form()] = "") -> Staff:
        """Find and check the session.

        Raises:
            SignInNeeded: there is none.
            Refused: the role is too low, or the CSRF token is missing or not of this session.
        """
        token = cookie(request, "session")
        staff = desk_of(request).sessions.find(token) if token else None
        if staff is None:
            raise SignInNeeded(here(request))
        request.state.staff = staff
        if request.method not in SAFE:
            check_csrf(request, csrf_token)
        if not staff.may(self.role):
            raise Refused(f"Your account may not do this; it needs the role “{self.role}”.")
        return staff


class Open:
    """A dependency that marks a route as open to whoever is not signed in; POST needs its token."""

    role = None

    def __call__(self, request: Request, csrf_token: Annotated[str, Form()] = "") -> None:
        """Check the CSRF token of a form.

        Raises:
            Forged: it is missing, or not of this browser.
        """
        if request.method not in SAFE:
            check_csrf(request, csrf_token)


def allow(role: str) -> Allow:
    """The dependency that asks for a role: viewer, editor, approver or admin."""
    return Allow(role)


Viewer = Annotated[Staff, Depends(allow("viewer"))]
Editor = Annotated[Staff, Depends(allow("editor"))]
Approver = Annotated[Staff, Depends(allow("approver"))]
Admin = Annotated[Staff, Depends(allow("admin"))]
Anyone = Annotated[None, Depends(Open())]


def csrf_token(request: Request) -> str:
    """The token that forms of this page carry, bound to the session or, before it, the browser."""
    bound = cookie(request, "session") or cookie(request, "form") or _new_form(request)
    return _token(desk_of(request).settings, bound)


def check_csrf(request: Request, given: str) -> None:
    """Compare a form's token.

    Raises:
        Forged: it is missing or another one.
    """
    bound = cookie(request, "session") or cookie(request, "form")
    expected = _token(desk_of(request).settings, bound) if bound else ""
    if not bound or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Forged


def cookie(request: Request, name: str) -> str:
    """The value of one of our cookies, or nothing."""
    return request.cookies.get(_name(desk_of(request).settings, name), "")


def set_cookie(request: Request, response: Response, name: str, value: str) -> None:
    """Set one of our cookies until the browser closes, or delete it where the value is empty."""
    settings = desk_of(request).settings
    response.set_cookie(
        _name(settings, name),
        value,
        max_age=None if value else 0,
        # Production's names begin with __Host-, which asks for exactly this.
        path="/",
        secure=settings.production,
        httponly=True,
        # Lax, not Strict: links in a colleague's e-mail and the way back from the hospital's
        # sign-in work; every POST has its token besides.
        samesite="lax",
    )


def safe_next(path: str) -> str:
    """Where to go after sign-in: a page of the staff area, or else its first page."""
    parts = urlsplit(path) if path.isprintable() and "\\" not in path else None
    inside = parts is not None and not parts.scheme and not parts.netloc
    return path if inside and path.startswith(HOME) and ".." not in path else HOME


def here(request: Request) -> str:
    """This page's own path for after the sign-in; of a form, the first page."""
    if request.method not in SAFE:
        return HOME
    query = f"?{request.url.query}" if request.url.query else ""
    return safe_next(quote(request.scope["root_path"] + _path(request), safe="/-._~") + query)


def _path(request: Request) -> str:
    path: str = request.scope["path"]
    return path.removeprefix(request.scope["root_path"])


def _new_form(request: Request) -> str:
    # render.page sets it as a cookie; one page may hold several forms.
    if not hasattr(request.state, "form"):
        request.state.form = secrets.token_urlsafe(24)
    form: str = request.state.form
    return form


def _name(settings: Settings, name: str) -> str:
    return f"__Host-staff-{name}" if settings.production else f"staff-{name}"


def _token(settings: Settings, bound: str) -> str:
    return hmac.new(
        settings.secret_key.encode(), b"staff-csrf:" + bound.encode(), "sha256"
    ).hexdigest()
