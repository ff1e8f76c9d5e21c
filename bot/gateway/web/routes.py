"""A plain page to chat on, served with a strict content security policy."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from starlette.exceptions import HTTPException

FOLDER = Path(__file__).parent
FILES = {"chat.css": "text/css", "chat.js": "text/javascript"}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'"
)

router = APIRouter(include_in_schema=False)


@router.get("/")
async def page() -> Response:
    """The chat page."""
    return FileResponse(
        FOLDER / "chat.html", media_type="text/html", headers={"Content-Security-Policy": CSP}
    )


@router.get("/static/{name}")
async def static(name: str) -> Response:
    """The page's own style and script."""
    if name not in FILES:
        raise HTTPException(404)
    return FileResponse(FOLDER / name, media_type=FILES[name])
