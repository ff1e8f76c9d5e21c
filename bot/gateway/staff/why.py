"""Why a reply is what it is: the explanation of the dialogue and the engine, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.gateway.staff.marking import Piece, mark_message
from bot.reply import LEVELS, Reply
from bot.topics import FALLBACKS

# How a reply came about, by what the action says of it.
BY: Mapping[str, str] = {
    "tap": "The message is a question from our own buttons, so its answer was given.",
    "answer": "The best topic was sure enough, so its answer was given.",
    "choice": "No topic was sure enough, so the family was asked which one it means.",
    "passage": "No answer covers this, but a passage of the page fits it well, so it was shown.",
    "unclear": "No topic was recognised.",
    "refused": "It asks about a dose, or about stopping or changing a medicine: never answered.",
    "left_out": "It asks what the page is known to say nothing of (data/safety/refused.yml).",
    "two_questions": "It asks two things, and both were answered.",
    "follow_up": "It follows up on the answer before.",
    "picked": "It picks one of the questions that were offered before.",
    "again": "It asks for the other language, so the last answer was said again.",
    "check": "It belongs to the guided check.",
}
ENGINE: Mapping[str, str] = {
    "down": "The language engine (Rasa) does not answer right now. The rules below still read the"
    " message; families get this help text, and danger is still raised.",
    "not asked": "The language engine was not asked: what the rules found decides alone.",
}
VOICES: Mapping[str, str] = {
    "rules": "the rules",
    "learned": "the learned reader",
    "check": "the answers to the guided check",
}
FLAGS: Mapping[str, str] = {
    "past": "it is over",
    "negated": "it is denied",
    "other_person": "it is about somebody else",
    "hypothetical": "it is only asked or imagined",
}


@dataclass(frozen=True)
class Bar:
    """A share from 0 to 1, with its name."""

    name: str
    share: float

    @property
    def percent(self) -> str:
        """As it is read."""
        return f"{100 * self.share:.0f} %"


@dataclass(frozen=True)
class Rule:
    """A rule that fired: id, level, the words that it found (folded)."""

    id: str
    level: str
    matched: str


@dataclass(frozen=True)
class Passage:
    """A passage of the page with its scores, each from 0 to 1."""

    text: str
    section: str
    score: float
    lexical: float
    dense: float


@dataclass(frozen=True)
class Why:
    """Everything that led to a reply.

    Attributes:
        message: the family's words, with what the rules found marked by its level.
        level: of this message; `standing` of the conversation after it.
        raised_by: which voices gave that level, in words; "" where it is routine.
        kind: of the danger, or "".
        rules: that fired; `lowered` did, and their context took it back.
        because: why they were lowered.
        engine: a sentence where the language engine gave no answer, or ""; `down` where it should
            have given one.
        levels: probabilities of the learned reader.
        intents: what the message may be about, best first.
        chosen: how the reply was chosen, a sentence; `limit` what decided between the two.
        passages: of the page, best first.
        steps: (name, milliseconds) of each step, and `total` of all.
    """

    message: Sequence[Piece]
    level: str
    standing: str
    raised_by: str
    kind: str
    rules: Sequence[Rule]
    lowered: Sequence[Rule]
    because: str
    engine: str
    down: bool
    levels: Sequence[Bar]
    intents: Sequence[Bar]
    chosen: str
    limit: str
    parts: Sequence[Mapping[str, str]]
    passages: Sequence[Passage]
    steps: Sequence[tuple[str, float]]
    total: float
    topics: tuple[str, ...]


def explain(text: str, reply: Reply) -> Why:
    """Read the explanation of a reply.

    Args:
        text: the message, as the family wrote it.
        reply: of the dialogue.
    """
    found = reply.explain
    rules = [Rule(r["id"], r["level"], r["matched"]) for r in found.get("rules", ())]
    lowered = [Rule(r["id"], r["level"], r["matched"]) for r in found.get("lowered", ())]
    marks = [*((r.matched, r.level) for r in rules), *((r.matched, "lowered") for r in lowered)]
    decision = found.get("decision", {})
    intents = [Bar(i["name"], i["confidence"]) for i in found.get("intents", ())]
    routine = reply.message_urgency == "routine"
    voices = [VOICES[voice] for voice in found.get("voices", ())]
    levels = found.get("levels", {})
    passages = [
        Passage(p["text"], p["section"], p["score"], p["lexical"], p["dense"])
        for p in found.get("passages", ())
    ]
    return Why(
        message=mark_message(text, marks),
        level=reply.message_urgency,
        standing=reply.urgency,
        raised_by="" if routine else " and ".join(voices),
        kind=found.get("kind", "").replace("_", " "),
        rules=rules,
        lowered=lowered,
        because=", ".join(FLAGS.get(flag, flag) for flag in found.get("flags", ())),
        engine=ENGINE.get(found.get("engine", "not asked"), ""),
        down=found.get("engine") == "down",
        levels=[Bar(level, levels[level]) for level in LEVELS if level in levels],
        intents=intents,
        chosen=BY.get(decision.get("by", ""), ""),
        limit=_limit(decision, intents),
        parts=decision.get("parts", ()),
        passages=passages,
        steps=_steps(found),
        total=found.get("ms", {}).get("total", 0.0),
        topics=tuple(m.topic for m in reply.messages if m.topic),
    )


def _limit(decision: Mapping[str, Any], intents: Sequence[Bar]) -> str:
    """Which limit decided, and whether retrieval points to the same topic."""
    rule, limits = decision.get("rule"), decision.get("limits")
    if not rule or not limits or not intents:
        return ""
    agrees = decision.get("agrees")
    search = (
        "The best passages of the page back the same topic"
        if agrees
        else "The best passages of the page back other topics"
    )
    if rule == "unknown":
        return f"{search}. No topic was recognised at all."
    if sum(bar.name in FALLBACKS for bar in intents) > 1:
        search += "; other_medical and off_topic count together"
    sure, agreed = f"{100 * limits['sure']:.0f} %", f"{100 * limits['agreed']:.0f} %"
    if rule == "sure":
        return f"{search}. The topic reached {sure}, from where it is answered in any case."
    if rule == "agreed":
        return f"{search}. So {agreed} was enough; without that it would take {sure}."
    if rule == "outside":
        outside = f"{100 * limits['outside']:.0f} %"
        return (
            f"{search}. It was taken for a question that the page does not answer; for that,"
            f" {outside} is enough, and what else it may mean is offered."
        )
    needed = (
        f"it would take {agreed}" if agrees else f"it would take {sure}, or {agreed} if they did"
    )
    return f"{search}. The best topic was not sure enough: {needed}."


def _steps(found: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Time of each step in milliseconds; the engine's own is what the answer did not take."""
    ms = found.get("ms")
    if not ms:
        return []
    action = found.get("action_ms", 0.0)
    rest = max(ms["total"] - ms["triage"] - ms["engine"], 0.0)
    steps = [
        ("Rules", ms["triage"]),
        ("Understanding (Rasa)", max(ms["engine"] - action, 0.0)),
        ("Choosing the answer", action),
        ("Putting the reply together", rest),
    ]
    return [(name, round(value, 1)) for name, value in steps]
