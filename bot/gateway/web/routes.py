"""The pages and files of the website channel, each with a strict content security policy."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from bot.gateway.service import Service
from bot.store import Vote
from bot.store.feedback import REASONS
from bot.topics import TOPICS

FOLDER = Path(__file__).parent
FILES = {"demo.css": "text/css", "demo.js": "text/javascript", "icon.svg": "image/svg+xml"}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types iess-chat lit-html"
)

router = APIRouter(include_in_schema=False)


class VoteIn(BaseModel):
    """A click on "was this helpful"; nothing in it is free text."""

    topic: Literal[TOPICS]  # type: ignore[valid-type]
    lang: Literal["en", "es"]
    helpful: bool
    reason: Literal[REASONS] | None = None  # type: ignore[valid-type]


@router.get("/")
async def page(request: Request, lang: str = "en") -> Response:
    """A page as a hospital's could look, with the widget on it."""
    html = _service(request).pages.demo("es" if lang == "es" else "en")
    return HTMLResponse(html, headers={"Content-Security-Policy": CSP})


@router.get("/source")
async def source(request: Request) -> Response:
    """The page that answers quote, word for word; citations point into it."""
    headers = {"Content-Security-Policy": CSP}
    return HTMLResponse(_service(request).pages.source(), headers=headers)


@router.get("/static/{name}")
async def static(name: str) -> Response:
    """Style and script of the pages."""
    if name not in FILES:
        raise HTTPException(404)
    return FileResponse(FOLDER / name, media_type=FILES[name])


@router.get("/widget/{name}")
async def widget(
    request: Request, name: str, accept_encoding: Annotated[str, Header()] = ""
) -> Response:
    """The loader, the widget and its parts; any page may load them, as scripts are public."""
    asset = _service(request).assets.find(name)
    if asset is None:
        raise HTTPException(404)
    packed = "gzip" in accept_encoding
    headers = {
        "Cache-Control": asset.cache,
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        **({"Content-Encoding": "gzip"} if packed else {}),
    }
    content = asset.packed if packed else asset.plain
    return Response(content, media_type="text/javascript", headers=headers)


@router.get("/api/guide")
async def guide(request: Request, lang: Literal["en", "es"] = "en") -> Response:
    """The hospital's details and fixed texts that the widget shows."""
    headers = {"Cache-Control": "private, max-age=300"}
    return JSONResponse(_service(request).pages.guide(lang), headers=headers)


@router.delete("/api/conversation", status_code=204)
async def forget(request: Request, authorization: Annotated[str, Header()] = "") -> Response:
    """Delete a conversation everywhere; one that nobody knows is deleted already."""
    service = _service(request)
    conversation_id = service.tokens.read(_bearer(authorization), expired=True)
    if conversation_id is not None:
        try:
            await asyncio.to_thread(service.forget, conversation_id)
        except SQLAlchemyError as error:
            raise HTTPException(503) from error
    return Response(status_code=204)


@router.post("/api/feedback", status_code=204)
async def feedback(
    body: VoteIn, request: Request, authorization: Annotated[str, Header()] = ""
) -> Response:
    """Count a vote, the last on each answer; who has no conversation has read no answer."""
    service = _service(request)
    conversation = service.tokens.read(_bearer(authorization))
    if conversation is None or (body.reason and body.helpful):
        raise HTTPException(403)
    await service.limits.check(None, request.client.host if request.client else "")
    vote = Vote(body.topic, body.lang, body.helpful, body.reason or "")
    voter = service.origins.of(conversation, body.topic)
    try:
        await asyncio.to_thread(service.feedback.add, vote, voter)
    except SQLAlchemyError as error:
        raise HTTPException(503) from error
    if not body.helpful and service.recorder:
        service.recorder.unhelpful(conversation, body.topic)
    return Response(status_code=204)


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


def _bearer(authorization: str) -> str:
    return authorization.removeprefix("Bearer ")
