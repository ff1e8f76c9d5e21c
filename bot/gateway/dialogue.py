"""The way of one message through triage, engine and rendering, whatever channel it came by."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot import language
from bot.danger import Danger, LearnedLimits, judge
from bot.encoder import Encoder
from bot.errors import EngineError
from bot.gateway.engine import Engine, EngineAnswer
from bot.gateway.tokens import Tokens
from bot.other_languages import OtherLanguages
from bot.reply import Message, Reply, SafetyCatalogue
from bot.store import Conversation, Store
from bot.text import MAX_TRIAGE_CHARS, clean, sms_text
from bot.triage import Finding, Triage
from bot.urgency import SILENCE_HOURS, Signals, Standing, rise_or_fall

log = logging.getLogger(__name__)

# The learned voice knows two languages, and is not asked about others.
CALM = {"routine": 1.0, "urgent": 0.0, "crisis": 0.0, "emergency": 0.0}


class TooLong(Exception):
    """A message over the limit that holds no danger; carries no text of it."""


@dataclass(frozen=True)
class Incoming:
    """One message as a channel hands it over; `conversation_id` None begins a new one."""

    conversation_id: str | None
    text: str
    channel: str
    lang: str | None = None


class Dialogue:
    """Answers messages: the one module that all channels stand on."""

    def __init__(
        self,
        *,
        triage: Triage,
        safety: SafetyCatalogue,
        limits: LearnedLimits,
        signals: Signals,
        engine: Engine,
        store: Store,
        tokens: Tokens,
        encoder: Encoder | None,
        max_text: int,
        others: OtherLanguages,
    ) -> None:
        """Join the parts.

        Args:
            triage: the rules.
            safety: fixed safety texts.
            limits: of the learned danger classifier.
            signals: the family's own words that lower an urgency.
            engine: Rasa.
            store: standing urgencies.
            tokens: makes conversation ids and tokens.
            encoder: speaks for the learned voice while Rasa is down; None does without.
            max_text: longest message that is answered, in characters.
            others: the languages that we do not speak.
        """
        self._triage = triage
        self._safety = safety
        self._limits = limits
        self._signals = signals
        self._engine = engine
        self._store = store
        self._tokens = tokens
        self._encoder = encoder
        self._max_text = max_text
        self._others = others

    async def respond(self, incoming: Incoming) -> Reply:
        """Answer one message.

        Raises:
            TooLong: over the limit, and triage found no danger in its first 20,000 characters.
        """
        clock = {"start": time.perf_counter()}
        text = clean(incoming.text[:MAX_TRIAGE_CHARS])
        finding = self._triage.read(text)
        other = self._others.read(text)
        finding = other.join(finding) if other else finding
        clock["triage"] = time.perf_counter()
        before = await asyncio.to_thread(self._open, incoming.conversation_id)
        wish = language.wish(text)
        again = wish is not None and wish.only
        lang = incoming.lang or language.detect(text, before.lang if before.seen_at else None)
        lang = "en" if other else wish.lang if wish else lang
        if not text:
            await asyncio.to_thread(self._keep, before)
            return self._plain(before, lang, incoming.channel, "fallback.empty")
        answer: EngineAnswer | None = None
        too_long = len(incoming.text) > self._max_text
        # What the rules call an emergency waits for nobody.
        if other:
            answer = self._interpreter(lang, incoming.channel)
        elif finding.level != "emergency" and not too_long:
            answer = await self._ask(before, text, finding.level, lang, incoming.channel, again)
        danger = self._judge(finding, answer, text)
        if too_long and danger.level == "routine":
            raise TooLong
        clock["engine"] = time.perf_counter()
        returned = before.urgency != "routine" and self._silent(before)
        base = replace(before, urgency="routine", kind="", also="") if returned else before
        # "Not right now" may answer a question of the check: then it takes nothing back.
        said = "" if answer and answer.guided else self._signals.read(text)
        standing = rise_or_fall(base.urgency, base.kind, base.also, danger, said)
        after = replace(
            base, urgency=standing.level, kind=standing.kind, also=standing.also, lang=lang
        )
        await asyncio.to_thread(self._keep, after)
        if again and standing.level != "routine":
            # What to do is said once more, in the language that was asked for.
            standing = replace(standing, raised=True)
        messages = self._messages(danger, standing, answer, lang, incoming.channel, returned)
        if other:
            messages = self._others.above(messages, other, standing.level, incoming.channel)
        return Reply(
            conversation=self._tokens.sign(after.id),
            lang=lang,
            urgency=standing.level,
            message_urgency=danger.level,
            messages=for_channel(messages, incoming.channel),
            explain=_explain(clock, finding, danger, answer),
        )

    def _open(self, conversation_id: str | None) -> Conversation:
        if conversation_id:
            try:
                known = self._store.load(conversation_id)
            except SQLAlchemyError as error:
                # The family is answered all the same, as in a first message.
                log.error("database failed: %s", type(error).__name__)  # noqa: TRY400 - a statement quotes its values
                return Conversation(conversation_id)
            if known:
                return known
        return Conversation(self._tokens.new_id())

    def _keep(self, conversation: Conversation) -> None:
        try:
            self._store.save(conversation)
        except SQLAlchemyError as error:
            log.error("database failed: %s", type(error).__name__)  # noqa: TRY400

    @staticmethod
    def _silent(conversation: Conversation) -> bool:
        return time.time() - conversation.seen_at > SILENCE_HOURS * 3600

    async def _ask(
        self, before: Conversation, text: str, level: str, lang: str, channel: str, again: bool
    ) -> EngineAnswer | None:
        metadata = {"lang": lang, "channel": channel, "urgency": before.urgency, "danger": level}
        metadata |= {"again": "yes"} if again else {}
        try:
            return await self._engine.ask(before.id, text, metadata)
        except EngineError as error:
            log.warning("engine failed: %s", error)
            return None

    def _judge(self, finding: Finding, answer: EngineAnswer | None, text: str) -> Danger:
        levels: Mapping[str, float] = answer.levels if answer else {}
        kinds: Mapping[str, float] = answer.kinds if answer else {}
        if not levels and self._encoder and finding.level != "emergency":
            read = self._encoder.read([text])
            levels = dict(zip(self._encoder.level_names, map(float, read.levels[0]), strict=True))
            kinds = dict(zip(self._encoder.kind_names, map(float, read.kinds[0]), strict=True))
        return judge(finding, levels, kinds, self._limits, answer.raised if answer else None)

    def _messages(
        self,
        danger: Danger,
        standing: Standing,
        answer: EngineAnswer | None,
        lang: str,
        channel: str,
        returned: bool,
    ) -> tuple[Message, ...]:
        safety: list[Message] = []
        if returned:
            safety.append(self._fixed("reminder.returned", lang, channel))
        if standing.cleared:
            safety.append(self._fixed(f"cleared.{standing.cleared}", lang, channel))
        if standing.level == "urgent" and answer and answer.says_what_to_do:
            pass
        elif standing.raised:
            safety.append(self._safety.message(standing.level, standing.kind, lang, channel))
            if standing.also:
                safety.append(self._safety.message("crisis", standing.also, lang, channel))
            # Nothing else competes with the reply that raises a danger to life.
            if standing.level in ("emergency", "crisis"):
                return tuple(safety)
        elif standing.level != "routine":
            safety.append(self._fixed(f"reminder.{standing.level}", lang, channel))
        # A question beside it is answered too; what was not understood would only distract.
        if (standing.cleared or danger.level != "routine") and not (answer and answer.asks):
            return tuple(safety)
        if answer is None:
            return (*safety, self._help("fallback.engine_down", lang, channel))
        said = list(answer.messages)
        if danger.conditional and said:
            past = self._safety.say("context.past", lang, channel)
            notice = " ".join(filter(None, [said[0].notice, past]))
            said[0] = replace(said[0], notice=notice)
        return (*safety, *said)

    def _plain(self, before: Conversation, lang: str, channel: str, text_id: str) -> Reply:
        messages: tuple[Message, ...] = (self._help(text_id, lang, channel),)
        if before.urgency != "routine":
            messages = (self._fixed(f"reminder.{before.urgency}", lang, channel), *messages)
        return Reply(self._tokens.sign(before.id), lang, before.urgency, "routine", messages)

    def _interpreter(self, lang: str, channel: str) -> EngineAnswer:
        """What is said, without the engine, to who writes in a language that we do not speak."""
        return EngineAnswer((self._help("fallback.other_language", lang, channel),), CALM, {}, {})

    def _fixed(self, text_id: str, lang: str, channel: str) -> Message:
        sources = tuple(self._safety.sources[s] for s in self._safety.texts[text_id].sources)
        return Message("safety", None, self._safety.say(text_id, lang, channel), sources=sources)

    def _help(self, text_id: str, lang: str, channel: str) -> Message:
        return Message("fallback", None, self._safety.say(text_id, lang, channel))


def for_channel(messages: tuple[Message, ...], channel: str) -> tuple[Message, ...]:
    """The messages in characters that the channel carries well; citations stay literal."""
    if channel != "sms":
        return messages
    return tuple(
        replace(m, text=sms_text(m.text), notice=sms_text(m.notice) if m.notice else None)
        for m in messages
    )


def _explain(
    clock: Mapping[str, float], finding: Finding, danger: Danger, answer: EngineAnswer | None
) -> dict[str, Any]:
    now = time.perf_counter()
    return {
        "rules": [
            {"id": h.rule, "level": h.level, "kind": h.kind, "matched": h.text}
            for h in finding.hits
        ],
        "lowered": [h.rule for h in finding.lowered],
        "flags": sorted(finding.flags),
        "voices": danger.voices,
        "kind": danger.kind,
        "levels": dict(answer.levels) if answer else {},
        "engine": "answered" if answer else "not asked or down",
        **(answer.explain if answer else {}),
        "ms": {
            "triage": round((clock["triage"] - clock["start"]) * 1000, 2),
            "engine": round((clock["engine"] - clock["triage"]) * 1000, 2),
            "total": round((now - clock["start"]) * 1000, 2),
        },
    }
