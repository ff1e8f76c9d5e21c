"""The audit log for administrators: read, filter, export, check."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse

from bot.errors import AuditError
from bot.gateway.staff.desk import desk_of
from bot.gateway.staff.render import page
from bot.gateway.staff.security import Admin
from bot.store.audit import Entry, Filter

PAGE = 50
# What staff read; an action that is not here is shown by its own name.
WORDS = {
    "sign-in": "Signed in",
    "sign-out": "Signed out",
    "sign-in.failed": "Sign-in failed",
    "sign-in.locked": "Sign-in locked after failures",
    "account.add": "Added an account",
    "account.sync": "Account brought up to date by the hospital's sign-in",
    "account.role": "Changed a role",
    "account.disable": "Disabled an account",
    "account.enable": "Enabled an account",
    "account.link": "Made a password link",
    "account.password": "Set a password",
    "audit.export": "Exported the audit log",
    "content.begin": "Began a change",
    "content.save": "Saved a draft",
    "content.submit": "Handed in a draft",
    "content.send_back": "Made it a draft again",
    "content.give_up": "Put a draft away",
    "content.approve": "Approved a text",
    "content.publish": "Published a text",
    "content.put_back": "Put an earlier text back",
    "content.withdraw": "Took an answer away",
    "content.replay": "Sent the test messages",
    "answers.on": "Turned answers on",
    "answers.off": "Turned answers off",
    "tryout.keep": "Tried a conversation",
    "tryout.delete": "Deleted a tried conversation",
    "inbox.accepted": "Accepted questions as examples",
    "inbox.dismissed": "Took questions off the list",
    "inbox.fine": "Looked over a reply: no danger missed",
    "inbox.export": "Exported accepted questions",
    "incident.open": "Opened an incident",
    "incident.note": "Added a note to an incident",
    "incident.close": "Closed an incident",
}
COLUMNS = [field.name for field in fields(Entry)]

router = APIRouter()


def wanted_of(
    actor: Annotated[str, Query(max_length=254)] = "",
    action: Annotated[str, Query(max_length=64)] = "",
    subject: Annotated[str, Query(max_length=200)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
) -> Filter:
    """The filter of an address; a day that is none filters nothing."""
    return Filter(actor.strip().lower(), action, subject.strip(), _day(since), _day(until))


Wanted = Annotated[Filter, Depends(wanted_of)]


@router.get("/audit")
def log(
    request: Request,
    staff: Admin,
    wanted: Wanted,
    before: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """The newest lines that fit."""
    audit = desk_of(request).audit
    found = audit.page(wanted, before, PAGE + 1)
    query = urlencode({name: value for name, value in asdict(wanted).items() if value})
    return page(
        request,
        "audit.html",
        staff=staff,
        entries=[(entry, json.loads(entry.detail)) for entry in found[:PAGE]],
        people={str(one.id): one.name for one in desk_of(request).accounts.all()},
        older=found[PAGE - 1].id if len(found) > PAGE else None,
        words=WORDS,
        named=sorted(((name, WORDS.get(name, name)) for name in audit.actions()), key=label),
        wanted=wanted,
        query=query,
    )


@router.get("/audit/check")
def check(request: Request, staff: Admin) -> Response:
    """Whether the whole log is as it was written."""
    fault, count, last = "", 0, ""
    try:
        count, last = desk_of(request).audit.verify()
    except AuditError as error:
        fault = str(error)
    return page(request, "audit_check.html", staff=staff, fault=fault, count=count, last=last)


@router.post("/audit/export")
def export(
    request: Request, staff: Admin, wanted: Wanted, form: Literal["csv", "jsonl"] = "jsonl"
) -> Response:
    """All lines that fit, oldest first, as a file; the export itself is in the log."""
    audit = desk_of(request).audit
    detail = {name: value for name, value in asdict(wanted).items() if value}
    audit.record(staff, "audit.export", form, {"filter": " ".join(sorted(detail))})
    lines = _csv(audit.entries(wanted)) if form == "csv" else _jsonl(audit.entries(wanted))
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/x-ndjson"
    name = f'attachment; filename="audit-{date.today().isoformat()}.{form}"'
    return StreamingResponse(lines, media_type=kind, headers={"Content-Disposition": name})


def label(named: tuple[str, str]) -> str:
    """What a choice is sorted by."""
    return named[1].casefold()


def _jsonl(entries: Iterator[Entry]) -> Iterator[str]:
    for entry in entries:
        yield json.dumps(asdict(entry), ensure_ascii=False) + "\n"


def _csv(entries: Iterator[Entry]) -> Iterator[str]:
    yield _row(COLUMNS)
    for entry in entries:
        yield _row([_cell(str(getattr(entry, name))) for name in COLUMNS])


def _row(values: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()


def _cell(text: str) -> str:
    # A spreadsheet would run it as a formula.
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
