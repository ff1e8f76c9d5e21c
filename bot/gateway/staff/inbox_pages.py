"""The inbox: questions that were not answered well; staff give each its right topic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot.encoder import Vectors, unpack
from bot.examples import by_language
from bot.gateway.staff.desk import desk_of, service_of
from bot.gateway.staff.render import go, page
from bot.gateway.staff.security import Editor, Viewer
from bot.grouping import groups, stack
from bot.store import Inbox, Staff
from bot.store.inbox import ACCEPTED, DISMISSED, INBOX, Kept
from bot.topics import TOPICS

PLACE = "/staff/inbox"
# More than staff settle in one go; the others follow.
SHOWN = 25
REASONS: Mapping[str, str] = {
    "unanswered": "Not answered",
    "unsure": "The guide was not sure",
    "unhelpful": "The family said it did not help",
}

router = APIRouter()


@dataclass(frozen=True)
class Group:
    """Questions that ask alike; `topic` is the one that most of them were answered with."""

    texts: tuple[Kept, ...]
    topic: str


def inbox_of(request: Request) -> Inbox:
    """The kept texts."""
    desk = desk_of(request)
    return Inbox(desk.engine, desk.audit)


def keeping(request: Request) -> bool:
    """True where the hospital keeps texts."""
    recorder = service_of(request).recorder
    return recorder is not None and recorder.settings.keep


def kept_days(request: Request) -> int:
    """Days after which a text is deleted."""
    recorder = service_of(request).recorder
    return recorder.settings.days if recorder else 0


def topic_choices(request: Request) -> list[tuple[str, str]]:
    """Topics with what they are called, for a form."""
    titles = service_of(request).pages.titles("en")
    return [(topic, titles[topic]) for topic in TOPICS if topic in titles]


def day(at: float) -> str:
    """A day of Unix time, as staff read it."""
    return dt.datetime.fromtimestamp(at, dt.timezone.utc).strftime("%d %b %Y")


@router.get("/inbox")
def inbox(request: Request, staff: Viewer) -> Response:
    """The groups; who may only look around sees how many there are."""
    kept = inbox_of(request)
    texts = kept.waiting(INBOX) if staff.may("editor") else []
    found = _groups(texts)
    return page(
        request,
        "inbox.html",
        staff=staff,
        groups=found[:SHOWN],
        more=max(0, len(found) - SHOWN),
        waiting=kept.count(INBOX),
        accepted=len(kept.accepted()),
        reasons=REASONS,
        topics=topic_choices(request),
        titles=service_of(request).pages.titles("en"),
        keeping=keeping(request),
        days=kept_days(request),
        day=day,
    )


@router.post("/inbox/settle")
def settle(
    request: Request,
    staff: Editor,
    decision: Annotated[Literal["accept", "dismiss"], Form()],
    text: Annotated[list[int] | None, Form()] = None,
    topic: Annotated[str, Form()] = "",
) -> Response:
    """Give the chosen texts their topic, or take them off the list."""
    if not text:
        return go(request, PLACE, "No question was chosen, so nothing has changed.")
    if decision == "accept" and topic not in TOPICS:
        return go(request, PLACE, "Choose the right topic first; nothing has changed.")
    return go(request, PLACE, _settle(inbox_of(request), staff, text, decision, topic))


def _settle(kept: Inbox, staff: Staff, texts: list[int], decision: str, topic: str) -> str:
    if decision == "accept":
        done = kept.settle(staff, texts, ACCEPTED, topic)
        said = "now wait as training examples for review."
    else:
        done, said = kept.settle(staff, texts, DISMISSED), "were taken off the list."
    late = len(texts) - done
    notice = f"Questions: {done} {said}"
    return f"{notice} {late} had been settled by someone else." if late else notice


@router.get("/inbox/examples-{lang}.yml")
def examples(request: Request, staff: Editor, lang: Literal["en", "es"]) -> Response:
    """Accepted questions as a file of training examples."""
    kept = inbox_of(request)
    rows = [(row.lang, row.right_topic or "", row.text) for row in kept.accepted()]
    text = by_language(rows).get(lang)
    if text is None:
        return go(request, PLACE, "There are no accepted questions in this language.")
    desk_of(request).audit.record(staff, "inbox.export", lang, {"texts": len(rows)})
    headers = {"Content-Disposition": f'attachment; filename="inbox-{lang}.yml"'}
    return Response(text, media_type="application/yaml", headers=headers)


def _groups(texts: Sequence[Kept]) -> list[Group]:
    rows = [_vector(text) for text in texts]
    dimension = next((len(row) for row in rows if row is not None), 1)
    found = groups(stack(rows, dimension))
    return [_group([texts[place] for place in places]) for places in found]


def _group(texts: Sequence[Kept]) -> Group:
    answered = [text.topic for text in texts if text.topic]
    return Group(tuple(texts), max(answered, key=answered.count, default=""))


def _vector(text: Kept) -> Vectors | None:
    return unpack(text.vector) if text.vector else None
