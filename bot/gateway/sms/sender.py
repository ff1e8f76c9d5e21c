"""Sends what stands in the outbox: in each family's order, again after failures, never twice
knowingly."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import CarrierBusy, CarrierError, CarrierRefused
from bot.gateway.sms.carrier import Carrier, Sms
from bot.gateway.sms.keys import Keys, Sealed
from bot.store.sms_families import Families
from bot.store.sms_outbox import OPTED_OUT, Outbox, Outgoing

log = logging.getLogger(__name__)
AT_ONCE = 8
LEASE = 20.0  # seconds; longer than the carrier's API is waited for
# Seconds until a message whose fate is unknown is asked after: the carrier lists it by then.
ASK_AFTER = 5.0
BACKOFF = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 300.0)  # seconds
MOST_LOOKUPS = 5
# To a family, an answer this late is worth a call of a person, not a text.
TOO_LATE = 2 * 3600.0


class Sender:
    """The outbox's worker."""

    def __init__(
        self,
        outbox: Outbox,
        families: Families,
        carrier: Carrier,
        keys: Keys,
        callback: Callable[[str, int], str],
    ) -> None:
        """Join the parts.

        Args:
            outbox: in the database.
            families: tells who has opted out.
            carrier: sends.
            keys: open numbers and texts.
            callback: address for the carrier's reports on a message: of what it answers, and
                its place in the reply.
        """
        self._outbox = outbox
        self._families = families
        self._carrier = carrier
        self._keys = keys
        self._callback = callback
        self._busy: dict[int, asyncio.Task[None]] = {}
        self.wake = asyncio.Event()

    async def start_due(self) -> None:
        """Begin on all that is due and not begun, as far as hands reach."""
        free = AT_ONCE - len(self._busy)
        if free <= 0:
            return
        now = time.time()
        for row in await asyncio.to_thread(self._outbox.due, now, free):
            if row.id in self._busy:
                continue
            if await asyncio.to_thread(self._outbox.claim, row, now, now + LEASE):
                self._busy[row.id] = asyncio.create_task(self._guarded(row))

    async def stop(self) -> None:
        """Wait for what is with the carrier now; it answers or times out."""
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _guarded(self, row: Outgoing) -> None:
        try:
            await self._tend(row)
        except SQLAlchemyError as error:
            # The lease runs out, and the message is asked after.
            log.error("database failed: %s", type(error).__name__)  # noqa: TRY400
        except Exception as error:  # noqa: BLE001 - one message must not stop the others
            log.error("a message could not be sent: %s", type(error).__name__)  # noqa: TRY400
        finally:
            self._busy.pop(row.id, None)
            self.wake.set()

    async def _tend(self, row: Outgoing) -> None:
        try:
            sms = Sms(**self._keys.open(row.sealed or ""))
        except Sealed:
            await asyncio.to_thread(self._outbox.dead, row.id, "sealed")
            return
        if row.state == "pending":
            await self._send(row, sms)
        else:
            await self._ask_after(row, sms)

    async def _send(self, row: Outgoing, sms: Sms) -> None:
        now, outbox = time.time(), self._outbox
        # The word that confirms an opt-out is the last one.
        if row.kind != "stop" and await asyncio.to_thread(
            self._families.opted_out, row.conversation
        ):
            await asyncio.to_thread(outbox.block, row.id)
            return
        if row.attempts >= len(BACKOFF) or now - row.created_at > TOO_LATE:
            await asyncio.to_thread(outbox.dead, row.id, row.error or "too late")
            return
        later = now + BACKOFF[row.attempts]
        try:
            carrier_sid = await self._carrier.send(sms, self._callback(row.inbound, row.position))
        except CarrierBusy as error:
            log.warning("the carrier does not take messages: %s", error)
            await asyncio.to_thread(outbox.again, row.id, later, "busy")
        except CarrierRefused as error:
            if error.code == OPTED_OUT:
                await asyncio.to_thread(self._families.opt, row.conversation, out=True)
                await asyncio.to_thread(outbox.block, row.id)
            else:
                log.warning("%s", error)
                await asyncio.to_thread(outbox.dead, row.id, error.code)
        except CarrierError as error:
            log.warning("nobody knows whether a message was taken: %s", error)
            await asyncio.to_thread(outbox.unsure, row.id, time.time() + ASK_AFTER, "no answer")
        else:
            await asyncio.to_thread(outbox.taken, row.id, carrier_sid)

    async def _ask_after(self, row: Outgoing, sms: Sms) -> None:
        now, outbox = time.time(), self._outbox
        wait = row.attempted_at + ASK_AFTER - now
        if wait > 0:
            await asyncio.to_thread(outbox.unsure, row.id, now + wait, "no answer")
            return
        known = await asyncio.to_thread(outbox.carrier_sids, row.conversation)
        try:
            carrier_sid = await self._carrier.find(sms, row.attempted_at, known)
        except CarrierError as error:
            log.warning("the carrier cannot be asked after a message: %s", error)
            if row.lookups + 1 >= MOST_LOOKUPS:
                await asyncio.to_thread(outbox.unanswerable, row, now)
            else:
                due_at = now + BACKOFF[row.lookups + 1]
                await asyncio.to_thread(outbox.unsure, row.id, due_at, "not asked", looked=True)
            return
        if carrier_sid:
            await asyncio.to_thread(outbox.taken, row.id, carrier_sid)
        else:
            await asyncio.to_thread(outbox.again, row.id, now, "lost")
