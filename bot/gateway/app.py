"""The web application: the reply contract, health, and the page at `/`."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from bot.gateway.contract import Health, MessageIn, Readiness, Refusal, ReplyOut
from bot.gateway.dialogue import Incoming, TooLong
from bot.gateway.edge import Edge
from bot.gateway.limits import Limited
from bot.gateway.refusals import refuse
from bot.gateway.service import Service, open_service
from bot.gateway.sms import routes as sms
from bot.gateway.staff.desk import open_desk
from bot.gateway.staff.routes import create_staff_app
from bot.gateway.staff.settings import load_staff_settings
from bot.gateway.web import routes as web
from bot.reply import Reply
from bot.settings import Settings

CODES = {404: "not_found", 405: "not_allowed", 413: "too_long", 503: "unavailable"}

IdempotencyKey = Annotated[
    str | None,
    Header(
        max_length=128,
        description="An id of the caller's for the message. A message that is sent again under it,"
        " because no reply arrived, counts once in the conversation.",
    ),
]
router = APIRouter()


@router.post(
    "/api/messages",
    summary="Answer a message",
    response_model=ReplyOut,
    responses={status: {"model": Refusal} for status in (400, 408, 413, 422, 429, 500, 503)},
)
async def post_message(
    body: MessageIn, request: Request, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """One message in, one reply of the contract out.

    Headers tell the versions that made the reply: `X-Content-Version` of the curated content, and
    `X-Model-Version` of the Rasa model where it was asked.
    """
    service: Service = request.app.state.service
    conversation = service.tokens.read(body.conversation)
    await service.limits.check(conversation, request.client.host if request.client else "")
    reply = await _respond(service, conversation, body, idempotency_key)
    return JSONResponse(reply.public(), headers=_versions(reply))


@router.post("/api/operator/messages", include_in_schema=False)
async def explain_message(
    body: MessageIn, request: Request, x_operator_key: Annotated[str, Header()] = ""
) -> dict[str, Any]:
    """The same with the reasons, for whoever can read the key file on this machine."""
    service: Service = request.app.state.service
    if not secrets.compare_digest(x_operator_key.encode(), service.operator_key.encode()):
        raise HTTPException(404)
    reply = await _respond(service, service.tokens.read(body.conversation), body)
    return {**reply.public(), "explain": reply.explain}


@router.get("/health", summary="The process lives", response_model=Health)
async def health() -> dict[str, str]:
    """Always answers while the process lives."""
    return {"status": "ok"}


@router.get(
    "/ready",
    summary="A message would be answered",
    response_model=Readiness,
    responses={503: {"model": Readiness}},
)
async def ready(request: Request) -> JSONResponse:
    """200 where every part answers; 503 naming the parts that do not."""
    missing = await request.app.state.service.missing()
    return JSONResponse(
        {"ready": not missing, "missing": missing}, status_code=503 if missing else 200
    )


async def _respond(
    service: Service, conversation: str | None, body: MessageIn, message_id: str | None = None
) -> Reply:
    incoming = Incoming(
        conversation, body.text, body.channel, body.lang, message_id=message_id or None
    )
    reply = await service.dialogue.respond(incoming)
    # An action server may already have newer content than this gateway.
    return replace(reply, explain={"content": service.content_version, **reply.explain})


def _versions(reply: Reply) -> dict[str, str]:
    found = {
        "X-Content-Version": reply.explain["content"],
        "X-Model-Version": reply.explain.get("model"),
    }
    return {name: version for name, version in found.items() if version}


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
        # Its own would tell of addresses, queries and errors' messages; bot.tracing is ours.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        openapi_url="/openapi.json" if settings.operating.openapi else None,
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
    app.add_middleware(
        Edge, seconds=settings.operating.body_seconds, production=settings.production
    )
    # Around the edge, so that a refusal, too, can be read by a page that may ask.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.widget_origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
        expose_headers=["Retry-After", "X-Request-ID", "X-Content-Version", "X-Model-Version"],
        max_age=86400,
    )

    return app


def _add_refusals(app: FastAPI) -> None:
    @app.exception_handler(TooLong)
    async def too_long(request: Request, _error: Exception) -> JSONResponse:
        return await refuse(request, 413, "too_long")

    @app.exception_handler(Limited)
    async def limited(request: Request, error: Exception) -> JSONResponse:
        seconds = error.seconds if isinstance(error, Limited) else 60
        return await refuse(request, 429, "limited", headers={"Retry-After": str(seconds)})

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: Exception) -> JSONResponse:
        fields: list[str] = []
        if isinstance(error, RequestValidationError):
            known = set(MessageIn.model_fields)
            named = {str(part) for e in error.errors() for part in e["loc"]}
            fields = sorted(known & named)
        what = f"Please check: {', '.join(fields)}." if fields else "The request is not valid JSON."
        return await refuse(request, 422, "invalid", what)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: Exception) -> JSONResponse:
        if not isinstance(error, HTTPException):
            return await refuse(request, 500, "failed")
        code = CODES.get(error.status_code, "refused")
        return await refuse(request, error.status_code, code, headers=error.headers)
