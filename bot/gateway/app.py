"""The web application: the reply contract, health, and the page at `/`."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal

from fastapi import APIRouter, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, BeforeValidator, Field
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from bot.gateway.dialogue import Dialogue, Incoming, TooLong
from bot.gateway.service import Service, open_service
from bot.gateway.sms import routes as sms
from bot.gateway.staff.desk import open_desk
from bot.gateway.staff.routes import create_staff_app
from bot.gateway.staff.settings import load_staff_settings
from bot.gateway.web import routes as web
from bot.reply import Reply
from bot.settings import Settings
from bot.text import whole

log = logging.getLogger(__name__)
MAX_BODY_BYTES = 1_000_000
EMERGENCY_LINE = (
    "If your child is in danger now, call 911. / Si su bebé está en peligro ahora, llame al 911."
)

REFUSALS = {
    404: ("not_found", "No such page."),
    503: ("unavailable", "A part of the service does not answer. Please try again."),
}
TOO_LONG = (
    "The message is too long. Please send a shorter one. / El mensaje es muy largo. Por favor mande"
    " uno más corto."
)
FAILED = (
    "Something went wrong on our side. Please try again. / Algo falló de nuestro lado. Por favor"
    " intente otra vez."
)


def _whole(value: Any) -> Any:
    """JSON may escape what is no text; a family's message is read all the same."""
    return whole(value) if isinstance(value, str) else value


class MessageIn(BaseModel):
    """A family's message, as the contract says."""

    conversation: str | None = Field(None, max_length=512, description="Token of an earlier reply.")
    text: Annotated[str, BeforeValidator(_whole)] = Field(description="What the family wrote.")
    channel: Literal["web", "sms"] = "web"
    lang: Literal["en", "es"] | None = None


router = APIRouter()


@router.post("/api/messages", summary="Answer a message", responses={413: {}, 422: {}})
async def post_message(body: MessageIn, request: Request) -> dict[str, Any]:
    """One message in, one reply of the contract out."""
    return (await _respond(body, request)).public()


@router.post("/api/operator/messages", include_in_schema=False)
async def explain_message(
    body: MessageIn, request: Request, x_operator_key: Annotated[str, Header()] = ""
) -> dict[str, Any]:
    """The same with the reasons, for whoever can read the key file on this machine."""
    key: str = request.app.state.service.operator_key
    if not secrets.compare_digest(x_operator_key.encode(), key.encode()):
        raise HTTPException(404)
    reply = await _respond(body, request)
    return {**reply.public(), "explain": reply.explain}


@router.get("/health", summary="The process lives")
async def health() -> dict[str, str]:
    """Always answers while the process lives."""
    return {"status": "ok"}


@router.get("/ready", summary="A message would be answered", responses={503: {}})
async def ready(request: Request) -> JSONResponse:
    """200 where every part answers; 503 naming the parts that do not."""
    missing = await request.app.state.service.missing()
    return JSONResponse(
        {"ready": not missing, "missing": missing}, status_code=503 if missing else 200
    )


async def _respond(body: MessageIn, request: Request) -> Reply:
    service: Service = request.app.state.service
    dialogue: Dialogue = service.dialogue
    conversation = service.tokens.read(body.conversation)
    return await dialogue.respond(Incoming(conversation, body.text, body.channel, body.lang))


def refusal(status: int, code: str, message: str) -> JSONResponse:
    """A refusal that still carries the emergency line and echoes nothing of the input."""
    body = {"error": {"code": code, "message": message}, "emergency": EMERGENCY_LINE}
    return JSONResponse(body, status_code=status)


def create_app(settings: Settings, service: Service | None = None) -> FastAPI:
    """The gateway.

    Args:
        settings: of this process.
        service: a seam for tests; opened from the settings when the app starts otherwise.
    """

    staff_settings = load_staff_settings(settings)
    staff = create_staff_app()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.service = staff.state.service = service or open_service(settings)
        if staff_settings:
            staff.state.desk = open_desk(settings, staff_settings, app.state.service.store.engine)
        app.state.service.start()
        yield
        await app.state.service.close()

    app = FastAPI(
        title="IESS family education",
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.include_router(router)
    app.include_router(web.router)
    app.include_router(sms.router)
    if staff_settings:

        @app.get("/staff", include_in_schema=False)
        async def to_staff() -> Response:
            return RedirectResponse("/staff/", status_code=308)

        app.mount("/staff", staff)
    _add_refusals(app)

    @app.middleware("http")
    async def bounds(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            return refusal(413, "too_long", TOO_LONG)
        response = await call_next(request)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    # Around the bounds, so that a refusal, too, can be read by a page that may ask.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.widget_origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        max_age=86400,
    )

    return app


def _add_refusals(app: FastAPI) -> None:
    @app.exception_handler(TooLong)
    async def too_long(_request: Request, _error: Exception) -> JSONResponse:
        return refusal(413, "too_long", TOO_LONG)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: Exception) -> JSONResponse:
        fields: list[str] = []
        if isinstance(error, RequestValidationError):
            known = set(MessageIn.model_fields)
            named = {str(part) for e in error.errors() for part in e["loc"]}
            fields = sorted(known & named)
        what = f"Please check: {', '.join(fields)}." if fields else "The request is not valid JSON."
        return refusal(422, "invalid", what)

    @app.exception_handler(HTTPException)
    async def http_error(_request: Request, error: Exception) -> JSONResponse:
        status = error.status_code if isinstance(error, HTTPException) else 500
        code, message = REFUSALS.get(status, ("refused", "This is not possible."))
        return refusal(status, code, message)

    @app.exception_handler(Exception)
    async def failed(_request: Request, error: Exception) -> JSONResponse:
        # The type only: an error's message may quote what a family wrote.
        log.error("a request failed: %s", type(error).__name__)
        return refusal(500, "failed", FAILED)
