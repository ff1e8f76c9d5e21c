"""Forms of drafts as a browser fills them in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser

from tests.gateway.staff.conftest import Visitor


class _Fields(HTMLParser):
    """The fields of one form, as a browser would send them."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self._action, self._inside, self._area, self._select = action, False, "", ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("action") == self._action
        if not self._inside:
            return
        name = given.get("name", "")
        if tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.fields[name] = given.get("value", "")
        elif tag == "textarea":
            self._area, self.fields[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and (self._select not in self.fields or "selected" in given):
            self.fields[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data


def form_of(visitor: Visitor, path: str) -> dict[str, str]:
    """The fields of the form on a page that posts to the page's own path."""
    parser = _Fields(path)
    parser.feed(visitor.get(path).text)
    parser.fields.pop("csrf_token", None)
    return parser.fields


def begin(visitor: Visitor, text: str) -> str:
    """Begin a draft; gives its path."""
    return visitor.post("/staff/drafts", {"text": text}).headers["location"]


def save(visitor: Visitor, path: str, changes: Mapping[str, str]) -> int:
    """Fill in the form of a draft as it stands now; gives the status."""
    return visitor.post(path, {**form_of(visitor, path), **changes}).status_code


def act(visitor: Visitor, path: str, step: str, **more: str) -> tuple[int, str]:
    """Press a button of a draft; gives the status, and what the next page says of it."""
    number = path.rpartition("/")[2]
    page = visitor.get(path).text
    revision = re.search(r'name="revision" value="(\d+)"', page)
    sent = {"revision": revision.group(1) if revision else "1", **more}
    response = visitor.post(f"/staff/drafts/{number}/{step}", sent)
    if response.status_code == 303:
        return 303, said(visitor.get(response.headers["location"].partition("#")[0]).text)
    return response.status_code, said(response.text)


def said(page: str) -> str:
    """The notice and the alerts of a page."""
    found = re.findall(r'<p class="(?:notice|alert)[^>]*>(.*?)</p>', page, re.DOTALL)
    return unescape(" | ".join(re.sub(r"<[^>]+>", "", text) for text in found))
