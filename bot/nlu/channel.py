"""Rasa's REST channel as the gateway uses it: each message counts once, and none is logged.

To the stock channel's request it adds `id`, by which a message that is sent again is known, and
`probe`, for one that leaves no trace. The answer names the model in a header; 409 says that another
Rasa has moved the conversation on meanwhile, and that the message counts for nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.nlu.turn import TURN, Turn

log = logging.getLogger(__name__)
MODEL_HEADER = "X-Model-Version"


class GatewayChannel(RestInput):
    """Takes the stock REST channel's place, at its address."""

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[None]]) -> Blueprint:
        hook = Blueprint("gateway_channel", __name__)
        # Rasa's own lock looks once a second whether it is free; this one is never waited for.
        locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

        @hook.route("/", methods=["GET"])  # type: ignore[untyped-decorator]
        async def health(_request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @hook.route("/webhook", methods=["POST"])  # type: ignore[untyped-decorator]
        async def receive(request: Request) -> HTTPResponse:
            body = request.json
            collector = CollectingOutputChannel()
            turn = Turn(body.get("id"), collector.messages, not body.get("probe"))
            message = UserMessage(
                body["message"],
                collector,
                body["sender"],
                input_channel=self.name(),
                message_id=turn.message_id,
                metadata=body.get("metadata"),
            )
            lock = locks.setdefault(message.sender_id, asyncio.Lock())
            async with lock:
                TURN.set(turn)
                try:
                    await on_new_message(message)
                except Exception as error:  # noqa: BLE001 - said nothing, the gateway knows what to say
                    # The type only: an error may quote what a family wrote.
                    log.error("a message failed: %s", type(error).__name__)  # noqa: TRY400
                    return response.json([], status=500)
            if turn.outrun:
                return response.json([], status=409)
            said = turn.said if turn.before is None else turn.before
            model = request.app.ctx.agent.model_id or ""
            return response.json(said, headers={MODEL_HEADER: model})

        return hook
