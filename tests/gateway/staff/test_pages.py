"""The first page, the documents, the frame around all pages, and its vendored script."""

from __future__ import annotations

import hashlib
import re

import pytest

from bot.gateway.service import Service
from bot.gateway.staff.home_pages import document
from bot.gateway.staff.navigation import SECTIONS
from bot.gateway.staff.routes import STATIC
from bot.settings import ROOT
from tests.gateway.staff.conftest import As


def test_htmx_is_the_file_that_the_page_of_dependencies_names() -> None:
    digest = hashlib.sha256((STATIC / "htmx.min.js").read_bytes()).hexdigest()
    assert digest in (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")


def test_staff_without_a_slash_leads_there(as_role: As) -> None:
    response = as_role("viewer").get("/staff")
    assert (response.status_code, response.headers["location"]) == (308, "/staff/")


def test_files_are_ours_only(as_role: As) -> None:
    visitor = as_role()
    assert visitor.get("/staff/static/staff.css").headers["content-type"].startswith("text/css")
    for name in ("other.js", "..%2froutes.py", "%2e%2e/routes.py"):
        assert visitor.get(f"/staff/static/{name}").status_code == 404


@pytest.mark.parametrize("role", ["viewer", "admin"])
def test_everybody_sees_links_that_work_for_them(as_role: As, role: str) -> None:
    visitor = as_role(role)
    home = visitor.get("/staff/").text
    links = set(re.findall(r'href="(/staff/[^"]*)"', home))
    assert {"/staff/me", "/staff/help", "/staff/intended-use"} <= links
    assert ("/staff/accounts" in links) == (role == "admin")
    for link in links:
        assert visitor.get(link).status_code == 200, link


def test_the_page_one_is_on_is_marked(as_role: As) -> None:
    text = as_role("admin").get("/staff/audit/check").text
    assert '<a href="/staff/audit" aria-current="page">' in text
    assert text.count("aria-current") == 1


def test_sections_are_named_once() -> None:
    assert len({path for path, *_ in SECTIONS}) == len(SECTIONS)


def test_a_page_that_is_not_there_says_so_in_plain_words(as_role: As) -> None:
    response = as_role("viewer").get("/staff/no-such-page")
    assert response.status_code == 404
    assert "There is no such page" in response.text


def test_a_notice_is_said_once_and_never_forged(as_role: As) -> None:
    visitor = as_role("admin")
    editor = as_role("editor")
    assert editor.staff
    path = f"/staff/accounts/{editor.staff.id}"
    visitor.post(f"{path}/disable")
    assert "disabled and signed out" in visitor.get(path).text
    assert "disabled and signed out" not in visitor.get(path).text
    visitor.client.cookies.set("staff-notice", "Call+this+number", path="/")
    assert "Call" not in visitor.get(path).text


def test_intended_use_says_how_the_guided_check_stands(as_role: As, service: Service) -> None:
    text = as_role("viewer").get("/staff/intended-use").text
    for words in (
        "Not triage, and no diagnosis",
        "Nobody reads messages as they come in",
        "<strong>on</strong>",
        "no clinician has signed it yet (en, es, es_sms)",
        "not for families (development)",
    ):
        assert words in text, words


def test_documents_have_no_links_that_lead_nowhere_and_no_raw_html() -> None:
    for name in ("intended-use.md", "staff.md"):
        text = document(name)
        assert re.findall(r'href="(?!https?:)', text) == []
        assert "<table>" in text
        assert "<h1>" in text
