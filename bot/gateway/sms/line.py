"""The way of a message through the channel: kept, answered in its family's order, put out."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot import language
from bot.gateway.sms.answering import Answer, Answering
from bot.gateway.sms.keys import Keys, Sealed
from bot.gateway.sms.reading import Text
from bot.gateway.sms.render import Part
from bot.gateway.sms.settings import SmsSettings
from bot.store.sms_families import Families
from bot.store.sms_inbox import Inbox, Letter, Received

log = logging.getLogger(__name__)
LEASE = 15.0  # seconds after which a dead process's messages are taken over
# A reply given to a webhook must be confirmed by the carrier within this time, or is asked after.
SETTLE = 15.0
# Messages that are with the dialogue at once: more would only make each wait longer.
AT_ONCE = 8
# The help text stands before the first place of the reply that follows it.
HELP_PLACE = -1
# Between two looks whether another gateway has answered the family's earlier message.
LOOK_SECONDS = 0.1


class Line:
    """Receives messages and sees to it that each is answered once.

    One lane for each conversation: a family's messages are answered in their order, except that
    a danger to life waits for nobody. The database keeps the order between gateways; the lanes
    here spare it all questions but those of the first message of each lane.
    """

    def __init__(
        self,
        answering: Answering,
        inbox: Inbox,
        families: Families,
        keys: Keys,
        settings: SmsSettings,
        wake_outbox: asyncio.Event,
    ) -> None:
        self._answering = answering
        self._inbox = inbox
        self._families = families
        self._keys = keys
        self._settings = settings
        self._wake_outbox = wake_outbox
        # The last message of each conversation's lane; done when all up to it are answered.
        self._lanes: dict[str, asyncio.Future[None]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def receive(self, sid: str, text: Text) -> list[dict[str, Any]]:
        """Answer a webhook: the messages to give to the carrier, none where the outbox sends them.

        A repeated webhook gets what the first one got, and causes nothing.
        """
        try:
            return await self._receive(sid, text)
        except SQLAlchemyError as error:
            log.error("database failed: %s", type(error).__name__)  # noqa: TRY400
            # Nothing can be kept, so nothing can follow: danger is answered all the same.
            # What is kept of it all the same is answered later, from the first place on.
            return _given(await self._answering.without_database(text), first=HELP_PLACE)

    async def _receive(self, sid: str, text: Text) -> list[dict[str, Any]]:
        began = time.monotonic()
        conversation = self._keys.conversation(text.number)
        sealed = self._keys.seal(asdict(text))
        message = Received(sid, conversation, time.time(), sealed)
        new = await asyncio.to_thread(self._inbox.receive, message, time.time() + LEASE)
        if new:
            self._start(message, text)
        task = self._tasks.get(sid)
        if task:
            left = self._settings.webhook_seconds - (time.monotonic() - began)
            # The work goes on when the webhook has had its answer.
            await asyncio.wait({task}, timeout=max(left, 0.0))
        answer = await asyncio.to_thread(self._inbox.close_webhook, sid)
        return self._keys.open(answer) if answer else []

    async def tend(self) -> None:
        """What a clock must see to: late replies, and messages whose process died."""
        now = time.time()
        self._answering.tidy()
        for message in await asyncio.to_thread(
            self._inbox.waiting, now - self._settings.help_seconds
        ):
            await self._help(message, now)
        if self._tasks:
            await asyncio.to_thread(self._inbox.renew, list(self._tasks), now + LEASE)
        for message in await asyncio.to_thread(self._inbox.abandoned, now):
            if message.sid in self._tasks:
                continue
            if await asyncio.to_thread(self._inbox.claim, message.sid, now, now + LEASE):
                # Nobody waits for its webhook any more.
                await asyncio.to_thread(self._inbox.close_webhook, message.sid)
                try:
                    text = Text(**self._keys.open(message.sealed or ""))
                except Sealed:
                    log.error("a message cannot be opened with this SMS_KEY")  # noqa: TRY400
                    await self._finish(message, None, Answer())
                    continue
                # Its place is before what came after it, and not at the end of a lane.
                self._begin(message, text)

    async def stop(self) -> None:
        """Let go of what is under way; the next process takes it over."""
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _begin(
        self, message: Received, text: Text, before: asyncio.Future[None] | None = None
    ) -> asyncio.Task[None]:
        """Begin to answer a message, after what stands before it in its lane."""
        task = asyncio.create_task(self._work(message, text, before))
        self._tasks[message.sid] = task
        task.add_done_callback(lambda _: self._tasks.pop(message.sid, None))
        return task

    def _start(self, message: Received, text: Text) -> None:
        """Begin to answer a new message; its place in the lane is the last."""
        before = self._lanes.get(message.conversation)
        turn = asyncio.get_running_loop().create_future()
        self._lanes[message.conversation] = turn

        def over(_: object) -> None:
            if turn.done():
                return
            turn.set_result(None)
            if self._lanes.get(message.conversation) is turn:
                del self._lanes[message.conversation]

        def done(_: object) -> None:
            # One that did not wait for those before it must not let the next one overtake them.
            if before is None or before.done():
                over(None)
            else:
                before.add_done_callback(over)

        self._begin(message, text, before).add_done_callback(done)

    async def _work(
        self, message: Received, text: Text, before: asyncio.Future[None] | None
    ) -> None:
        try:
            await self._finish(message, text, await self._answer(message, text, before))
        except SQLAlchemyError as error:
            # The message stays open; `tend` takes it up again.
            log.error("database failed: %s", type(error).__name__)  # noqa: TRY400

    async def _answer(
        self, message: Received, text: Text, before: asyncio.Future[None] | None
    ) -> Answer:
        try:
            read = await self._answering.read(text, message.conversation)
            if read.grave:
                return await self._answering.answer(text, message.conversation, read)
            if before:
                await asyncio.wait({before})
            # Only the database sees what another gateway does.
            while await asyncio.to_thread(self._inbox.behind, message):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_SECONDS)
            async with self._slots:
                waited = time.time() - message.received_at
                return await self._answering.answer(text, message.conversation, read, waited)
        except SQLAlchemyError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever happens, a family is answered
            # The type only: an error's message may quote what a family wrote.
            log.error("a message failed: %s", type(error).__name__)  # noqa: TRY400
            return Answer((self._answering.help(language.detect(text.body)),))

    async def _finish(self, message: Received, text: Text | None, answer: Answer) -> None:
        parts = answer.parts
        if any(part.kind == "help" for part in parts):
            kept = await asyncio.to_thread(self._inbox.load, message.sid)
            if kept and kept.helped:
                # The family has had this text, when it had waited too long.
                parts = tuple(part for part in parts if part.kind != "help")
        letters = [self._letter(part, text) for part in parts if text]
        waits = await asyncio.to_thread(
            self._inbox.finish,
            message.sid,
            letters,
            self._keys.seal(_given(parts)) if parts else "",
            time.time(),
            SETTLE,
            answer.family,
            answer.opted_out,
        )
        if letters and not waits:
            self._wake_outbox.set()

    async def _help(self, message: Received, now: float) -> None:
        family = await asyncio.to_thread(self._families.load, message.conversation)
        if family.opted_out or message.sealed is None:
            return
        try:
            text = Text(**self._keys.open(message.sealed))
        except Sealed:
            return
        letter = self._letter(self._answering.help(family.lang), text)
        if await asyncio.to_thread(self._inbox.help, message.sid, letter, now):
            self._wake_outbox.set()

    def _letter(self, part: Part, text: Text) -> Letter:
        sealed = self._keys.seal({"to": text.number, "sender": text.to, "text": part.text})
        return Letter(part.kind, part.safety, sealed, part.segments)


def _given(parts: Sequence[Part], first: int = 0) -> list[dict[str, Any]]:
    """Messages as the webhook's answer holds them, with their place in the reply."""
    return [{"position": place, "text": part.text} for place, part in enumerate(parts, first)]
