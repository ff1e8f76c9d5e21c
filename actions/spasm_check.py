"""The guided check as a Rasa form: the form keeps the place, bot.check_steps decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.early import early
from actions.turn import HITS, Turn, desk, signals
from bot.check_card import CheckWriter
from bot.check_steps import Heard, Step, advance, begin
from bot.danger import learned_level
from bot.decide import decide
from bot.reply import Message, higher
from bot.retrieval import Hit
from bot.spasm_check import Guide, Said, simple

REQUESTED = "requested_slot"
HELD = "check_held"
# What the learned voice says of "2": a number of ours holds no wording to judge.
CALM = {"levels": {"routine": 1.0, "urgent": 0.0, "crisis": 0.0, "emergency": 0.0}, "kinds": {}}


def hear(turn: Turn) -> tuple[Heard, list[Hit]]:
    """What the message is beside an answer: a question, a word on a danger, a danger."""
    composer = desk().composer
    hits = composer.retriever.search(turn.text, HITS, turn.vector)
    decision = decide(turn.ranking, hits, composer.backed, desk().limits)
    levels = (turn.parse.get("encoding") or {}).get("levels") or {}
    metadata: Mapping[str, str] = turn.parse.get("metadata") or {}
    # The gateway says what the rules read; in `rasa shell`, the pipeline does.
    triage = turn.parse.get("triage") or {}
    rules = metadata.get("danger") or triage.get("level", "routine")
    if metadata.get("settled") or ("danger" not in metadata and triage.get("settled")):
        levels = {}
    heard = Heard(
        turn.text,
        topic=decision.topics[0] if decision.answer else None,
        asks_person=turn.intent in ("human", "bot_identity"),
        signal=signals().read(turn.text),
        danger=higher(learned_level(levels, desk().learned), rules),
        standing=metadata.get("urgency", "routine"),
    )
    return heard, hits


def events(guide: Guide, step: Step) -> list[dict[str, Any]]:
    """The slots after a step; where the check is over, only one put aside is kept."""
    kept = step.answers if step.move in ("ask", "held", "aside", "put_aside") else {}
    slots = [(slot, kept[slot].to_slot() if slot in kept else None) for slot in guide.slots]
    return [SlotSet(*pair) for pair in [*slots, (HELD, step.held or None), (REQUESTED, step.slot)]]


class ValidateSpasmCheckForm(FormValidationAction):
    """Reads a reply to the open question, and asks what follows: one message part a turn."""

    def name(self) -> str:
        return "validate_spasm_check_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        turn, guide = Turn.read(tracker), desk().guide
        opened = tracker.get_slot(REQUESTED)
        done = early(turn, dispatcher, tracker) if opened is None else None
        if done is not None:
            return [*done, SlotSet(REQUESTED, None)]
        if guide is None or (opened is None and not _asked_for(turn)):
            return [*turn.reply(dispatcher, [_instead(turn)], ()), SlotSet(REQUESTED, None)]
        said = {slot: Said.from_slot(tracker.get_slot(slot)) for slot in guide.slots}
        answers = {slot: value for slot, value in said.items() if value and slot != opened}
        hits: list[Hit] = []
        if opened is None:
            step = begin(guide, answers)
        elif turn.again:
            step = Step("ask", opened, answers, int(tracker.get_slot(HELD) or 0), fixed=True)
        else:
            heard, hits = hear(turn)
            step = advance(guide, opened, answers, int(tracker.get_slot(HELD) or 0), heard)
        writer = CheckWriter(guide, desk().composer, desk().safety)
        messages = writer.messages(step, turn.voice, fresh=opened is None)
        messages = self._answered(turn, step, hits, messages) if opened else messages
        check = _for_gateway(step, begun=opened is None)
        sent = turn.reply(dispatcher, messages, hits, check, why={"by": "check"})
        return [*sent, *events(guide, step)]

    @staticmethod
    def _answered(
        turn: Turn, step: Step, hits: list[Hit], messages: list[Message]
    ) -> list[Message]:
        """With the answer to a question that came between: after safety, before the check's own."""
        if not step.answers_topic:
            return messages
        answer = desk().composer.answer(step.answers_topic, turn.voice, hits)
        return [*messages, answer] if step.slot is None else [answer, *messages]


def _asked_for(turn: Turn) -> bool:
    """True unless the check is a mere guess at what the message means; our button is none."""
    guide = desk().guide
    if guide and simple(turn.text) in {simple(text) for text in guide.offer["text"].values()}:
        return True
    if desk().composer.tapped(turn.text):
        return False
    # It takes eight questions' time: "I have a question" looks like the wish for it.
    return dict(turn.ranking).get("spasm_check", 1.0) >= desk().limits.pleasantry


def _instead(turn: Turn) -> Message:
    """What is said where the check does not begin: the signs, or what the message may mean."""
    composer = desk().composer
    tapped = composer.tapped(turn.text)
    if tapped:
        return composer.answer(tapped, turn.voice)
    if _asked_for(turn):
        return composer.answer("signs", turn.voice)
    topics = decide(turn.ranking, (), {}, desk().limits).topics
    return composer.choice(topics, turn.voice) if topics else composer.unclear(turn.voice)


def _for_gateway(step: Step, *, begun: bool) -> dict[str, Any]:
    raised = {"level": step.raised.level, "kind": step.raised.kind} if step.raised else None
    # The words that begin the check are no answer, and are judged like any other.
    read = {"level": CALM} if step.fixed and not begun else {}
    return {"guided": step.taken, **({"raise": raised} if raised else {}), **read}
