"""The off switch: one click tells every family to call, in every process."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from bot.gateway.staff.content_desk import content_of
from bot.gateway.staff.render import go, page
from bot.gateway.staff.security import Approver

router = APIRouter()


@router.get("/switch")
def switch(request: Request, staff: Approver) -> Response:
    """Whether answers are given, and the switch."""
    content = content_of(request).live.content
    call = content.hospital.fill(content.phrases.texts["please_call"]["en"], "sms")
    return page(
        request, "switch.html", staff=staff, answers_on=content.answers_on, please_call=call
    )


@router.post("/switch")
def turn(
    request: Request,
    staff: Approver,
    answers: Annotated[Literal["on", "off"], Form()],
    why: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Turn answers on or off."""
    desk = content_of(request)
    desk.publisher.switch_answers(on=answers == "on", person=staff, why=why)
    desk.live.look()
    said = {
        "on": "Answers are given again.",
        "off": "Answers are off. Within five seconds every family is told to call.",
    }
    return go(request, "/staff/switch", said[answers])
