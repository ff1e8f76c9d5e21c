"""Accounts: administrators add them, change roles, disable them and hand out password links."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from bot.errors import AccountError
from bot.gateway.staff import password_pages
from bot.gateway.staff.desk import desk_of
from bot.gateway.staff.render import go, page
from bot.gateway.staff.security import Admin
from bot.store.staff import ROLES, Account, Staff

ABOUT = {
    "viewer": "Viewer – sees the pages",
    "editor": "Editor – also edits drafts and settles the inbox",
    "approver": "Approver – also approves and publishes",
    "admin": "Administrator – also manages accounts and the audit log",
}
CHOICES = [(role, ABOUT[role]) for role in ROLES]
Key = Annotated[int, Form()]

router = APIRouter()


@router.get("/accounts")
def accounts(request: Request, staff: Admin) -> Response:
    """All accounts, and the form for a new one."""
    return _list(request, staff)


@router.post("/accounts")
def add(
    request: Request,
    staff: Admin,
    email: Annotated[str, Form(max_length=300)] = "",
    name: Annotated[str, Form(max_length=300)] = "",
    role: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Add a local account; its owner chooses the password by a link."""
    if not desk_of(request).staff_settings.passwords:
        raise HTTPException(404)
    try:
        key = desk_of(request).accounts.add(staff, email, name, role)
    except AccountError as error:
        given = {"email": email, "name": name, "role": role}
        return _list(request, staff, given, error)
    return _one(request, staff, key, link=True)


@router.get("/accounts/{key}")
def account(request: Request, staff: Admin, key: int) -> Response:
    """One account, and what can be done with it."""
    return _one(request, staff, key)


@router.post("/accounts/{key}/role")
def role(
    request: Request, staff: Admin, key: int, role: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Give it another role; it holds from the next page on."""
    return _change(request, staff, key, "The role was changed.", role=role)


@router.post("/accounts/{key}/disable")
def disable(request: Request, staff: Admin, key: int) -> Response:
    """Sign it out everywhere, and let it in no more."""
    return _change(request, staff, key, "The account is disabled and signed out.", active=False)


@router.post("/accounts/{key}/enable")
def enable(request: Request, staff: Admin, key: int) -> Response:
    """Let it in again."""
    return _change(request, staff, key, "The account may sign in again.", active=True)


@router.post("/accounts/{key}/link")
def link(request: Request, staff: Admin, key: int) -> Response:
    """Show a link by which its owner chooses a new password."""
    found = _found(request, key)
    if not found.local or not found.active or key == staff.id:
        raise HTTPException(404)
    desk_of(request).audit.record(staff, "account.link", str(key))
    return _one(request, staff, key, link=True)


def _change(
    request: Request,
    staff: Staff,
    key: int,
    done: str,
    role: str = "",
    active: bool | None = None,
) -> Response:
    accounts = desk_of(request).accounts
    _found(request, key)
    try:
        if active is None:
            accounts.set_role(staff, key, role)
        else:
            accounts.set_active(staff, key, active)
    except AccountError as error:
        return _one(request, staff, key, error=str(error))
    return go(request, f"/staff/accounts/{key}", done)


def _list(
    request: Request,
    staff: Staff,
    given: dict[str, str] | None = None,
    error: AccountError | None = None,
) -> Response:
    return page(
        request,
        "accounts.html",
        staff=staff,
        status=422 if error else 200,
        accounts=desk_of(request).accounts.all(),
        local=desk_of(request).staff_settings.passwords,
        choices=CHOICES,
        given=given or {"email": "", "name": "", "role": "viewer"},
        errors={error.field: str(error)} if error else {},
    )


def _one(
    request: Request, staff: Staff, key: int, *, link: bool = False, error: str = ""
) -> Response:
    found = _found(request, key)
    return page(
        request,
        "account.html",
        staff=staff,
        status=422 if error else 200,
        account=found,
        choices=CHOICES,
        link=password_pages.link(request, found) if link else "",
        error=error,
    )


def _found(request: Request, key: int) -> Account:
    found = desk_of(request).accounts.get(key)
    if found is None:
        raise HTTPException(404)
    return found
