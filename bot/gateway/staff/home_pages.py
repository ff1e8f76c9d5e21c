"""The first page of the staff area, and the documents that are shown in it."""

from __future__ import annotations

import re
from functools import cache
from itertools import count

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markdown_it import MarkdownIt
from markupsafe import Markup

from bot.content import read_reviews, read_yaml
from bot.gateway.staff.desk import service_of
from bot.gateway.staff.render import page
from bot.gateway.staff.security import Viewer
from bot.settings import ROOT

FILE_LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]+\)")
# On a narrow screen a table scrolls by itself, with the keyboard too.
TABLE = '<div class="table-wrap" tabindex="0" role="region" aria-label="Table {}"><table>'

router = APIRouter()


@router.get("/")
def home(request: Request, staff: Viewer) -> Response:
    """What there is for this person."""
    return page(request, "home.html", staff=staff)


@router.get("/intended-use")
def intended_use(request: Request, staff: Viewer) -> Response:
    """What the bot is for and not for, and how the guided check stands here."""
    service = service_of(request)
    path = service.settings.data_dir / "spasm_check.yml"
    return page(
        request,
        "intended_use.html",
        staff=staff,
        text=document("intended-use.md"),
        check_on=service.settings.guided_check,
        unsigned=read_reviews(read_yaml(path), path.name).unsigned,
        production=service.settings.production,
    )


@router.get("/help")
def how_to(request: Request, staff: Viewer) -> Response:
    """How each role uses these pages."""
    return page(request, "document.html", staff=staff, title="Help", text=document("staff.md"))


@cache
def document(name: str) -> Markup:
    """A file of docs/ as HTML; HTML in it is shown as text."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    # A link to another file of docs/ leads nowhere from here: its words stay.
    text = FILE_LINK.sub(r"\1", text)
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    numbers = count(1)
    html = re.sub("<table>", lambda _: TABLE.format(next(numbers)), html)
    html = html.replace("</table>", "</table></div>")
    # The renderer escapes all that it does not make itself.
    return Markup(html)  # noqa: S704
