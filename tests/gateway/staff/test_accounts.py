from __future__ import annotations

import html
import re

import pytest

from bot.gateway.staff.desk import Desk
from tests.gateway.staff.conftest import PASSWORD, SYSTEM, As, Visitor

NEW = "seven herons over the harbour"


def link_in(text: str) -> str:
    found = re.search(r"http://testserver(/staff/welcome\?token=[\w.-]+)", html.unescape(text))
    assert found, text
    return found.group(1)


def choose(visitor: Visitor, link: str, password: str = NEW) -> int:
    data = {"token": link.split("token=")[1], "password": password, "again": password}
    return visitor.post("/staff/welcome", data).status_code


def test_a_new_account_chooses_its_password_by_a_link_once(as_role: As, desk: Desk) -> None:
    admin, person = as_role("admin"), as_role()
    sent = {"email": "New@Hospital.example", "name": " Dana  Reyes ", "role": "editor"}
    added = admin.post("/staff/accounts", sent)
    assert added.status_code == 200
    link = link_in(added.text)
    entry = {"email": "new@hospital.example", "password": NEW}
    assert person.post("/staff/sign-in", entry).status_code == 422
    assert "Dana Reyes" in person.get(link).text
    assert choose(person, link, "too short") == 422
    assert choose(person, link) == 303
    assert choose(person, link, "another one, much later") == 422
    assert "no longer works" in person.get(link).text
    assert person.post("/staff/sign-in", entry).status_code == 303
    assert 'class="role">editor<' in person.get("/staff/").text


def test_a_link_ends_sessions_and_is_in_the_log(as_role: As, desk: Desk) -> None:
    admin, editor, browser = as_role("admin"), as_role("editor"), as_role()
    assert editor.staff
    link = link_in(admin.post(f"/staff/accounts/{editor.staff.id}/link").text)
    assert editor.get("/staff/").status_code == 200
    assert choose(browser, link) == 303
    assert editor.get("/staff/").status_code == 303
    assert [e.action for e in desk.audit.entries()][-2:] == ["account.link", "account.password"]


def test_a_disabled_account_is_out_at_once_and_its_link_dead(as_role: As) -> None:
    admin, editor, browser = as_role("admin"), as_role("editor"), as_role()
    assert editor.staff
    link = link_in(admin.post(f"/staff/accounts/{editor.staff.id}/link").text)
    assert admin.post(f"/staff/accounts/{editor.staff.id}/disable").status_code == 303
    assert editor.get("/staff/").status_code == 303
    assert choose(browser, link) == 422
    assert admin.post(f"/staff/accounts/{editor.staff.id}/enable").status_code == 303
    assert editor.get("/staff/").status_code == 303


def test_a_role_holds_from_the_next_page_on(as_role: As) -> None:
    admin, editor = as_role("admin"), as_role("editor")
    assert editor.staff
    path = f"/staff/accounts/{editor.staff.id}/role"
    assert admin.post(path, {"role": "admin"}).status_code == 303
    assert editor.get("/staff/audit").status_code == 200
    assert admin.post(path, {"role": "viewer"}).status_code == 303
    assert editor.get("/staff/audit").status_code == 403
    assert admin.post(path, {"role": "owner"}).status_code == 422


@pytest.mark.parametrize("what", ["role", "disable", "enable", "link"])
def test_nobody_changes_their_own_account(as_role: As, desk: Desk, what: str) -> None:
    admin = as_role("admin")
    as_role("admin")
    assert admin.staff
    before = desk.accounts.get(admin.staff.id)
    response = admin.post(f"/staff/accounts/{admin.staff.id}/{what}", {"role": "viewer"})
    assert response.status_code in (404, 422)
    assert desk.accounts.get(admin.staff.id) == before


def test_a_wrong_field_is_named_beside_it(as_role: As, desk: Desk) -> None:
    admin = as_role("admin")
    desk.accounts.add(SYSTEM, "jo@hospital.example", "Jo", "viewer", PASSWORD)
    for field, sent in (
        ("email", {"email": "jo@hospital.example", "name": "Jo", "role": "viewer"}),
        ("email", {"email": "no address", "name": "Jo", "role": "viewer"}),
        ("name", {"email": "a@hospital.example", "name": " ", "role": "viewer"}),
        ("role", {"email": "a@hospital.example", "name": "Jo", "role": "owner"}),
    ):
        response = admin.post("/staff/accounts", sent)
        assert response.status_code == 422
        assert f'id="{field}-error"' in response.text
        assert f'aria-describedby="{field}-error' in response.text


def test_ones_own_password_needs_the_old_one(as_role: As, desk: Desk) -> None:
    viewer, other = as_role("viewer", password=PASSWORD), as_role()
    assert viewer.staff
    sent = {"current": "not the old one", "password": NEW, "again": NEW}
    assert viewer.post("/staff/me/password", sent).status_code == 422
    sent["current"] = PASSWORD
    assert viewer.post("/staff/me/password", {**sent, "again": "x"}).status_code == 422
    assert viewer.post("/staff/me/password", sent).status_code == 303
    assert viewer.get("/staff/").status_code == 303
    entry = {"email": viewer.staff.email, "password": NEW}
    assert other.post("/staff/sign-in", entry).status_code == 303
