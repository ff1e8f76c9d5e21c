"""The web application: the reply contract, health, and the page at `/`."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal

from fastapi import APIRouter, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, BeforeValidator, Field
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from bot.gateway.dialogue import Incoming, TooLong
from bot.gateway.service import Service, open_service
from bot.gateway.sms import routes as sms
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


IdempotencyKey = Annotated[
    str | None,
    Header(
        max_length=128,
        description="An id of the caller's for the message. A message that is sent again under it,"
        " because no reply arrived, counts once in the conversation.",
    ),
]
router = APIRouter()


@router.post("/api/messages", summary="Answer a message", responses={413: {}, 422: {}})
async def post_message(
    body: MessageIn, request: Request, response: Response, idempotency_key: IdempotencyKey = None
) -> dict[str, Any]:
    """One message in, one reply of the contract out.

    Headers tell the versions that made the reply: `X-Content-Version` of the curated content, and
    `X-Model-Version` of the Rasa model where it was asked.
    """
    return (await _respond(body, request, response, idempotency_key)).public()


@router.post("/api/operator/messages", include_in_schema=False)
async def explain_message(
    body: MessageIn,
    request: Request,
    response: Response,
    x_operator_key: Annotated[str, Header()] = "",
) -> dict[str, Any]:
    """The same with the reasons, for whoever can read the key file on this machine."""
    key: str = request.app.state.service.operator_key
    if not secrets.compare_digest(x_operator_key.encode(), key.encode()):
        raise HTTPException(404)
    reply = await _respond(body, request, response)
    content = response.headers["X-Content-Version"]
    return {**reply.public(), "explain": {**reply.explain, "content": content}}


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


async def _respond(
    body: MessageIn, request: Request, response: Response, message_id: str | None = None
) -> Reply:
    service: Service = request.app.state.service
    conversation = service.tokens.read(body.conversation)
    incoming = Incoming(
        conversation, body.text, body.channel, body.lang, message_id=message_id or None
    )
    reply = await service.dialogue.respond(incoming)
    # An action server may already have newer content than this gateway.
    content = reply.explain.get("content") or service.content_version
    response.headers["X-Content-Version"] = content
    if model := reply.explain.get("model"):
        response.headers["X-Model-Version"] = model
    return reply


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

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.service = service or open_service(settings)
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
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
        expose_headers=["X-Content-Version", "X-Model-Version"],
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
