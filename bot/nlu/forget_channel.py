"""A way for the gateway to make Rasa forget a conversation; Rasa itself has none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from bot.nlu.tracker_store import BoundedTrackerStore


class ForgetChannel(InputChannel):
    """`DELETE /webhooks/forget/<sender>`, on the same loopback port as the REST channel."""

    @classmethod
    def name(cls) -> str:
        return "forget"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("forget_webhook")

        async def forget(request: Request, sender: str) -> HTTPResponse:
            agent: Agent = request.app.ctx.agent
            # A message under way would write the conversation down again.
            async with agent.lock_store.lock(sender):
                await own_store(agent.tracker_store).delete(sender)
            return response.empty()

        blueprint.add_route(forget, "/<sender>", methods=["DELETE"])
        return blueprint


def own_store(store: Any) -> BoundedTrackerStore:
    """The store of endpoints.yml: Rasa wraps it so that an error falls back to memory.

    Here an error must be told, or a family would be promised what did not happen.
    """
    while not isinstance(store, BoundedTrackerStore):
        store = store._tracker_store
    return store
