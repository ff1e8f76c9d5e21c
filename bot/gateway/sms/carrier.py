"""Twilio's REST API: send a message, or ask whether one was sent."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from twilio.base.exceptions import TwilioException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.errors import CarrierBusy, CarrierRefused, CarrierUnknown
from bot.gateway.sms.settings import SmsSettings

TWILIO = "https://api.twilio.com"
SECONDS = 10.0
# An answer that a phone gets hours later, switched on again, answers nothing any more.
VALID_SECONDS = 7200
# A list of the number's messages is looked through this far back, and no further.
LOOK_BACK = 100
CLOCKS_DIFFER = 60.0  # seconds
# Failures before anything was sent.
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True)
class Sms:
    """One message: to whom, from which of the hospital's numbers, and its text."""

    to: str
    sender: str
    text: str


class HttpxClient(HttpClient):  # type: ignore[misc]  # twilio carries no types
    """What the twilio library sends by: httpx, with a timeout, and nothing in the logs."""

    def __init__(self, api_url: str, transport: httpx.AsyncBaseTransport | None) -> None:
        # The library's own client logs numbers; this one never calls its logger.
        super().__init__(logging.getLogger(__name__), True, SECONDS)
        self._api_url = api_url
        self._client = httpx.AsyncClient(timeout=SECONDS, transport=transport, trust_env=True)

    async def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Send one request."""
        response = await self._client.request(
            method,
            uri.replace(TWILIO, self._api_url, 1),
            params={name: value for name, value in (params or {}).items() if value is not None},
            data={name: value for name, value in (data or {}).items() if value is not None},
            headers=headers,
            auth=auth,
            timeout=timeout or SECONDS,
            follow_redirects=allow_redirects,
        )
        return Response(response.status_code, response.text, response.headers)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class Carrier:
    """Sends messages by Twilio and asks after them."""

    def __init__(
        self, settings: SmsSettings, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Connect lazily.

        Args:
            settings: account, token and address of the API.
            transport: a seam for tests.
        """
        self._http = HttpxClient(settings.api_url, transport)
        account, token = settings.account, settings.tokens[0]
        self._client = Client(account, token, http_client=self._http)

    async def send(self, sms: Sms, callback: str) -> str:
        """Send a message and give the carrier's id of it.

        Args:
            sms: the message.
            callback: address that the carrier reports its state to.

        Raises:
            CarrierBusy: not taken; later it may be.
            CarrierRefused: it will never be taken.
            CarrierUnknown: no answer came, and it may have been taken.
        """
        try:
            message = await self._client.messages.create_async(
                to=sms.to,
                from_=sms.sender,
                body=sms.text,
                status_callback=callback,
                validity_period=VALID_SECONDS,
            )
        except (TwilioException, httpx.HTTPError, ValueError, KeyError) as error:
            raise _meaning(error) from error
        if not message.sid:
            raise CarrierUnknown("the answer names no message")
        return str(message.sid)

    async def find(self, sms: Sms, since: float, known: Collection[str]) -> str | None:
        """The carrier's id of a message that it has taken; None where it has not.

        Args:
            sms: the message.
            since: Unix time of the attempt.
            known: ids of other messages of ours, which may say the same.

        Raises:
            CarrierBusy, CarrierRefused, CarrierUnknown: the carrier did not answer.
        """
        try:
            # No filter by date: what is still queued has no date of sending.
            sent = await self._client.messages.list_async(
                to=sms.to, from_=sms.sender, limit=LOOK_BACK, page_size=LOOK_BACK
            )
        except (TwilioException, httpx.HTTPError, ValueError, KeyError) as error:
            raise _meaning(error) from error
        for message in sent:
            created = message.date_created
            # A trial account puts words of its own before the text.
            same = message.body is not None and message.body.endswith(sms.text)
            late = created is None or created.timestamp() >= since - CLOCKS_DIFFER
            if same and late and message.sid not in known:
                return str(message.sid)
        return None

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()


def _meaning(error: Exception) -> CarrierBusy | CarrierRefused | CarrierUnknown:
    """What a failure says about whether the message was taken; no text of it, which may quote."""
    if isinstance(error, NOT_SENT):
        return CarrierBusy("the carrier cannot be reached")
    status = getattr(error, "status", None)
    if isinstance(error, TwilioException) and isinstance(status, int):
        # A wrong token is mended by the operator, and a full queue by time.
        if status in (401, 403, 429):
            return CarrierBusy(f"the carrier answered {status}")
        if status < 500:
            return CarrierRefused(str(getattr(error, "code", None) or status))
    return CarrierUnknown(type(error).__name__)
