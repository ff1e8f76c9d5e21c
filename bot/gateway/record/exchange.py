"""A message with its reply, and what it is to be counted and kept as."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from bot.danger import LearnedLimits, shortfall
from bot.reply import Reply
from bot.store.figures import Cell

# Between the first two intents: below, the answer was nearly another one.
CLOSE_CALL = 0.2
# Upper ends of the times that are counted, in milliseconds.
TIMES = (10, 20, 30, 50, 75, 100, 150, 250, 500, 1000, 2000, 4000)
SLOWER = "slower"


@dataclass(frozen=True)
class Exchange:
    """One message that was answered; `seconds` is how long the reply took."""

    text: str
    channel: str
    reply: Reply
    seconds: float

    @property
    def outcome(self) -> str:
        """What the family got, by its most telling part.

        answered, choice (questions to pick from), unanswered, failed (Rasa was down), smalltalk or
        safety (nothing else beside it).
        """
        kinds = {message.kind for message in self.reply.messages}
        for kind, outcome in (("answer", "answered"), ("choice", "choice")):
            if kind in kinds:
                return outcome
        if "fallback" in kinds:
            return "unanswered" if self.understood else "failed"
        return "smalltalk" if "smalltalk" in kinds else "safety"

    @property
    def understood(self) -> bool:
        """True where the engine has read the message; it was empty, or Rasa down, otherwise."""
        return bool(self.reply.explain.get("intents"))

    def cells(self) -> Iterator[Cell]:
        """What the message counts for."""
        today = dt.datetime.now(dt.timezone.utc).date().isoformat()
        milliseconds = self.seconds * 1000
        time = next((str(end) for end in TIMES if milliseconds <= end), SLOWER)
        for measure, value in (
            ("topic", self.reply.topic or "none"),
            ("urgency", self.reply.message_urgency),
            ("outcome", self.outcome),
            ("time", time),
        ):
            yield Cell(today, self.channel, self.reply.lang, measure, value)

    def reasons(self, limits: LearnedLimits, margin: float, sampled: bool) -> Iterator[str]:
        """Why the text is to be kept, if at all; see `bot.store.inbox`.

        Args:
            limits: of the learned voice.
            margin: to a limit, within which a message is looked over.
            sampled: it was drawn to be looked over.
        """
        if not self.understood:
            return
        if self.outcome == "unanswered":
            yield "unanswered"
        elif self.outcome == "choice" or (self.outcome == "answered" and self._close_call()):
            yield "unsure"
        if self._near(limits, margin):
            yield "near"
        elif sampled and self.reply.message_urgency == "routine":
            yield "sample"

    def _close_call(self) -> bool:
        ranking = [float(intent["confidence"]) for intent in self.reply.explain["intents"]]
        return len(ranking) > 1 and ranking[0] - ranking[1] < CLOSE_CALL

    def _near(self, limits: LearnedLimits, margin: float) -> bool:
        """True where little was missing to a higher level, or a rule was lowered by its context."""
        level, explain = self.reply.message_urgency, self.reply.explain
        lowered = level == "routine" and bool(explain.get("lowered"))
        return lowered or shortfall(explain.get("levels") or {}, level, limits) <= margin
