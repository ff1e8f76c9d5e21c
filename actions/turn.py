"""One turn as an action sees it, and the data that goes back to the gateway."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import tracing
from bot.compose import SUSPICION, Voice
from bot.danger import judge
from bot.decide import Part, Ranking
from bot.desk import Desk, LiveDesk
from bot.encoder import Vectors, unpack
from bot.errors import BotError
from bot.logs import REQUEST
from bot.reply import Message, Raised
from bot.retrieval import Hit
from bot.settings import load_settings
from bot.store.content import ContentStore
from bot.store.database import open_database
from bot.triage import Finding
from bot.urgency import Signals

log = logging.getLogger(__name__)
HITS = 8
# Answers that describe spasms: "he does that" after them is a suspicion.
DESCRIBES = (*SUSPICION, "what_is")
# Quotes remembered on a topic, so that "tell me more" goes on where they end.
SHOWN = 40


# One turn is answered from one desk, even where new content goes live in its middle.
_TURN: ContextVar[Desk | None] = ContextVar("desk", default=None)


@lru_cache(maxsize=1)
def office() -> LiveDesk:
    """Content and models of this process; `actions/__main__.py` loads them before serving."""
    settings = load_settings()
    return LiveDesk(settings, ContentStore(open_database(settings.database_url)))


def desk() -> Desk:
    """What this turn is answered from: the content of this moment, or a draft laid over it."""
    return _TURN.get() or office().desk()


def forget() -> None:
    """Settle nothing any more: the next turn begins anew."""
    _TURN.set(None)


def begin(draft: str) -> None:
    """Settle what a turn is answered from.

    Args:
        draft: id of a version that is laid over it, "" for none; the gateway alone names one.
    """
    try:
        _TURN.set(office().desk(draft))
    except BotError as error:
        log.warning("a draft cannot be served: %s", type(error).__name__)
        _TURN.set(office().desk())


@lru_cache(maxsize=1)
def signals() -> Signals:
    """The family's own words on a danger."""
    return Signals.load(load_settings().data_dir / "safety" / "signals.yml")


def spans_of(quotes: Sequence[str]) -> list[str]:
    """Quotes as "start:end" on the page: a slot travels with every event, and quotes are long."""
    page = desk().composer.library.page
    found = (page.find(quote) for quote in quotes)
    return [f"{span[0]}:{span[1]}" for span in found if span][-SHOWN:]


def quotes_of(spans: Sequence[str]) -> tuple[str, ...]:
    """The quotes that `spans_of` wrote down."""
    text = desk().composer.library.page.text
    places = (span.partition(":") for span in spans)
    return tuple(text[int(start) : int(end)] for start, _, end in places)


@dataclass
class Turn:
    """What Rasa understood of the family's last message.

    Attributes:
        text: the message.
        voice: language and channel.
        ranking: intents with confidence, best first.
        topic: last topic that was answered, where there is one.
        offered: topics offered as a choice in the turn before.
        shown: quotes the family has seen on the last topic.
        again: the family only asks for the other language; the last answer is due in it.
    """

    text: str
    voice: Voice
    intent: str
    ranking: Ranking
    topic: str | None
    offered: tuple[str, ...]
    shown: tuple[str, ...]
    parse: dict[str, Any]
    again: bool = False
    started: float = field(default_factory=time.perf_counter)

    @property
    def vector(self) -> Vectors | None:
        """The message's vector, where Rasa's encoder is the one that the index was made with."""
        encoding = self.parse.get("encoding") or {}
        if encoding.get("version") != desk().encoder_version:
            return None
        return unpack(encoding["vector"])

    @property
    def recognises(self) -> bool:
        """True where the family says, after spasms were described, that their child does that."""
        return self.topic in DESCRIBES and signals().read(self.text) == "recognises"

    @property
    def parts(self) -> list[Part]:
        """The questions of a message that asks several, as Rasa's encoder read them."""
        return [
            Part(raw["text"], sorted(raw["topics"].items(), key=lambda pair: -pair[1]))
            for raw in (self.parse.get("encoding") or {}).get("parts", [])
        ]

    @classmethod
    def read(cls, tracker: Tracker) -> Turn:
        """The turn from Rasa's tracker."""
        parse = tracker.latest_message
        metadata = parse.get("metadata") or {}
        REQUEST.set(str(metadata.get("request", "")))
        begin(metadata.get("draft", ""))
        return cls(
            text=parse.get("text") or "",
            voice=Voice(metadata.get("lang", "en"), metadata.get("channel", "web")),
            intent=(parse.get("intent") or {}).get("name") or "",
            ranking=[(i["name"], i["confidence"]) for i in parse.get("intent_ranking", [])],
            topic=tracker.get_slot("topic"),
            offered=tuple(tracker.get_slot("offered") or ()),
            shown=quotes_of(tracker.get_slot("shown") or ()),
            parse=dict(parse),
            again=bool(metadata.get("again")),
        )

    def reply(
        self,
        dispatcher: CollectingDispatcher,
        messages: Sequence[Message],
        hits: Sequence[Hit],
        check: Mapping[str, Any] | None = None,
        why: Mapping[str, Any] | None = None,
    ) -> list[dict[str, Any]]:
        """Send the messages with what the gateway and an operator need; remember the context.

        Args:
            dispatcher: of this turn.
            messages: the reply.
            hits: what retrieval found, for the operator.
            check: what a guided check tells the gateway (`raise`, `guided`, its own `level`).
            why: what chose the messages, for the operator: `by`, and what that looked at.
        """
        if check is None and self.recognises:
            check = {"raise": {"level": "urgent", "kind": "spasms"}}
            # What was described is not described once more.
            messages = [m for m in messages if m.kind == "answer" and m.topic not in DESCRIBES]
        encoding = self.parse.get("encoding") or {}
        action_ms = round((time.perf_counter() - self.started) * 1000, 2)
        log.info("composed", extra={"ms": action_ms})
        parent = (self.parse.get("metadata") or {}).get(tracing.PARENT)
        tracing.passed("action", time.time_ns() - int(action_ms * 1e6), parent)
        if "channel" not in (self.parse.get("metadata") or {}):
            # `rasa shell` and its like: no gateway joins triage and answer, so this does.
            for message in self._with_safety(messages, check or {}):
                dispatcher.utter_message(text=message.text)
            return self._remember(messages)
        dispatcher.utter_message(
            json_message={
                "messages": [asdict(message) for message in messages],
                "level": {k: encoding[k] for k in ("levels", "kinds") if k in encoding},
                "explain": {
                    "intent": self.intent,
                    "intents": [{"name": n, "confidence": c} for n, c in self.ranking],
                    "passages": [
                        {
                            "text": hit.passage.text,
                            "section": hit.passage.section,
                            "span": [hit.passage.start, hit.passage.end],
                            "score": round(hit.score, 3),
                            "lexical": round(hit.lexical, 3),
                            "dense": round(hit.dense, 3),
                        }
                        for hit in hits[:5]
                    ],
                    "decision": dict(why or {}),
                    "content": desk().content_version,
                    "action_ms": action_ms,
                },
                **(check or {}),
            }
        )
        return self._remember(messages)

    def _with_safety(self, messages: Sequence[Message], check: Mapping[str, Any]) -> list[Message]:
        """The messages under the safety text they call for; that alone where life is at risk."""
        triage = self.parse.get("triage") or {"level": "routine", "kind": None}
        encoding = check.get("level") or self.parse.get("encoding") or {}
        raised = Raised.from_dict(check["raise"]) if "raise" in check else None
        danger = judge(
            Finding(triage["level"], triage["kind"], None, settled=bool(triage.get("settled"))),
            encoding.get("levels", {}),
            encoding.get("kinds", {}),
            desk().learned,
            raised,
        )
        told = danger.level == "urgent" and any(message.kind == "safety" for message in messages)
        if danger.level == "routine" or told:
            return list(messages)
        safety = desk().safety.message(
            danger.level, danger.kind, self.voice.lang, self.voice.channel
        )
        beside = danger.level == "urgent" or danger.unspoken
        return [safety, *messages] if beside else [safety]

    def _remember(self, messages: Sequence[Message]) -> list[dict[str, Any]]:
        offered = [b.topic for m in messages if m.kind == "choice" for b in m.buttons if b.topic]
        answered = [m for m in messages if m.kind == "answer" and m.topic]
        events = [SlotSet("offered", offered)]
        if answered:
            last = answered[-1]
            quotes = [c.quote for m in answered for c in m.citations]
            before = list(self.shown) if last.topic == self.topic else []
            events += [SlotSet("topic", last.topic), SlotSet("shown", spans_of([*before, *quotes]))]
        return events
