"""Rasa's way to the action server, over connections that stay open.

Rasa 3.6 opens a session and a connection at every call of an action.
"""

from __future__ import annotations

from typing import Any

import aiohttp
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

# Well below the 120 seconds after which the action server closes one that is idle.
KEEP_SECONDS = 30.0


class KeptEndpoint(EndpointConfig):
    """An endpoint of plain JSON on loopback: one session as long as the process lives.

    The domain does not travel: our actions ask nothing of it, and it is most of a call.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, enable_selective_domain=True)
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self, method: str = "post", subpath: str | None = None, *_: Any, **kwargs: Any
    ) -> Any:
        """Send a request, and give the JSON that came back.

        Args:
            method: of HTTP.
            subpath: below the endpoint's address; actions have none.
            **kwargs: `json`, and what else aiohttp's request takes.

        Raises:
            ClientResponseError: status 400 or above.
            aiohttp.ClientError: no connection, or no JSON.
        """
        # rasa_sdk wants to be told of a domain all the same.
        kwargs["json"] = {"domain": {}, **kwargs["json"]}
        try:
            return await self._send(method, subpath, kwargs)
        except aiohttp.ServerDisconnectedError:
            # The action server was started anew; an action changes nothing, so it may run twice.
            return await self._send(method, subpath, kwargs)

    async def _send(self, method: str, subpath: str | None, kwargs: dict[str, Any]) -> Any:
        if self._session is None:
            # Here, as a session belongs to the event loop that it is made in.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_SECONDS),
                timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
            )
        url = self.url if subpath is None else f"{self.url}/{subpath}"
        async with self._session.request(method, url, **kwargs) as response:
            if response.status >= 400:
                raise ClientResponseError(
                    response.status, response.reason, (await response.read()).decode()
                )
            return await response.json()
