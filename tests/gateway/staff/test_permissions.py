"""Every route of the staff area, every role, and signed out: who gets in, and who does not."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from bot.gateway.staff.navigation import SECTIONS, routes
from bot.gateway.staff.routes import create_staff_app
from bot.gateway.staff.security import Allow, Open
from bot.store.staff import ROLES
from tests.gateway.staff.conftest import As, Visitor

# The only pages for whoever is not signed in; a new one must be meant.
OPEN = {
    "GET /sign-in",
    "POST /sign-in",
    "GET /oidc/start",
    "GET /oidc/callback",
    "GET /welcome",
    "POST /welcome",
    "GET /static/{name}",
    "GET /static/widget.css",
}
STAFF = create_staff_app()
ALL = [(method, route) for route in routes(STAFF.routes) for method in sorted(route.methods or ())]
NAMES = [f"{method} {route.path}" for method, route in ALL]


def guards(of: Dependant) -> list[Allow | Open]:
    """The guards among a route's dependencies, at any depth."""
    found = [of.call] if isinstance(of.call, Allow | Open) else []
    return found + [guard for one in of.dependencies for guard in guards(one)]


def role_of(route: APIRoute) -> str | None:
    (guard,) = guards(route.dependant)
    return guard.role


@pytest.mark.parametrize(("method", "route"), ALL, ids=NAMES)
def test_every_route_declares_who_may_call_it(method: str, route: APIRoute) -> None:
    found = guards(route.dependant)
    assert len(found) == 1, "declare Viewer, Editor, Approver, Admin or Anyone"
    assert (found[0].role is None) == (f"{method} {route.path}" in OPEN)


def test_no_route_hides_from_this_test() -> None:
    """Only routes and included routers: a mount or a bare route would have no guard."""
    odd = [
        r for r in STAFF.routes if not (isinstance(r, APIRoute) or hasattr(r, "original_router"))
    ]
    assert odd == []
    assert set(NAMES) >= OPEN


def test_every_section_is_guarded_as_its_link_says() -> None:
    guarded = {route.path: role_of(route) for method, route in ALL if method == "GET"}
    linked = {path: role for path, _, role, _ in SECTIONS if path in guarded}
    assert linked == {path: guarded[path] for path in linked}


@pytest.fixture
def everyone(as_role: As) -> dict[str | None, Visitor]:
    return {role: as_role(role) for role in (None, *ROLES)}


def call(visitor: Visitor, method: str, path: str) -> int:
    if method == "POST":
        return visitor.post(path).status_code
    return visitor.client.request(method, path, follow_redirects=False).status_code


def test_the_whole_matrix(everyone: dict[str | None, Visitor], app: FastAPI) -> None:
    wrong = []
    # Signing out last: its visitors are needed until then.
    for method, route in sorted(ALL, key=lambda pair: "sign-out" in pair[1].path):
        path = "/staff" + re.sub(r"\{\w+(:\w+)?\}", "999999", route.path)
        needs = role_of(route)
        for role, visitor in everyone.items():
            status = call(visitor, method, path)
            signed_in = role is not None
            allowed = needs is None or (signed_in and ROLES.index(role) >= ROLES.index(needs))
            if needs is None:
                fits = status not in (401, 403)
            elif allowed:
                fits = status != 403 and status < 500
            elif signed_in:
                fits = status == 403
            else:
                fits = status == 303 if method == "GET" else status in (303, 403)
            if not fits:
                wrong.append(f"{method} {route.path} as {role}: {status}")
    assert wrong == []


def test_signed_out_is_led_to_the_sign_in_from_every_page(as_role: As) -> None:
    visitor = as_role()
    for method, route in ALL:
        if role_of(route) is None:
            continue
        path = "/staff" + re.sub(r"\{\w+(:\w+)?\}", "1", route.path)
        response = visitor.client.request(method, path, follow_redirects=False)
        assert (response.status_code, response.text) == (303, ""), route.path
        assert response.headers["location"].startswith("/staff/sign-in?next=%2Fstaff%2F")


def test_a_part_for_htmx_loads_the_whole_sign_in_page(as_role: As) -> None:
    response = as_role().get("/staff/", **{"HX-Request": "true"})
    assert response.status_code == 401
    assert response.headers["hx-redirect"].startswith("/staff/sign-in")
