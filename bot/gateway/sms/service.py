"""The SMS channel as a whole: opened with the gateway, tended by one loop, closed with it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from urllib.parse import urlencode

from sqlalchemy.exc import SQLAlchemyError
from twilio.request_validator import RequestValidator

from bot.errors import ConfigError
from bot.gateway.dialogue import Dialogue
from bot.gateway.sms.answering import Answering
from bot.gateway.sms.carrier import Carrier
from bot.gateway.sms.keys import Keys
from bot.gateway.sms.line import Line
from bot.gateway.sms.pieces import Pieces
from bot.gateway.sms.sender import Sender
from bot.gateway.sms.settings import SmsSettings
from bot.gateway.sms.texts import SmsTexts
from bot.reply import SafetyCatalogue
from bot.settings import Settings
from bot.store import Store
from bot.store.database import open_database
from bot.store.sms_families import Families
from bot.store.sms_inbox import Inbox
from bot.store.sms_outbox import OPTED_OUT, Outbox
from bot.store.trackers import Trackers

log = logging.getLogger(__name__)
TEND_SECONDS = 0.5
PAUSE_SECONDS = 0.05
PURGE_SECONDS = 3600.0


class SmsService:
    """Everything the channel's routes stand on."""

    def __init__(
        self,
        settings: Settings,
        sms: SmsSettings,
        dialogue: Dialogue,
        safety: SafetyCatalogue,
        texts: SmsTexts,
        store: Store,
        carrier: Carrier | None = None,
        forgotten: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Open the database and join the parts.

        Args:
            settings: of the gateway.
            sms: of the channel.
            dialogue: answers.
            safety: fixed safety texts.
            texts: the channel's own.
            store: conversations.
            carrier: a seam for tests.
            forgotten: told of a conversation that was deleted.

        Raises:
            ConfigError: production stands on texts that no clinician has signed.
        """
        if settings.production and texts.reviews.unsigned:
            forms = ", ".join(texts.reviews.unsigned)
            raise ConfigError(f"production cannot start:\n  sms.yml was never signed ({forms})")
        self.settings = sms
        self.texts = texts
        self._engine = open_database(settings.database_url, durable=True)
        self._store = store
        self._forgotten = forgotten
        self._trackers = Trackers(settings)
        self.families = Families(self._engine)
        self.inbox = Inbox(self._engine)
        self.outbox = Outbox(self._engine)
        self._validators = [RequestValidator(token) for token in sms.tokens]
        keys = Keys(sms.key)
        self._carrier = carrier or Carrier(sms)
        self.sender = Sender(self.outbox, self.families, self._carrier, keys, self.callback)
        self._pieces = Pieces(keys, settings.operating.redis_url)
        answering = Answering(
            dialogue=dialogue,
            safety=safety,
            texts=texts,
            families=self.families,
            inbox=self.inbox,
            keys=keys,
            settings=sms,
            pieces=self._pieces,
            forget=self.forget,
        )
        self.line = Line(answering, self.inbox, self.families, keys, sms, self.sender.wake)
        self._loop: asyncio.Task[None] | None = None
        self._stopping = False

    def signed(self, url: str, fields: dict[str, str], signature: str) -> bool:
        """Whether Twilio has signed a webhook with one of our tokens."""
        return any(v.validate(url, fields, signature) for v in self._validators)

    def callback(self, inbound: str, position: int) -> str:
        """Address for the carrier's reports on one message of a reply."""
        query = urlencode({"inbound": inbound, "position": position})
        return f"{self.settings.public_url}/sms/status?{query}"

    async def forget(self, conversation: str) -> None:
        """Delete what is kept of a conversation, here, in the dialogue and in Rasa."""
        await asyncio.to_thread(self._store.delete, conversation)
        await asyncio.to_thread(self.families.forget, conversation)
        await asyncio.to_thread(self._trackers.delete, conversation)
        self._forgotten(conversation)

    async def report(
        self, inbound: str, position: int, carrier_sid: str, status: str, error: str
    ) -> None:
        """What the carrier says of a message."""
        conversation = await asyncio.to_thread(
            self.outbox.status, inbound, position, carrier_sid, status, error
        )
        if conversation is None:
            return
        if error == OPTED_OUT:
            await asyncio.to_thread(self.families.opt, conversation, out=True)
        # What waited for this message may go now.
        self.sender.wake.set()

    async def purge(self) -> int:
        """Delete what is older than the retention; gives the number of families forgotten."""
        days = self.settings.retention_days
        gone = await asyncio.to_thread(self.families.purge, time.time(), days)
        for conversation in gone:
            await asyncio.to_thread(self._store.delete, conversation)
            await asyncio.to_thread(self._trackers.delete, conversation)
        return len(gone)

    def start(self) -> None:
        """Begin to tend inbox and outbox."""
        self._loop = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop, and give back connections."""
        self._stopping = True
        self.sender.wake.set()
        if self._loop:
            # Asked and not cancelled: what it has begun with the database it also ends.
            await self._loop
        await self.line.stop()
        await self.sender.stop()
        await self._carrier.close()
        await self._pieces.close()
        self._trackers.close()
        self._engine.dispose()

    async def _run(self) -> None:
        purged_at = tended_at = 0.0
        while not self._stopping:
            try:
                self.sender.wake.clear()
                await self.sender.start_due()
                now = time.monotonic()
                if now - tended_at >= TEND_SECONDS:
                    tended_at = now
                    await self.line.tend()
                if now - purged_at >= PURGE_SECONDS:
                    purged_at = now
                    await self.purge()
            except SQLAlchemyError as error:
                log.error("database failed: %s", type(error).__name__)  # noqa: TRY400
                await asyncio.sleep(TEND_SECONDS)
            except Exception as error:  # noqa: BLE001 - the loop must go on
                log.error("the SMS loop failed: %s", type(error).__name__)  # noqa: TRY400
                await asyncio.sleep(TEND_SECONDS)
            # Many wake-ups in a moment are one.
            await asyncio.sleep(PAUSE_SECONDS)
            if not self._stopping:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(TEND_SECONDS):
                        await self.sender.wake.wait()
