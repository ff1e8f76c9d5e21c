"""The evaluation messages sent through the running engine, without a draft and with it.

Nothing of it is a conversation of a family: each message has a sender of its own, of which the
engine keeps nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot import language
from bot.errors import BotError, EngineError
from bot.gateway.dialogue import Dialogue
from bot.gateway.engine import Engine
from bot.live import LiveContent, load_content, with_draft
from bot.reply import Message, SafetyCatalogue
from bot.settings import ROOT, Settings
from bot.store.content import ContentStore
from bot.store.content_tables import Version
from bot.store.replays import Replays
from bot.topics import CHANNELS, LANGUAGES

log = logging.getLogger(__name__)
MESSAGES = ROOT / "eval" / "dev.jsonl"
STEP = 10
# Longer than a family waits: the first message of a draft reads all texts, and indexes a new page.
PATIENCE = 60.0  # seconds


@dataclass(frozen=True)
class Asked:
    """One evaluation message, as it is sent by one channel."""

    id: str
    text: str
    lang: str
    channel: str


@lru_cache(maxsize=2)
def read_messages(path: Path = MESSAGES) -> list[Asked]:
    """The evaluation messages, each by both channels; empty where this machine has none."""
    if not path.exists():
        return []
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        Asked(raw["id"], raw["text"], _lang(raw), channel) for raw in lines for channel in CHANNELS
    ]


def _lang(raw: Mapping[str, str]) -> str:
    """The language of the reply: the message's own; of one that mixes two, its question's."""
    return raw["lang"] if raw["lang"] in LANGUAGES else language.detect(raw["text"])


@dataclass
class Replayer:
    """Compares replies in a thread of its own."""

    settings: Settings
    content: ContentStore
    live: LiveContent
    replays: Replays
    dialogue: Dialogue
    engine: Callable[[], Engine]
    messages: Sequence[Asked] = field(default_factory=read_messages)

    def start(self, version: Version) -> bool:
        """Begin a replay in the background; False where one is running, or there is nothing to."""
        if not self.messages or not self.replays.begin(version, len(self.messages)):
            return False
        threading.Thread(target=self.run, args=(version,), name="replay", daemon=True).start()
        return True

    def run(self, version: Version) -> None:
        """Send every message twice, and keep what differs."""
        changes: list[dict[str, str]] = []
        try:
            asyncio.run(self._compare(version, changes))
        except (BotError, SQLAlchemyError, OSError) as error:
            log.warning("a replay failed: %s", type(error).__name__)
            self.replays.step(version.id, 0, changes, "failed")

    async def _compare(self, version: Version, changes: list[dict[str, str]]) -> None:
        engine = self.engine()
        drafted = load_content(self.settings, with_draft(self.content, version))
        catalogues = (self.live.content.safety, drafted.safety)
        number = 0
        try:
            for number, asked in enumerate(self.messages, start=1):
                before = await self._ask(engine, asked, "")
                after = await self._ask(engine, asked, str(version.id))
                danger = await self.dialogue.danger(asked.text)
                told = [_safety(c, danger.level, danger.kind, asked) for c in catalogues]
                if (before, told[0]) != (after, told[1]):
                    changes.append(_change(asked, [told[0], *before], [told[1], *after]))
                if number % STEP == 0:
                    self.replays.step(version.id, number, changes)
        finally:
            await engine.close()
        self.replays.step(version.id, number, changes, "done")

    async def _ask(self, engine: Engine, asked: Asked, draft: str) -> list[Message | None]:
        sender = f"replay-{secrets.token_hex(8)}"
        metadata = {"lang": asked.lang, "channel": asked.channel, "urgency": "routine"}
        metadata |= {"danger": "routine"} | ({"draft": draft} if draft else {})
        try:
            return list((await engine.ask(sender, asked.text, metadata, kept=False)).messages)
        except EngineError:
            # Once more: a slow answer is no difference that a draft makes.
            return list((await engine.ask(sender, asked.text, metadata, kept=False)).messages)


def _safety(catalogue: SafetyCatalogue, level: str, kind: str, asked: Asked) -> Message | None:
    if level == "routine":
        return None
    return catalogue.message(level, kind, asked.lang, asked.channel)


def _change(
    asked: Asked, before: Sequence[Message | None], after: Sequence[Message | None]
) -> dict[str, str]:
    shown = {"id": asked.id, "text": asked.text, "channel": asked.channel, "lang": asked.lang}
    was, now = "\n\n".join(_texts(before)), "\n\n".join(_texts(after))
    if was == now:
        now += "\n\n(The same words; other quotes or buttons.)"
    return {**shown, "before": was, "after": now}


def _texts(messages: Sequence[Message | None]) -> Iterator[str]:
    for message in messages:
        if message:
            yield "\n".join(filter(None, (message.text, message.notice)))
