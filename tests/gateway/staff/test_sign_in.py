from __future__ import annotations

from bot.gateway.staff.desk import Desk
from tests.gateway.staff.conftest import PASSWORD, SYSTEM, As


def test_a_local_account_signs_in_and_out(as_role: As, desk: Desk) -> None:
    desk.accounts.add(SYSTEM, "jo@hospital.example", "Jo Field", "viewer", PASSWORD)
    visitor = as_role()
    away = visitor.get("/staff/")
    assert (away.status_code, away.headers["location"]) == (303, "/staff/sign-in?next=%2Fstaff%2F")
    sent = {"email": " Jo@Hospital.example", "password": PASSWORD, "next": "/staff/"}
    entered = visitor.post("/staff/sign-in", sent)
    assert (entered.status_code, entered.headers["location"]) == (303, "/staff/")
    home = visitor.get("/staff/")
    assert home.status_code == 200
    assert "Jo Field" in home.text
    visitor.staff = SYSTEM
    assert visitor.post("/staff/sign-out").status_code == 303
    assert visitor.get("/staff/").status_code == 303
