"""What one message of a family is answered with: danger first, then keywords, limits, dialogue."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot import language
from bot.danger import Danger
from bot.gateway.dialogue import Dialogue, Incoming, TooLong
from bot.gateway.sms.keys import Keys
from bot.gateway.sms.render import Part, plain, render, shorten
from bot.gateway.sms.settings import SmsSettings
from bot.gateway.sms.texts import Keyword, SmsTexts
from bot.reply import Reply, SafetyCatalogue
from bot.store.sms_families import Families, Family
from bot.store.sms_inbox import Inbox, day
from bot.text import clean

GRAVE = ("emergency", "crisis")
HOUR = 3600.0
# One thought is often sent in pieces; this far back they are read as one.
BURST_SECONDS = 60.0
BURST_MESSAGES = 4


@dataclass(frozen=True)
class Text:
    """A message as it came in.

    Attributes:
        number: the family's, E.164.
        to: the hospital's number that it wrote to.
        body: may be empty.
        media: how many pictures or videos came with it.
        opt_out: STOP, START or HELP where the carrier has answered the keyword itself.
    """

    number: str
    to: str
    body: str
    media: int = 0
    opt_out: str = ""


@dataclass(frozen=True)
class Read:
    """A message as triage reads it: what was said, with earlier pieces of it, and the danger."""

    said: str
    danger: Danger

    @property
    def grave(self) -> bool:
        """True where life is in danger: such a message waits for no other."""
        return self.danger.level in GRAVE

    @property
    def at_once(self) -> bool:
        """True where the rules have found it; nothing the engine could say would change it."""
        return self.grave and "rules" in self.danger.voices


class Pieces:
    """The last calm messages of each family, in memory for a minute.

    A danger may be told in pieces: "his lips are", "blue".
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, deque[tuple[float, str]]] = {}

    def with_earlier(self, conversation: str, text: str) -> str:
        """A message after what the family wrote within the last minute, in one line."""
        return " ".join([*(said for _, said in self._fresh(conversation)), text])

    def keep(self, conversation: str, text: str) -> None:
        """Remember a message."""
        fresh = deque(self._fresh(conversation), maxlen=BURST_MESSAGES)
        fresh.append((self._clock(), text))
        self._kept.pop(conversation, None)
        self._kept[conversation] = fresh

    def tidy(self) -> None:
        """Drop what is too old; in the order of last messages, who has been silent is first."""
        while self._kept and not self._fresh(next(iter(self._kept))):
            del self._kept[next(iter(self._kept))]

    def drop(self, conversation: str) -> None:
        """Forget a family's pieces."""
        self._kept.pop(conversation, None)

    def _fresh(self, conversation: str) -> list[tuple[float, str]]:
        oldest = self._clock() - BURST_SECONDS
        return [piece for piece in self._kept.get(conversation, ()) if piece[0] >= oldest]


class Answering:
    """Answers messages; keeps what the channel must know of a family."""

    def __init__(
        self,
        *,
        dialogue: Dialogue,
        safety: SafetyCatalogue,
        texts: SmsTexts,
        families: Families,
        inbox: Inbox,
        keys: Keys,
        settings: SmsSettings,
        forget: Callable[[str], Awaitable[None]],
    ) -> None:
        """Join the parts.

        Args:
            dialogue: answers what is no matter of the channel.
            safety: fixed safety texts.
            texts: the channel's own.
            families: in the database.
            inbox: counts a family's messages.
            keys: seal what is left for MORE.
            settings: limits and patience.
            forget: deletes a conversation everywhere.
        """
        self._dialogue = dialogue
        self._safety = safety
        self._texts = texts
        self._families = families
        self._inbox = inbox
        self._keys = keys
        self._settings = settings
        self._forget = forget
        self._pieces = Pieces()

    async def read(self, text: Text, conversation: str) -> Read:
        """How dangerous a message is, alone or as the last piece of a thought sent in pieces."""
        if self._texts.is_reaction(text.body):
            return Read("", Danger("routine", "", "", ()))
        danger = await self._dialogue.danger(text.body)
        if danger.level not in GRAVE:
            together = self._pieces.with_earlier(conversation, text.body)
            joined = await self._dialogue.danger(together, rules_only=True)
            if joined.level in GRAVE:
                self._pieces.drop(conversation)
                return Read(together, joined)
        if danger.level == "routine":
            if not self._texts.keyword(text.body):
                self._pieces.keep(conversation, text.body)
        else:
            # What is answered as a danger is not told again.
            self._pieces.drop(conversation)
        return Read(text.body, danger)

    async def answer(self, text: Text, conversation: str, read: Read) -> list[Part]:
        """The messages that go back to the family; none where it gets none."""
        family = await asyncio.to_thread(self._families.load, conversation)
        keyword = self._keyword(text, family)
        if family.opted_out and not (keyword and keyword.name.startswith("start")):
            return []
        if self._texts.is_reaction(text.body) and not text.media:
            return []
        after = replace(family, seen_at=time.time(), more=None)
        if keyword and (keyword.name != "start_when_stopped" or family.opted_out):
            after = replace(after, lang=family.lang if family.seen_at else keyword.lang)
            parts = await self._obey(keyword.name, after, family.more)
            if parts is not None:
                return [] if text.opt_out and not any(p.safety for p in parts) else parts
        if read.danger.level == "routine":
            wish = "" if text.media else self._texts.wishes_to_stop(text.body)
            if wish:
                return await self._stop(replace(after, lang=wish))
            notice = await self._limit(after)
            if notice is not None:
                return notice
        return await self._converse(text, after, read)

    async def without_database(self, text: Text) -> list[Part]:
        """What a message is answered with while nothing is known of its family."""
        lang = language.detect(text.body)
        danger = await self._dialogue.danger(text.body)
        if danger.level == "routine":
            return [self.help(lang)]
        message = self._safety.message(danger.level, danger.kind, lang, "sms")
        return [Part("safety", plain(message.text), safety=True)]

    def tidy(self) -> None:
        """Drop from memory what is too old to be part of a thought."""
        self._pieces.tidy()

    def help(self, lang: str) -> Part:
        """What a family gets that has waited too long."""
        return Part("help", self._fixed("fallback.engine_down", lang), safety=True)

    def _fixed(self, text_id: str, lang: str) -> str:
        return plain(self._safety.say(text_id, lang, "sms"))

    def _keyword(self, text: Text, family: Family) -> Keyword | None:
        """The keyword that a message is; the carrier's own word on it counts for an opt-out.

        For others it may take more words than we do: YES and INFO are ordinary ones here.
        """
        keyword = None if text.media else self._texts.keyword(text.body)
        if text.opt_out == "STOP" and not keyword:
            return Keyword("stop", family.lang)
        if text.opt_out == "START" and not keyword and family.opted_out:
            return Keyword("start", family.lang)
        return keyword

    async def _obey(self, name: str, family: Family, more: str | None) -> list[Part] | None:
        """The answer to a keyword; None where it is an ordinary word after all."""
        conversation, lang = family.conversation, family.lang
        if name == "stop":
            return await self._stop(family)
        if name in ("start", "start_when_stopped"):
            await asyncio.to_thread(self._families.save, replace(family, greeted=True))
            await asyncio.to_thread(self._families.opt, conversation, out=False)
            return [Part("start", self._texts.say("start", lang))]
        if name == "delete":
            self._pieces.drop(conversation)
            await self._forget(conversation)
            return [Part("delete", self._texts.say("delete", lang))]
        if name == "help":
            standing = await self._dialogue.standing(conversation)
            if standing and standing.urgency in GRAVE:
                message = self._safety.message(standing.urgency, standing.kind, lang, "sms")
                return [Part("safety", plain(message.text), safety=True)]
            family = replace(family, more=more)
        elif more is None:
            return None
        notice = await self._limit(family)
        if notice is not None:
            return notice
        if name == "help":
            await asyncio.to_thread(self._families.save, family)
            return [Part("help", self._texts.say("help", lang))]
        shown, rest = shorten(self._keys.open(more or ""), self._texts.say("more", lang))
        sealed = self._keys.seal(rest) if rest else None
        await asyncio.to_thread(self._families.save, replace(family, more=sealed))
        return [Part("more", shown)]

    async def _stop(self, family: Family) -> list[Part]:
        self._pieces.drop(family.conversation)
        await asyncio.to_thread(self._families.save, family)
        await asyncio.to_thread(self._families.opt, family.conversation, out=True)
        return [Part("stop", self._texts.say("stop", family.lang))]

    async def _limit(self, family: Family) -> list[Part] | None:
        """A single notice, then nothing, where a limit is reached; None where none is."""
        now = time.time()
        count = await asyncio.to_thread(self._inbox.count_since, family.conversation, now - HOUR)
        spent = await asyncio.to_thread(self._families.counter, f"segments {day(now)}")
        name = ""
        if count > self._settings.hourly_limit:
            name = "limit_number"
        elif spent >= self._settings.daily_segments:
            name = "limit_all"
        if not name:
            return None
        # A day's limit is told once a day, an hour's once an hour.
        told = now - family.noticed_at < (HOUR if name == "limit_number" else 24 * HOUR)
        family = family if told else replace(family, noticed_at=now)
        await asyncio.to_thread(self._families.save, family)
        return [] if told else [Part("limit", self._texts.say(name, family.lang))]

    async def _converse(self, text: Text, family: Family, read: Read) -> list[Part]:
        words = clean(read.said)
        lang = family.lang if family.seen_at and not words else None
        parts: list[Part] = []
        rest = ""
        if words or not text.media:
            # Faces and hearts alone are no words that could be understood.
            wordless = read.danger.level == "routine" and not any(map(str.isalnum, words))
            reply = await self._ask("" if wordless else read.said, family.conversation, lang, read)
            if isinstance(reply, Reply):
                lang = reply.lang
                rendered = render(reply.messages, self._texts, lang)
                parts, rest = list(rendered.parts), rendered.rest
            else:
                lang = language.detect(words, family.lang)
                parts = [Part("fallback", self._fixed(reply, lang))]
        lang = lang or family.lang
        extra = [Part("media", self._texts.say("media", lang))] if text.media else []
        if not family.greeted:
            extra.insert(0, Part("intro", self._texts.say("intro", lang)))
        first = sum(part.safety for part in parts)
        parts[first:first] = extra
        more = self._keys.seal(rest) if rest else None
        after = replace(family, lang=lang, greeted=True, more=more)
        await asyncio.to_thread(self._families.save, after)
        return parts

    async def _ask(self, said: str, conversation: str, lang: str | None, read: Read) -> Reply | str:
        """The dialogue's reply, or the id of the text that says why there is none."""
        patience: float | None = self._settings.help_seconds
        if read.danger.level != "routine":
            # A danger that the rules find waits for nobody; another not longer than on the web.
            patience = 0 if read.at_once else None
        incoming = Incoming(conversation, said, "sms", lang, own_id=True, patience=patience)
        try:
            return await self._dialogue.respond(incoming)
        except TooLong:
            return "fallback.too_long"
