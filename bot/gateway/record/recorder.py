"""Counts and keeps what was answered, in its own thread: no reply waits for it or fails by it."""

from __future__ import annotations

import logging
import queue
import random
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.danger import LearnedLimits
from bot.encoder import Encoder, pack
from bot.gateway.record.exchange import Exchange
from bot.gateway.record.origins import Origins
from bot.gateway.record.settings import RecordSettings
from bot.gateway.tokens import Tokens
from bot.glossary import load_glossary
from bot.masking import Masker
from bot.settings import Settings
from bot.source import Page
from bot.store.feedback import Feedback
from bot.store.figures import Cell, Figures
from bot.store.inbox import Inbox, NewText
from bot.text import clean

log = logging.getLogger(__name__)
WAITING = 2000  # messages; more are not counted
FLUSH_SECONDS = 2.0
TIDY_SECONDS = 3600.0
# A "no" comes within minutes of the answer; until then the question waits in memory only.
RECENT = 1000  # answers
RECENT_SECONDS = 1800.0

Mask = Callable[[str], str]


@dataclass(frozen=True)
class Unhelpful:
    """A "no" under an answer: conversation id and topic."""

    conversation: str
    topic: str


@dataclass(frozen=True)
class Forget:
    """A conversation to be forgotten."""

    conversation: str


Item = Exchange | Unhelpful | Forget | None


@dataclass
class Recorder:
    """Takes notes after the reply.

    Attributes:
        figures: counts of messages.
        feedback: votes, whose voters are forgotten after a day.
        inbox: kept texts.
        tokens: read a reply's token.
        origins: hash conversations.
        settings: what is kept.
        limits: of the learned voice.
        open_masker: loads it, once, in this thread; nothing is kept where it fails.
        encoder: gives texts their vectors; None does without.
    """

    figures: Figures
    feedback: Feedback
    inbox: Inbox
    tokens: Tokens
    origins: Origins
    settings: RecordSettings
    limits: LearnedLimits
    open_masker: Callable[[], Mask]
    encoder: Encoder | None = None
    _queue: queue.Queue[Item] = field(default_factory=lambda: queue.Queue(WAITING))
    _counts: Counter[Cell] = field(default_factory=Counter)
    _recent: OrderedDict[tuple[str, str], tuple[float, Exchange]] = field(
        default_factory=OrderedDict
    )
    _mask: Mask | None = None
    _thread: threading.Thread | None = None
    _tidied: float = 0.0

    def start(self) -> None:
        """Begin to work off what is noted."""
        self._thread = threading.Thread(target=self._work, name="recorder", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Work off what waits, and end."""
        if self._thread:
            self._queue.put(None)
            self._thread.join(timeout=10.0)
            self._thread = None

    def note(self, exchange: Exchange) -> None:
        """Note an answered message; takes microseconds, and never waits."""
        self._put(exchange)

    def unhelpful(self, conversation: str, topic: str) -> None:
        """Note a "no": the question, if it is still in memory, goes to the inbox."""
        self._put(Unhelpful(conversation, topic))

    def forget(self, conversation: str) -> None:
        """Delete what is known of a conversation, after what was noted before."""
        self._put(Forget(conversation))

    def _put(self, item: Item) -> None:
        try:
            self._queue.put_nowait(item)
        except queue.Full:
            log.warning("a message was not counted: too many wait")

    def _work(self) -> None:
        if self.settings.keep:
            self._load()
        flushed = time.monotonic()
        while True:
            try:
                item = self._queue.get(timeout=FLUSH_SECONDS)
            except queue.Empty:
                self._safely(self._flush)
                self._safely(self._tidy)
                flushed = time.monotonic()
                continue
            if item is None:
                self._safely(self._flush)
                return
            self._safely(lambda item=item: self._take(item))  # type: ignore[misc]
            if time.monotonic() - flushed > FLUSH_SECONDS:
                self._safely(self._flush)
                self._safely(self._tidy)
                flushed = time.monotonic()

    @staticmethod
    def _safely(step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - the next message is noted all the same
            # The type only: a statement quotes its values.
            log.error("recorder failed: %s", type(error).__name__)  # noqa: TRY400

    def _load(self) -> None:
        try:
            self._mask = self.open_masker()
        except Exception as error:  # noqa: BLE001 - whatever is missing, nothing goes unmasked
            log.error("no text is kept, the masker failed: %s", type(error).__name__)  # noqa: TRY400

    def _take(self, item: Exchange | Unhelpful | Forget) -> None:
        if isinstance(item, Exchange):
            self._counts.update(item.cells())
            if self._mask:
                self._keep(item)
        elif isinstance(item, Unhelpful):
            found = self._recent.pop((item.conversation, item.topic), None)
            if found and time.monotonic() - found[0] < RECENT_SECONDS:
                self._write(found[1], item.conversation, ["unhelpful"])
        else:
            for key in [key for key in self._recent if key[0] == item.conversation]:
                del self._recent[key]
            self.inbox.forget(self.origins.of(item.conversation))

    def _keep(self, exchange: Exchange) -> None:
        conversation = self.tokens.read(exchange.reply.conversation) or ""
        # A sample for people to read, no secret.
        sampled = random.random() < self.settings.share  # noqa: S311
        reasons = list(exchange.reasons(self.limits, self.settings.margin, sampled))
        if reasons:
            self._write(exchange, conversation, reasons)
        if exchange.outcome == "answered":
            for message in exchange.reply.messages:
                if message.kind == "answer" and message.topic:
                    self._recent[conversation, message.topic] = (time.monotonic(), exchange)
            while len(self._recent) > RECENT:
                self._recent.popitem(last=False)

    def _write(self, exchange: Exchange, conversation: str, reasons: list[str]) -> None:
        if self._mask is None:
            return
        text = self._mask(clean(exchange.text))
        vector = pack(self.encoder.encode([text])[0]) if self.encoder else None
        reply, origin = exchange.reply, self.origins.of(conversation)
        self.inbox.add(
            [
                NewText(
                    reason,
                    exchange.channel,
                    reply.lang,
                    reply.topic,
                    reply.message_urgency,
                    text,
                    vector,
                    origin,
                )
                for reason in reasons
            ]
        )

    def _flush(self) -> None:
        if not self._counts:
            return
        try:
            self.figures.add(self._counts)
        except SQLAlchemyError as error:
            # Kept for the next time; a busy database has lost nothing.
            log.warning("figures wait for the database: %s", type(error).__name__)
        else:
            self._counts.clear()

    def _tidy(self) -> None:
        now = time.monotonic()
        for key in [k for k, (at, _) in self._recent.items() if now - at > RECENT_SECONDS]:
            del self._recent[key]
        if self._tidied and now - self._tidied < TIDY_SECONDS:
            return
        self._tidied = now
        self.feedback.purge()
        # Also where keeping was switched off since: what is there runs out.
        self.inbox.purge(self.settings.days)


def open_recorder(
    settings: Settings,
    own: RecordSettings,
    page: Page,
    limits: LearnedLimits,
    engine: sa.Engine,
    encoder: Encoder | None,
) -> Recorder:
    """The recorder on the gateway's database; the masker is loaded only where texts are kept."""

    def open_masker() -> Mask:
        glossary = load_glossary(settings.data_dir / "glossary.yml", page)
        return Masker(settings.data_dir, page, glossary).mask

    return Recorder(
        Figures(engine),
        Feedback(engine),
        Inbox(engine),
        Tokens(settings.secret_key, settings.token_days),
        Origins(settings.secret_key),
        own,
        limits,
        open_masker,
        encoder,
    )
