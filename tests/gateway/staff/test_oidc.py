"""Sign-in through a real OpenID Connect provider (npm's oidc-provider) on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.gateway.staff.desk import Desk
from tests.gateway.staff.conftest import PASSWORD, SYSTEM, As, Visitor
from tests.gateway.staff.openid import OpenIdProvider


@pytest.fixture(scope="session")
def openid() -> Iterator[OpenIdProvider]:
    with OpenIdProvider() as provider:
        yield provider


@pytest.fixture(autouse=True)
def trusted(openid: OpenIdProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the app is made: its settings name the provider."""
    for name, value in openid.environ.items():
        monkeypatch.setenv(name, value)


def start(visitor: Visitor, next_path: str = "/staff/") -> str:
    response = visitor.get(f"/staff/oidc/start?next={next_path}")
    assert response.status_code == 303, response.text
    return str(response.headers["location"])


def test_a_group_becomes_a_role(as_role: As, openid: OpenIdProvider, desk: Desk) -> None:
    visitor = as_role()
    back = openid.log_in(start(visitor, "/staff/?a=b"), "editor")
    entered = visitor.get(back)
    assert (entered.status_code, entered.headers["location"]) == (303, "/staff/?a=b")
    home = visitor.get("/staff/").text
    assert "Person editor" in home
    assert 'class="role">editor<' in home
    (account,) = desk.accounts.all()
    assert (account.email, account.role, account.local) == (
        "editor@hospital.example",
        "editor",
        False,
    )
    assert [e.action for e in desk.audit.entries()] == ["account.add", "sign-in"]


def test_pkce_state_and_nonce_go_along(as_role: As) -> None:
    location = start(as_role())
    for part in ("code_challenge_method=S256", "code_challenge=", "state=", "nonce="):
        assert part in location


def test_a_second_sign_in_is_the_same_account(
    as_role: As, openid: OpenIdProvider, desk: Desk
) -> None:
    for _ in range(2):
        visitor = as_role()
        assert visitor.get(openid.log_in(start(visitor), "viewer")).status_code == 303
    assert len(desk.accounts.all()) == 1


def test_a_local_account_of_the_same_verified_address_becomes_theirs(
    as_role: As, openid: OpenIdProvider, desk: Desk
) -> None:
    key = desk.accounts.add(SYSTEM, "editor@hospital.example", "E", "viewer", PASSWORD)
    visitor = as_role()
    assert visitor.get(openid.log_in(start(visitor), "editor")).status_code == 303
    (account,) = desk.accounts.all()
    assert (account.id, account.role, account.local) == (key, "editor", False)
    assert desk.accounts.authenticate("editor@hospital.example", PASSWORD) is None


def test_an_unverified_address_takes_over_no_account(
    as_role: As, openid: OpenIdProvider, desk: Desk
) -> None:
    desk.accounts.add(SYSTEM, "editor@hospital.example", "E", "admin", PASSWORD)
    visitor = as_role()
    refused = visitor.get(openid.log_in(start(visitor), "editor.unverified"))
    assert refused.status_code == 422
    assert "Another account has your e-mail address" in refused.text
    assert visitor.get("/staff/").status_code == 303


def test_who_is_in_no_group_is_not_let_in(as_role: As, openid: OpenIdProvider, desk: Desk) -> None:
    visitor = as_role()
    refused = visitor.get(openid.log_in(start(visitor), "stranger"))
    assert "has no role here" in refused.text
    assert desk.accounts.all() == []


def test_a_disabled_account_is_not_let_in(as_role: As, openid: OpenIdProvider, desk: Desk) -> None:
    visitor = as_role()
    visitor.get(openid.log_in(start(visitor), "editor"))
    desk.accounts.set_active(SYSTEM, desk.accounts.all()[0].id, False)
    assert visitor.get("/staff/").status_code == 303
    again = as_role()
    assert "disabled" in again.get(openid.log_in(start(again), "editor")).text


def test_an_answer_is_good_once_and_in_its_own_browser(as_role: As, openid: OpenIdProvider) -> None:
    mine, other = as_role(), as_role()
    back = openid.log_in(start(mine), "editor")
    start(other)
    assert other.get(back).status_code == 422
    assert other.get("/staff/").status_code == 303
    assert mine.get(back).status_code == 303
    mine.client.cookies.delete("staff-session")
    assert mine.get(back).status_code == 422


@pytest.mark.parametrize("change", ["code=no", "state=no", "iss=http%3A%2F%2F127.0.0.1%3A1"])
def test_a_changed_answer_is_refused(as_role: As, openid: OpenIdProvider, change: str) -> None:
    visitor = as_role()
    path, _, query = openid.log_in(start(visitor), "editor").partition("?")
    name = change.split("=")[0]
    kept = [part for part in query.split("&") if not part.startswith(name + "=")]
    refused = visitor.get(f"{path}?{'&'.join([*kept, change])}")
    assert refused.status_code == 422
    assert "did not work" in refused.text
    assert visitor.get("/staff/").status_code == 303


def test_passwords_are_off_beside_the_provider(as_role: As, desk: Desk) -> None:
    desk.accounts.add(SYSTEM, "jo@hospital.example", "Jo", "viewer", PASSWORD)
    visitor = as_role()
    page = visitor.get("/staff/sign-in").text
    assert "hospital account" in page
    assert 'type="password"' not in page
    refused = visitor.client.post(
        "/staff/sign-in", data={"email": "jo@hospital.example", "password": PASSWORD}
    )
    assert refused.status_code in (403, 404)


def test_a_provider_that_does_not_answer_is_said_so(
    as_role: As, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    assert desk.provider
    desk.provider._app._server_metadata_url = "http://127.0.0.1:1/x"
    answer = as_role().get("/staff/oidc/start")
    assert answer.status_code == 422
    assert "did not work" in answer.text
    assert "ConnectError" in caplog.text
