"""What one message of a family is answered with: danger first, then keywords, limits, dialogue."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot import language
from bot.danger import Danger
from bot.gateway.dialogue import Dialogue, Incoming, TooLong
from bot.gateway.sms.keys import Keys
from bot.gateway.sms.pieces import Pieces
from bot.gateway.sms.reading import GRAVE, Read, Text
from bot.gateway.sms.render import Part, render, shorten
from bot.gateway.sms.settings import SmsSettings
from bot.gateway.sms.texts import Keyword, SmsTexts
from bot.reply import Reply, SafetyCatalogue
from bot.store.sms_families import Families, Family
from bot.store.sms_inbox import Inbox, day
from bot.text import clean, sms_text

HOUR = 3600.0
LEAST_PATIENCE = 1.0  # seconds
# "No" may answer "is your baby breathing?": so short a message has twice the hourly limit.
SHORT_REPLY = 2  # words
SHORT_ROOM = 2
VOICES = 2  # messages that the learned voice reads at once


@dataclass(frozen=True)
class Answer:
    """What a message is answered with, and what that changes of the family.

    Attributes:
        parts: messages to the family; none where it gets none.
        family: to be kept; None where nothing of it has changed.
        opted_out: where the family opts out, or in again.
    """

    parts: tuple[Part, ...] = ()
    family: Family | None = None
    opted_out: bool | None = None


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
        pieces: Pieces,
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
            pieces: of thoughts that come in several messages.
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
        self._pieces = pieces
        self._voices = asyncio.Semaphore(VOICES)

    async def read(self, text: Text, conversation: str) -> Read:
        """How dangerous a message is, alone or as the last piece of a thought sent in pieces."""
        if self._texts.is_reaction(text.body):
            return Read("", Danger("routine", "", "", ()))
        danger = await self._dialogue.danger(text.body, rules_only=True)
        if danger.level not in GRAVE:
            # Never so many at once that webhooks would wait for a thread.
            async with self._voices:
                danger = await self._dialogue.danger(text.body)
        calm = danger.level == "routine"
        read = Read(text.body, danger)
        if not read.grave:
            keep = calm and not self._texts.keyword(text.body)
            together = await self._pieces.join(conversation, text.body, keep=keep)
            joined = Read(together, await self._dialogue.danger(together, rules_only=True))
            if joined.grave:
                read = joined
        if read.grave or not calm:
            # What is answered as a danger is not told again.
            await self._pieces.drop(conversation)
        return read

    async def answer(
        self, text: Text, conversation: str, read: Read, waited: float = 0.0
    ) -> Answer:
        """The messages that go back to the family, and what they change of it.

        Args:
            text: as it came in.
            conversation: of the family.
            read: from `read`.
            waited: seconds since it came in; the engine gets what is left.
        """
        family = await asyncio.to_thread(self._families.load, conversation)
        keyword = self._keyword(text, family)
        if family.opted_out and not (keyword and keyword.name.startswith("start")):
            return Answer()
        if self._texts.is_reaction(text.body) and not text.media:
            return Answer()
        after = replace(family, seen_at=time.time(), more=None)
        if keyword and (keyword.name != "start_when_stopped" or family.opted_out):
            after = replace(after, lang=family.lang if family.seen_at else keyword.lang)
            answer = await self._obey(keyword.name, after, family.more)
            if answer is not None:
                said = text.opt_out and not any(part.safety for part in answer.parts)
                return replace(answer, parts=()) if said else answer
        if read.danger.level == "routine":
            wish = "" if text.media else self._texts.wishes_to_stop(text.body)
            if wish:
                return await self._stop(replace(after, lang=wish))
            short = len(clean(text.body).split()) <= SHORT_REPLY
            notice = await self._limit(after, SHORT_ROOM if short else 1)
            if notice is not None:
                return notice
        return await self._converse(text, after, read, waited)

    async def without_database(self, text: Text) -> list[Part]:
        """What a message is answered with while nothing is known of its family."""
        lang = language.detect(text.body)
        danger = await self._dialogue.danger(text.body)
        if danger.level == "routine":
            return [self.help(lang)]
        message = self._safety.message(danger.level, danger.kind, lang, "sms")
        return [Part("safety", sms_text(message.text), safety=True)]

    def tidy(self) -> None:
        """Drop from memory what is too old to be part of a thought."""
        self._pieces.tidy()

    def help(self, lang: str) -> Part:
        """What a family gets that has waited too long."""
        return Part("help", self._fixed("fallback.engine_down", lang), safety=True)

    def _fixed(self, text_id: str, lang: str) -> str:
        return sms_text(self._safety.say(text_id, lang, "sms"))

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

    async def _obey(self, name: str, family: Family, more: str | None) -> Answer | None:
        """The answer to a keyword; None where it is an ordinary word after all."""
        conversation, lang = family.conversation, family.lang
        if name == "stop":
            return await self._stop(family)
        if name in ("start", "start_when_stopped"):
            part = Part("start", self._texts.say("start", lang))
            return Answer((part,), replace(family, greeted=True), opted_out=False)
        if name == "delete":
            await self._pieces.drop(conversation)
            await self._forget(conversation)
            return Answer((Part("delete", self._texts.say("delete", lang)),))
        if name == "help":
            family = replace(family, more=more)
            standing = await self._dialogue.standing(conversation)
            if standing and standing.urgency in GRAVE:
                message = self._safety.message(standing.urgency, standing.kind, lang, "sms")
                return Answer((Part("safety", sms_text(message.text), safety=True),), family)
        elif more is None:
            return None
        notice = await self._limit(family)
        if notice is not None:
            return notice
        if name == "help":
            return Answer((Part("help", self._texts.say("help", lang)),), family)
        shown, rest = shorten(self._keys.open(more or ""), self._texts.say("more", lang))
        sealed = self._keys.seal(rest) if rest else None
        return Answer((Part("more", shown),), replace(family, more=sealed))

    async def _stop(self, family: Family) -> Answer:
        await self._pieces.drop(family.conversation)
        part = Part("stop", self._texts.say("stop", family.lang))
        return Answer((part,), family, opted_out=True)

    async def _limit(self, family: Family, room: int = 1) -> Answer | None:
        """A single notice, then nothing, where a limit is reached; None where none is.

        Args:
            family: who wrote.
            room: how many times the hourly limit this message may use.
        """
        now = time.time()
        count = await asyncio.to_thread(self._inbox.count_since, family.conversation, now - HOUR)
        spent = await asyncio.to_thread(self._families.counter, f"segments {day(now)}")
        name = ""
        if count > self._settings.hourly_limit * room:
            name = "limit_number"
        elif spent >= self._settings.daily_segments:
            name = "limit_all"
        if not name:
            return None
        # A day's limit is told once a day, an hour's once an hour.
        if now - family.noticed_at < (HOUR if name == "limit_number" else 24 * HOUR):
            return Answer((), family)
        part = Part("limit", self._texts.say(name, family.lang))
        return Answer((part,), replace(family, noticed_at=now))

    async def _converse(self, text: Text, family: Family, read: Read, waited: float) -> Answer:
        words = clean(read.said)
        lang = family.lang if family.seen_at and not words else None
        parts: list[Part] = []
        rest = ""
        if words or not text.media:
            # Faces and hearts alone are no words that could be understood.
            wordless = read.danger.level == "routine" and not any(map(str.isalnum, words))
            # Who has had the help text already is still answered, if the engine is quick.
            patience = max(self._settings.help_seconds - waited, LEAST_PATIENCE)
            said = "" if wordless else read.said
            reply = await self._ask(said, family.conversation, lang, read, patience)
            if isinstance(reply, Reply):
                lang = reply.lang
                escalation = self._fixed("notice.escalation", lang)
                rendered = render(reply.messages, self._texts, lang, escalation)
                down = replace(self.help(lang), safety=False)
                parts = [down if part.text == down.text else part for part in rendered.parts]
                rest = rendered.rest
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
        return Answer(tuple(parts), replace(family, lang=lang, greeted=True, more=more))

    async def _ask(
        self, said: str, conversation: str, lang: str | None, read: Read, patience: float
    ) -> Reply | str:
        """The dialogue's reply, or the id of the text that says why there is none."""
        wait: float | None = patience
        if read.danger.level != "routine":
            # A danger that the rules find waits for nobody; another not longer than on the web.
            wait = 0 if read.at_once else None
        incoming = Incoming(conversation, said, "sms", lang, own_id=True, patience=wait)
        try:
            return await self._dialogue.respond(incoming)
        except TooLong:
            return "fallback.too_long"
