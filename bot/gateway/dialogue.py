"""The way of one message through triage, engine and rendering, whatever channel it came by."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot import language, tracing
from bot.danger import Danger, LearnedLimits, judge, learned_level
from bot.decide import PLEASANTRIES
from bot.encoder import Encoder
from bot.errors import EngineError
from bot.gateway import metrics
from bot.gateway.engine import Engine, EngineAnswer
from bot.gateway.record.exchange import Exchange
from bot.gateway.standings import Standings, database_failed
from bot.gateway.tokens import Tokens
from bot.logs import REQUEST
from bot.other_languages import Heard, OtherLanguages
from bot.questions import is_question
from bot.reply import Message, Reply, SafetyCatalogue
from bot.store import Conversation, Store
from bot.text import MAX_TRIAGE_CHARS, clean, sms_text
from bot.triage import Finding, Hit, Triage
from bot.urgency import SILENCE_HOURS, Signals, Standing, rise_or_fall

log = logging.getLogger(__name__)

# The learned voice knows two languages, and is not asked about others.
CALM = {"routine": 1.0, "urgent": 0.0, "crisis": 0.0, "emergency": 0.0}


class TooLong(Exception):
    """A message over the limit that holds no danger; carries no text of it."""


@dataclass(frozen=True)
class Incoming:
    """One message as a channel hands it over.

    Attributes:
        conversation_id: None begins a new conversation.
        text: what the family wrote.
        channel: web or sms.
        lang: of the reply, where it is not to be found out.
        own_id: the channel makes its own ids: an unknown one begins a conversation under it.
        patience: seconds that the engine is waited for, 0 for not at all; None for the usual.
        preview: staff try it out: nothing of it is counted or kept.
        message_id: the caller's id of the message, the same where it is sent again.
    """

    conversation_id: str | None
    text: str
    channel: str
    lang: str | None = None
    own_id: bool = False
    patience: float | None = None
    preview: bool = False
    message_id: str | None = None


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
        note: Callable[[Exchange], None] = lambda _: None,
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
            note: takes note of each answered message, at once.
        """
        self._triage = triage
        self._safety = safety
        self._limits = limits
        self._signals = signals
        self._engine = engine
        self._standings = Standings(store)
        self._tokens = tokens
        self._encoder = encoder
        self._max_text = max_text
        self._others = others
        self._note = note

    async def danger(self, text: str, *, rules_only: bool = False) -> Danger:
        """How dangerous a message is, without asking the engine: the rules and the learned voice.

        Args:
            text: as a family wrote it, of any length.
            rules_only: the learned voice stays silent.
        """
        cleaned = clean(text[:MAX_TRIAGE_CHARS])
        finding, _ = self._find(cleaned)
        if rules_only or not cleaned:
            return judge(finding, {}, {}, self._limits)
        return await asyncio.to_thread(self._judge, finding, None, cleaned)

    def _find(self, text: str) -> tuple[Finding, Heard | None]:
        """What the rules find, those for the languages that we do not speak among them."""
        finding = self._triage.read(text)
        other = self._others.read(text)
        return (other.join(finding) if other else finding), other

    async def standing(self, conversation_id: str) -> Conversation | None:
        """What stands of a conversation; None where it is not known, or silent for a day."""
        known = await asyncio.to_thread(self._standings.load, conversation_id)
        return known if known and not self._silent(known) else None

    async def respond(self, incoming: Incoming) -> Reply:
        """Answer one message.

        Raises:
            TooLong: over the limit, and triage found no danger in its first 20,000 characters.
        """
        start = time.perf_counter()
        with tracing.span("message", {"channel": incoming.channel}) as span:
            reply = await self._respond(incoming)
            span.set_attribute("urgency", reply.message_urgency)
        if not incoming.preview:
            seconds = time.perf_counter() - start
            self._note(Exchange(incoming.text, incoming.channel, reply, seconds))
            metrics.answered(reply, incoming.channel)
        told = {"channel": incoming.channel, "urgency": reply.message_urgency, "lang": reply.lang}
        log.info("answered", extra=told | {"ms": reply.explain.get("ms", {}).get("total", 0.0)})
        return reply

    async def _respond(self, incoming: Incoming) -> Reply:
        clock = {"start": time.perf_counter()}
        with tracing.span("triage"):
            text = clean(incoming.text[:MAX_TRIAGE_CHARS])
            finding, other = self._find(text)
        clock["triage"] = time.perf_counter()
        before = await asyncio.to_thread(self._open, incoming)
        if finding.level == "routine" and self._unknown_help(before, text):
            finding = replace(finding, level="emergency", kind="general", action="call_911")
        asks_again = before.urgency != "routine" and self._signals.asks_what_to_do(text)
        if asks_again and finding.kind in (None, "help"):
            finding = Finding("routine", None, None, settled=True)
        wish = language.wish(text)
        again = wish is not None and wish.only
        lang = incoming.lang or language.detect(text, before.lang if before.seen_at else None)
        lang = "en" if other else wish.lang if wish else lang
        if not text:
            await asyncio.to_thread(self._standings.change, before, lambda now: now)
            return self._plain(before, lang, incoming.channel, "fallback.empty")
        answer: EngineAnswer | None = None
        engine = "not asked"
        too_long = len(incoming.text) > self._max_text
        # What the rules call an emergency waits for nobody.
        if other:
            answer = self._interpreter(lang, incoming.channel)
        elif finding.level != "emergency" and incoming.patience != 0 and not too_long:
            metadata = {"lang": lang, "channel": incoming.channel, "danger": finding.level}
            metadata |= {"again": "yes"} if again else {}
            metadata |= {"settled": "yes"} if finding.settled else {}
            answer = await self._ask(before, text, metadata, incoming)
            engine = "answered" if answer else "down"
        if finding.level == "routine":
            # "He is breathing now", "it started again": the danger that stands, and no new one.
            told = self._signals.tells_of_standing(text, before.urgency)
            finding = replace(finding, settled=finding.settled or told)
        danger = self._judge(finding, answer, text)
        if too_long and danger.level == "routine":
            raise TooLong
        clock["engine"] = time.perf_counter()
        # "Not right now" may answer a question of the check: then it takes nothing back.
        said = "" if answer and answer.guided else self._signals.read(text)
        standing, returned = await self._stand(before, danger, said, lang)
        asks_again = asks_again and not (answer and answer.guided) and standing.level != "routine"
        if asks_again or (again and standing.level != "routine"):
            # What to do is said once more: in the language, or because it was asked for.
            standing = replace(standing, raised=True)
        messages = self._messages(
            danger, standing, answer, lang, incoming.channel, returned, is_question(text)
        )
        if asks_again:
            messages = tuple(m for m in messages if m.kind == "safety")
        if other:
            messages = self._others.above(messages, other, standing.level, incoming.channel)
        return Reply(
            conversation=self._tokens.sign(before.id),
            lang=lang,
            urgency=standing.level,
            message_urgency=danger.level,
            messages=for_channel(messages, incoming.channel),
            explain=self._explain(clock, finding, danger, answer, engine),
        )

    def _unknown_help(self, before: Conversation, text: str) -> bool:
        """True where 911 was called and no danger stands: one that was not told of is there."""
        calm = before.urgency == "routine" or self._silent(before)
        return calm and self._signals.help_called(text)

    async def _stand(
        self, before: Conversation, danger: Danger, said: str, lang: str
    ) -> tuple[Standing, bool]:
        """The urgency that stands after a message, and whether the family returned after silence.

        Read anew: while this message waited for the engine, another may have told of a danger.
        """
        standing, returned = Standing(danger.level, danger.kind, danger.also, raised=False), False

        def change(now: Conversation) -> Conversation:
            nonlocal standing, returned
            returned = now.urgency != "routine" and self._silent(now)
            base = replace(now, urgency="routine", kind="", also="") if returned else now
            standing = rise_or_fall(base.urgency, base.kind, base.also, danger, said)
            return replace(
                base, urgency=standing.level, kind=standing.kind, also=standing.also, lang=lang
            )

        await asyncio.to_thread(self._standings.change, before, change)
        return standing, returned

    def _open(self, incoming: Incoming) -> Conversation:
        if incoming.conversation_id is None:
            return Conversation(self._tokens.new_id())
        wanted = Conversation(incoming.conversation_id)
        try:
            known = self._standings.load(wanted.id)
        except SQLAlchemyError as error:
            # The family is answered all the same, as in a first message.
            database_failed(error)
            return wanted
        return known or (wanted if incoming.own_id else Conversation(self._tokens.new_id()))

    @staticmethod
    def _silent(conversation: Conversation) -> bool:
        return time.time() - conversation.seen_at > SILENCE_HOURS * 3600

    async def _ask(
        self, before: Conversation, text: str, metadata: dict[str, str], incoming: Incoming
    ) -> EngineAnswer | None:
        metadata |= {"urgency": before.urgency, "request": REQUEST.get()}
        try:
            with tracing.span("engine"):
                metadata |= {tracing.PARENT: tracing.parent() or ""}
                known = {name: value for name, value in metadata.items() if value}
                return await self._engine.ask(
                    before.id, text, known, incoming.patience, incoming.message_id
                )
        except EngineError as error:
            metrics.engine_failed(error)
            log.warning("engine failed: %s", error)
            return None

    def _judge(self, finding: Finding, answer: EngineAnswer | None, text: str) -> Danger:
        levels: Mapping[str, float] = answer.levels if answer else {}
        kinds: Mapping[str, float] = answer.kinds if answer else {}
        asked = finding.level != "emergency" and not finding.settled
        if not levels and self._encoder and asked:
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
        question: bool,
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
            unspoken = standing.level == "crisis" and danger.unspoken
            if standing.level in ("emergency", "crisis") and not unspoken:
                return tuple(safety)
        elif standing.eased:
            safety.append(self._fixed("better.emergency", lang, channel))
        elif standing.level != "routine":
            safety.append(self._fixed(f"reminder.{standing.level}", lang, channel))
        # A question beside it is answered too; what was not understood would only distract.
        told = standing.cleared or standing.eased or danger.level != "routine"
        # "What cream is safe?" beside it is heard, too, though the page does not say.
        beyond = question and standing.level == "urgent" and answer and answer.unanswered
        if told and not beyond and not (answer and answer.asks):
            return tuple(safety)
        if answer is None:
            return (*safety, self._help("fallback.engine_down", lang, channel))
        said = list(answer.messages)
        life = standing.level in ("emergency", "crisis")
        if life:
            # "Sorry" or "good night" gets no farewell from us while a life may be in danger.
            said = [m for m in said if m.topic not in (*PLEASANTRIES, "off_topic")]
        if safety and (life or not all(map(_doubts, said))):
            # Beside a danger, a doubt about the question would only distract.
            said = [m for m in said if not _doubts(m)]
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

    def _explain(
        self,
        clock: Mapping[str, float],
        finding: Finding,
        danger: Danger,
        answer: EngineAnswer | None,
        engine: str,
    ) -> dict[str, Any]:
        """The reasons, for staff and operators; `engine` is answered, down or not asked."""
        now = time.perf_counter()
        return {
            "rules": [_hit(hit) for hit in finding.hits],
            "lowered": [_hit(hit) for hit in finding.lowered],
            "flags": sorted(finding.flags),
            "voices": danger.voices,
            "kind": danger.kind,
            "levels": dict(answer.levels) if answer else {},
            "learned": learned_level(answer.levels, self._limits) if answer else None,
            "engine": engine,
            "model": answer.model if answer else "",
            **(answer.explain if answer else {}),
            "ms": {
                "triage": round((clock["triage"] - clock["start"]) * 1000, 2),
                "engine": round((clock["engine"] - clock["triage"]) * 1000, 2),
                "total": round((now - clock["start"]) * 1000, 2),
            },
        }


def for_channel(messages: tuple[Message, ...], channel: str) -> tuple[Message, ...]:
    """The messages in characters that the channel carries well; citations stay literal."""
    if channel != "sms":
        return messages
    return tuple(
        replace(m, text=sms_text(m.text), notice=sms_text(m.notice) if m.notice else None)
        for m in messages
    )


def _doubts(message: Message) -> bool:
    """True for topics to pick from; a question of the guided check has other buttons."""
    return message.kind == "choice" and any(button.topic for button in message.buttons)


def _hit(hit: Hit) -> dict[str, str]:
    """A rule that matched, and the folded words that it found."""
    return {"id": hit.rule, "level": hit.level, "kind": hit.kind, "matched": hit.text}
