"""Changes: begin one, write it, see beside each sentence what stands against it."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from markupsafe import Markup
from starlette.exceptions import HTTPException

from bot.answers import read_answer, render
from bot.compose import today_utc
from bot.content import FORMS
from bot.draft_checks import Problem
from bot.drafting import FORM_NAMES, Raw, due, hand_in
from bot.errors import BotError, ContentError, EditConflict
from bot.gateway.staff.content_desk import (
    KIND_NAMES,
    STATE_NAMES,
    ContentDesk,
    content_of,
    found,
    name_of,
)
from bot.gateway.staff.draft_form import BACKINGS, NEXT, SAFETY_FIELDS, TEXTS, read_form, rows
from bot.gateway.staff.render import go, page
from bot.gateway.staff.security import Editor, Viewer
from bot.gateway.staff.widget_view import as_html
from bot.store.content import MAX_DAYS, Text
from bot.store.content_tables import Version
from bot.store.staff import Staff
from bot.text import sms_size, sms_text
from bot.topics import INFORMATIONAL, TOPICS

router = APIRouter()
EDITED = ("answer", "safety")


async def fields(request: Request) -> dict[str, str]:
    """The fields of a form whose names are not known beforehand."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


Fields = Annotated[dict[str, str], Depends(fields)]
Number = Annotated[int, Form(ge=0, le=2**31)]


@dataclass(frozen=True)
class Preview:
    """One text as a family reads it: HTML of the website, or an SMS with its size."""

    label: str
    channel: str
    lang: str
    html: Markup
    text: str
    units: int = 0
    segments: int = 0


@dataclass(frozen=True)
class Step:
    """A line of a comparison: same, gone or new."""

    change: str
    text: str


@router.get("/drafts")
def drafts(request: Request, staff: Viewer) -> Response:
    """What waits, what is being written, and signatures that end soon."""
    desk = content_of(request)
    content = desk.live.content
    versions = desk.store.open_versions()
    texts = [
        ("answer", [(a.topic, a.title["en"]) for a in content.library]),
        ("safety", [(t.id, t.title.get("en") or t.id) for t in content.safety.texts.values()]),
        ("check", [("spasm_check", "All texts of the guided check")]),
        ("phrases", [("phrases", "All short phrases")]),
    ]
    return page(
        request,
        "drafts.html",
        staff=staff,
        waiting=[v for v in versions if v.state == "submitted" and v.page is None],
        writing=[v for v in versions if v.state == "draft" and v.page is None],
        due=due(content, today_utc()),
        fault=desk.live.fault,
        answers_on=content.answers_on,
        texts=texts,
        kinds=KIND_NAMES,
        forms=FORM_NAMES,
        name=lambda kind, key: name_of(content, kind, key),
        address=address,
    )


def address(version: Version) -> str:
    """Where a version is looked at."""
    return f"/staff/{'source' if version.kind == 'page' else 'drafts'}/{version.id}"


@router.post("/drafts")
def begin(
    request: Request, staff: Editor, text: Annotated[str, Form(max_length=90)] = ""
) -> Response:
    """Begin a change of one text, named as kind/key."""
    kind, _, key = text.partition("/")
    if kind not in (*EDITED, "check", "phrases"):
        raise HTTPException(422)
    desk = content_of(request)
    draft = begin_draft(desk, kind, key, staff)
    return go(request, address(draft))


def begin_draft(
    desk: ContentDesk, kind: str, key: str, staff: Staff, page_id: int | None = None
) -> Version:
    """A draft that says what families are told now.

    Raises:
        HTTPException: 404, there is no such text.
    """
    try:
        live = desk.live_raw(kind, key)
    except (ContentError, OSError) as error:
        raise HTTPException(404) from error
    known = desk.live.content.versions.get((kind, key))
    body = hand_in(kind, live, live, file=_file(desk, kind, key)).body
    base = known.id if known else None
    return desk.store.begin(kind, key, Text(body, ()), staff, base=base, page=page_id)


def _file(desk: ContentDesk, kind: str, key: str) -> str:
    """The text of a whole file, where a kind is one."""
    if kind in EDITED:
        return ""
    known = desk.live.content.versions.get((kind, key))
    if known:
        return known.body
    name = {"check": "spasm_check.yml", "phrases": "phrases.yml"}[kind]
    return (desk.settings.data_dir / name).read_text(encoding="utf-8")


@router.get("/drafts/{version}")
def draft(request: Request, staff: Viewer, version: int) -> Response:
    """One version: its form, or its text, with what stands against it."""
    known = found(request, version)
    if known.kind == "page":
        raise HTTPException(404)
    return show(request, staff, known)


@router.post("/drafts/{version}")
def save(
    request: Request, staff: Editor, version: int, sent: Fields, revision: Number = 0
) -> Response:
    """Save, and say what stands against it; nothing of another editor is written over."""
    known, desk = found(request, version), content_of(request)
    if known.kind == "page":
        raise HTTPException(404)
    text = _read(desk, known, sent)
    try:
        saved = desk.store.save(version, revision, text, staff, base=known.base)
    except EditConflict:
        return _conflict(request, staff, found(request, version), text, sent)
    return go(request, address(saved), "Saved. What stands against it is named beside each text.")


def _read(desk: ContentDesk, version: Version, sent: Mapping[str, str]) -> Text:
    live = desk.live_raw(version.kind, version.key)
    ask = [form for form in FORMS if sent.get(f"ask.{form}")]
    note, file = sent.get("note", "")[:500], ""
    if version.kind in EDITED:
        raw = read_form(version.kind, sent, desk.raw(version))
    else:
        raw, file = live, _file(desk, version.kind, version.key)
    return hand_in(version.kind, raw, live, ask=ask, note=note, file=file)


def _conflict(
    request: Request, staff: Staff, theirs: Version, mine: Text, sent: Mapping[str, str]
) -> Response:
    """Both texts, and the choice between them."""
    desk = content_of(request)
    before = text_lines(theirs.kind, desk.raw(theirs))
    after = text_lines(theirs.kind, _parsed(desk, theirs, mine))
    return page(
        request,
        "conflict.html",
        staff=staff,
        status=409,
        theirs=theirs,
        title=name_of(desk.live.content, theirs.kind, theirs.key),
        steps=steps(before, after),
        sent={k: v for k, v in sent.items() if k not in ("csrf_token", "revision")},
        address=address(theirs),
    )


def _parsed(desk: ContentDesk, version: Version, text: Text) -> dict[str, Any]:
    return desk.raw(replace(version, body=text.body))


@router.post("/drafts/{version}/rebase")
def rebase(request: Request, staff: Editor, version: int, revision: Number = 0) -> Response:
    """Go on from the text that went live meanwhile; the draft's words stay."""
    known, desk = found(request, version), content_of(request)
    live = desk.live_raw(known.kind, known.key)
    raw = desk.raw(known) if known.kind in EDITED else live
    now = desk.live.content.versions.get((known.kind, known.key))
    text = hand_in(
        known.kind,
        raw,
        live,
        ask=known.needs,
        note=known.note,
        file=_file(desk, known.kind, known.key),
    )
    desk.store.save(version, revision, text, staff, base=now.id if now else None)
    return go(request, address(known), "The draft now stands beside the text that families read.")


def show(request: Request, staff: Staff, version: Version, *, sign_error: str = "") -> Response:
    """The page of a version; `sign_error` says why it could not be approved."""
    desk = content_of(request)
    content = desk.live.content
    raw = desk.raw(version)
    live = desk.live_raw(version.kind, version.key)
    now = content.versions.get((version.kind, version.key))
    problems = desk.problems(version, raw) if version.state in ("draft", "submitted") else []
    editable = version.state == "draft" and staff.may("editor")
    return page(
        request,
        "draft.html",
        staff=staff,
        status=409 if sign_error else 200,
        sign_error=sign_error,
        version=version,
        title=name_of(content, version.kind, version.key),
        kinds=KIND_NAMES,
        states=STATE_NAMES,
        forms=FORM_NAMES,
        raw=raw,
        live=live,
        moved=version.state in ("draft", "submitted") and (now.id if now else None) != version.base,
        problems=problems,
        stops=[p for p in problems if p.stops],
        at=lambda channel, lang, say="": problems_at(problems, channel, lang, say),
        steps=steps(text_lines(version.kind, live), text_lines(version.kind, raw)),
        previews=previews(desk, version.kind, raw),
        replay=desk.replays.get(version.id),
        messages=len(desk.replayer.messages),
        editable=editable,
        rows=rows,
        texts=TEXTS,
        backings=BACKINGS,
        safety_fields=SAFETY_FIELDS,
        topics=[(t, content.library[t].title["en"]) for t in TOPICS if t != version.key],
        next_count=NEXT,
        may_withdraw=version.key in INFORMATIONAL,
        page_text=desk.beside(version).page.text,
        may_sign=staff.may("approver") and not version.written_by(staff.id),
        latest=latest(),
    )


def latest() -> dt.date:
    """The last day that an approval of today may have."""
    return today_utc() + dt.timedelta(days=MAX_DAYS)


def problems_at(
    problems: Sequence[Problem], channel: str, lang: str, say: str = ""
) -> list[Problem]:
    """What stands against one sentence, or a whole text where it is ""."""
    place = (channel, lang, say)
    return [p for p in problems if (p.channel, p.lang, p.sentence) == place]


def text_lines(kind: str, raw: Raw) -> list[str]:
    """The words of a text, a sentence or paragraph a line, each with where it stands."""
    if kind not in EDITED:
        return []
    if raw.get("withdrawn"):
        return ["Taken away: families are told to call."]
    lines = [f"Title ({lang}): {text}" for lang, text in raw.get("title", {}).items()]
    if kind == "answer":
        lines += [f"Question ({lang}): {text}" for lang, text in raw["question"].items()]
        lines.append(f"Line to seek care under it: {'yes' if raw.get('notice') else 'no'}")
        lines.append(f"Offered under it: {', '.join(raw['next'])}")
    for (channel, lang), label in TEXTS.items():
        said = raw[channel].get(lang) or ()
        if isinstance(said, str):
            lines += [f"{label}: {line}" for line in said.splitlines() if line.strip()]
            continue
        for sentence in said:
            lines.append(f"{label}: {sentence['say']}")
            lines += [f"{label}:   • {item['say']}" for item in sentence.get("items") or ()]
    return lines


def steps(before: Sequence[str], after: Sequence[str]) -> list[Step]:
    """What differs between two texts, without what stayed."""
    found: list[Step] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            found += [Step("gone", line) for line in before[a:b]]
            found += [Step("new", line) for line in after[c:d]]
    return found


def previews(desk: ContentDesk, kind: str, raw: Raw) -> list[Preview]:
    """A text as families would read it; nothing where it cannot be read yet."""
    hospital, shown = desk.live.content.hospital, []
    for (channel, lang), label in TEXTS.items():
        try:
            if kind == "answer":
                answer = read_answer(raw, str(raw.get("topic")))
                text = render(answer.sentences(channel, lang), channel)
            elif kind == "safety":
                text = str(raw[channel][lang]).strip()
            else:
                return []
        except (BotError, KeyError):
            return []
        text = hospital.fill(text, channel)
        if channel == "web":
            shown.append(Preview(label, channel, lang, as_html(text), text))
        else:
            text = sms_text(text)
            size = sms_size(text)
            shown.append(Preview(label, channel, lang, Markup(), text, size.units, size.segments))
    return shown
