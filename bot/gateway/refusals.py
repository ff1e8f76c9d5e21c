"""Refusals: each carries the emergency line, and none silences a danger."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import JSONResponse

from bot.gateway import metrics
from bot.gateway.dialogue import Incoming
from bot.gateway.recover import recover
from bot.gateway.service import Service
from bot.reply import Reply

log = logging.getLogger(__name__)
MESSAGES = "/api/messages"
EMERGENCY_LINE = (
    "If your child is in danger now, call 911. / Si su bebé está en peligro ahora, llame al 911."
)
TEXTS = {
    "not_found": "No such page.",
    "not_allowed": "This address takes no such request.",
    "unavailable": "A part of the service does not answer. Please try again.",
    "refused": "This is not possible.",
    "too_long": (
        "The message is too long. Please send a shorter one. / El mensaje es muy largo. Por favor"
        " mande uno más corto."
    ),
    "too_slow": (
        "The message did not come in time. Please send it again. / El mensaje no llegó a tiempo."
        " Por favor mándelo otra vez."
    ),
    "limited": (
        "Many messages came in a short time. Please wait a moment, then send it again. / Llegaron"
        " muchos mensajes en poco tiempo. Espere un momento y mándelo otra vez."
    ),
    "busy": (
        "The service is very busy. Please try again in a moment. / El servicio está muy ocupado."
        " Por favor intente otra vez en un momento."
    ),
    "failed": (
        "Something went wrong on our side. Please try again. / Algo falló de nuestro lado. Por"
        " favor intente otra vez."
    ),
}


async def refuse(
    request: Request,
    status: int,
    code: str,
    message: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A refusal that echoes nothing of the input; a danger in a message gets its text instead.

    Args:
        request: whose body, as far as it came, `bot.gateway.edge` has kept.
        status: of the refusal.
        code: a key of `TEXTS`, or any where `message` is given.
        message: to people; that of the code where none is given.
        headers: to be sent with it.
    """
    try:
        reply = await _heard(request)
    except Exception as error:  # noqa: BLE001 - the refusal itself must never fail
        log.error("a refused message could not be read: %s", type(error).__name__)  # noqa: TRY400
        reply = None
    if reply:
        return JSONResponse(reply.public())
    metrics.REFUSALS.labels(code).inc()
    body = {
        "error": {"code": code, "message": message or TEXTS[code]},
        "emergency": EMERGENCY_LINE,
    }
    return JSONResponse(body, status, headers=dict(headers or {}))


async def _heard(request: Request) -> Reply | None:
    """The safety reply to a danger in a refused message; None where the rules find none."""
    body: bytes = getattr(request.state, "body", b"")
    if not body or request.url.path.rstrip("/") != MESSAGES:
        return None
    service: Service = request.app.state.service
    said = recover(body)
    danger = await service.dialogue.danger(said.words, rules_only=True)
    if danger.level == "routine":
        return None
    conversation = service.tokens.read(said.token)
    return await service.dialogue.respond(
        Incoming(conversation, said.words, "web", said.lang, patience=0)
    )
