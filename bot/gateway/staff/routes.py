"""The application behind /staff: its sections, one line each, its errors and its headers."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, RedirectResponse, Response
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from bot.errors import ContentError, StepRefused
from bot.gateway.staff import (
    accounts_pages,
    audit_pages,
    drafts_pages,
    figures_pages,
    history_pages,
    home_pages,
    inbox_pages,
    library_pages,
    oidc,
    password_pages,
    sign_in,
    signing_pages,
    source_pages,
    switch_pages,
    tryout_pages,
    watch_pages,
)
from bot.gateway.staff.render import CSP, page
from bot.gateway.staff.security import Anyone, Refused, SignInNeeded
from bot.store.staff import Staff

log = logging.getLogger(__name__)
FILES = {
    "staff.css": "text/css",
    "content.css": "text/css",
    "look.css": "text/css",
    "htmx.min.js": "text/javascript",
}
STATIC = Path(__file__).parent / "static"
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
WRONG = {
    404: "There is no such page. It may have been moved, or the address has a typing error.",
    422: "Something in the form is missing or wrong. Go back and check it.",
    503: "A part of the service does not answer. Please try again in a minute.",
}


def create_staff_app() -> FastAPI:
    """The staff area; the gateway puts its parts into `state` (desk, service) as it starts."""
    app = FastAPI(title="Staff", openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(home_pages.router)
    app.include_router(sign_in.router)
    app.include_router(oidc.router)
    app.include_router(inbox_pages.router)
    app.include_router(watch_pages.router)
    app.include_router(figures_pages.router)
    app.include_router(password_pages.router)
    app.include_router(accounts_pages.router)
    app.include_router(audit_pages.router)
    app.include_router(drafts_pages.router)
    app.include_router(signing_pages.router)
    app.include_router(history_pages.router)
    app.include_router(source_pages.router)
    app.include_router(switch_pages.router)
    app.include_router(library_pages.router)
    app.include_router(tryout_pages.router)
    _add_errors(app)

    @app.get("/static/{name}")
    def static(_: Anyone, name: str) -> Response:
        if name not in FILES:
            raise HTTPException(404)
        headers = {"Cache-Control": "private, max-age=300"}
        return FileResponse(STATIC / name, media_type=FILES[name], headers=headers)

    @app.middleware("http")
    async def headers(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        try:
            response = await call_next(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the page says so plainly
            # The type only: an error's message may quote what a family or an editor wrote.
            log.error("a staff page failed: %s", type(error).__name__)  # noqa: TRY400
            response = _wrong(request, 500, "Something went wrong on our side. Please try again.")
        response.headers.setdefault("Cache-Control", "no-store")
        for name, value in HEADERS.items():
            response.headers[name] = value
        if request.app.state.desk.settings.production:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    return app


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(SignInNeeded)
    async def sign_in_needed(request: Request, error: SignInNeeded) -> Response:
        target = sign_in.address(error.next)
        if "hx-request" in request.headers:
            # A part of a page is no place for the form; htmx loads the whole page.
            return Response(status_code=401, headers={"HX-Redirect": target})
        return RedirectResponse(target, status_code=303)

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> Response:
        return _wrong(request, 403, str(error))

    @app.exception_handler(StepRefused)
    async def step_refused(request: Request, error: StepRefused) -> Response:
        return _wrong(request, 409, str(error))

    @app.exception_handler(ContentError)
    async def unfit(request: Request, error: ContentError) -> Response:
        return _wrong(request, 409, f"This cannot go live. {error}")

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, _error: Exception) -> Response:
        return _wrong(request, 422, WRONG[422])

    @app.exception_handler(OverflowError)
    @app.exception_handler(DataError)
    async def never_given_out(request: Request, _error: Exception) -> Response:
        # A number or a character that no database keeps stands on no page of ours.
        status = 404 if request.method == "GET" else 422
        return _wrong(request, status, WRONG[status])

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        return _wrong(request, error.status_code, WRONG.get(error.status_code, "Not possible."))


def _wrong(request: Request, status: int, message: str) -> Response:
    staff: Staff | None = getattr(request.state, "staff", None)
    return page(request, "error.html", staff=staff, status=status, message=message)
