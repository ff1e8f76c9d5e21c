"""Plays a conversation as a family would have it, and forgets it at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from sqlalchemy.exc import SQLAlchemyError

from bot.gateway.dialogue import Dialogue, Incoming, TooLong
from bot.gateway.sms.texts import SmsTexts
from bot.gateway.staff.phone import Phone
from bot.gateway.staff.tryout_sms import Line
from bot.gateway.staff.widget_view import Turn, draw
from bot.gateway.tokens import Tokens
from bot.reply import Message, Reply, SafetyCatalogue
from bot.store.retention import PREVIEW
from bot.topics import CHANNELS

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """What a message was answered with, by each channel.

    Attributes:
        text: the message.
        replies: channel to the reply of the dialogue; None where the message was too long, or the
            SMS channel answered it alone.
        turn: what the widget shows.
        phone: what a phone shows.
    """

    text: str
    replies: Mapping[str, Reply | None]
    turn: Turn
    phone: Phone
    said: Mapping[str, str]


class Player:
    """Plays conversations through the real dialogue; nothing of them is kept or counted."""

    def __init__(
        self,
        dialogue: Dialogue,
        forget: Callable[[str], None],
        tokens: Tokens,
        safety: SafetyCatalogue,
        texts: SmsTexts,
    ) -> None:
        """Join the parts.

        Args:
            dialogue: that answers families.
            forget: deletes a conversation everywhere.
            tokens: makes conversation ids.
            safety: fixed safety texts.
            texts: of the SMS channel.
        """
        self._dialogue = dialogue
        self._forget = forget
        self._tokens = tokens
        self._safety = safety
        self._texts = texts

    async def play(self, turns: Sequence[str], lang: str = "") -> list[Told]:
        """The whole conversation, once by each channel.

        Args:
            turns: the messages, in order.
            lang: of the replies; "" tells it from each message, as for families.
        """
        on_web, by_sms = await asyncio.gather(self._web(turns, lang), self._sms(turns, lang))
        told = []
        for text, web, (sms, phone) in zip(turns, on_web, by_sms, strict=True):
            messages = web.messages if web else self._too_long(lang or "en")
            said = {
                "web": "\n\n".join(part for m in messages for part in (m.text, m.notice) if part),
                "sms": "\n\n".join(bubble.text for bubble in phone.bubbles),
            }
            told.append(
                Told(text, {"web": web, "sms": sms}, _draw(messages, web, lang), phone, said)
            )
        return told

    async def _web(self, turns: Sequence[str], lang: str) -> list[Reply | None]:
        async with self._conversation("web", lang) as incoming:
            return [await self._ask(replace(incoming, text=text)) for text in turns]

    async def _sms(self, turns: Sequence[str], lang: str) -> list[tuple[Reply | None, Phone]]:
        line = Line(self._dialogue, self._safety, self._texts, lang)
        told: list[tuple[Reply | None, Phone]] = []
        async with self._conversation("sms", lang) as incoming:
            for text in turns:
                own = await line.answer(text, str(incoming.conversation_id))
                if own is not None:
                    told.append((None, own))
                    continue
                reply = await self._ask(replace(incoming, text=text))
                told.append((reply, line.show(reply)))
        return told

    @asynccontextmanager
    async def _conversation(self, channel: str, lang: str) -> AsyncIterator[Incoming]:
        """A conversation that is deleted at the end, whatever happens in it."""
        key = PREVIEW + self._tokens.new_id()
        try:
            yield Incoming(key, "", channel, lang or None, own_id=True, preview=True)
        finally:
            try:
                await asyncio.to_thread(self._forget, key)
            except SQLAlchemyError as error:
                log.error("a preview was not deleted: %s", type(error).__name__)  # noqa: TRY400

    async def _ask(self, incoming: Incoming) -> Reply | None:
        try:
            return await self._dialogue.respond(incoming)
        except TooLong:
            return None

    def _too_long(self, lang: str) -> tuple[Message, ...]:
        return (Message("fallback", None, self._safety.say("fallback.too_long", lang, "web")),)


def _draw(messages: Sequence[Message], reply: Reply | None, lang: str) -> Turn:
    if reply is None:
        return draw(messages, lang or "en", "routine")
    level = reply.message_urgency
    return draw(messages, reply.lang, reply.urgency if level == "routine" else level)


def unlike(then: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What was said then by each channel, where today's reply is another."""
    return {channel: then[channel] for channel in CHANNELS if then.get(channel) != now[channel]}
