"""Twilio's webhooks: a message that came in, and what became of one that went out."""

from __future__ import annotations

import logging
import re
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from twilio.twiml.messaging_response import MessagingResponse

from bot.gateway.sms.reading import Text
from bot.gateway.sms.service import SmsService

log = logging.getLogger(__name__)
NUMBER = re.compile(r"^\+[1-9]\d{6,14}$")
SID = re.compile(r"^[A-Za-z0-9]{10,64}$")
POSITION = re.compile(r"^-?\d{1,3}$")
FORM = "application/x-www-form-urlencoded"

router = APIRouter(include_in_schema=False)


@router.post("/sms/inbound")
async def inbound(request: Request) -> Response:
    """A family's message; answered within SMS_WEBHOOK_SECONDS."""
    sms, fields = await _trusted(request)
    sid, number, to = (fields.get(name, "") for name in ("MessageSid", "From", "To"))
    if not SID.match(sid):
        raise HTTPException(400)
    given = []
    # Short codes and other channels are no families, and ourselves is a loop.
    if NUMBER.match(number) and NUMBER.match(to) and number != to:
        media = fields.get("NumMedia", "0")
        text = Text(
            number=number,
            to=to,
            body=fields.get("Body", ""),
            media=int(media) if media.isascii() and media.isdigit() else 0,
            opt_out=fields.get("OptOutType", ""),
        )
        given = await sms.line.receive(sid, text)
    answer = MessagingResponse()
    for part in given:
        callback = sms.callback(sid, part["position"])
        answer.message(part["text"], status_callback=callback)
    return Response(str(answer), media_type="text/xml; charset=utf-8")


@router.post("/sms/status")
async def status(request: Request) -> Response:
    """What became of a message; reports come twice and out of order."""
    sms, fields = await _trusted(request)
    position = request.query_params.get("position", "")
    carrier_sid = fields.get("MessageSid", "")
    if POSITION.match(position) and SID.match(carrier_sid):
        await sms.report(
            request.query_params.get("inbound", ""),
            int(position),
            carrier_sid,
            fields.get("MessageStatus", "")[:16],
            fields.get("ErrorCode", "")[:32],
        )
    return Response(status_code=204)


async def _trusted(request: Request) -> tuple[SmsService, dict[str, str]]:
    """The channel and a webhook's fields, where Twilio has signed them.

    Raises:
        HTTPException: 403 for whatever else comes, and where SMS is off.
    """
    sms: SmsService | None = request.app.state.service.sms
    if sms is None:
        raise HTTPException(403)
    url = sms.settings.public_url + request.url.path
    if request.url.query:
        url += f"?{request.url.query}"
    fields: dict[str, str] = {}
    if request.headers.get("content-type", "").split(";")[0].strip().lower() == FORM:
        body = (await request.body()).decode("utf-8", "replace")
        # Blank fields are signed, too.
        pairs = parse_qsl(body, keep_blank_values=True)
        fields = dict(pairs)
    signature = request.headers.get("x-twilio-signature", "")
    of_account = fields.get("AccountSid") == sms.settings.account
    if not of_account or not sms.signed(url, fields, signature):
        log.warning("a webhook was refused: its signature is not Twilio's")
        raise HTTPException(403)
    return sms, fields
