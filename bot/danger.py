"""How dangerous is a message: the voices of the rules and of the learned classifier, joined."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content import read_yaml, require
from bot.reply import Raised, higher
from bot.triage import Finding

# What the general text of a level is called where no rule names the kind.
GENERAL = {"emergency": "general", "urgent": "general", "crisis": "self_harm"}
# A learned kind is used only where it is plain; the general text is never wrong.
SURE_KIND = 0.6
# From this probability on, a crisis beside an emergency is answered too.
POSSIBLE_CRISIS = 0.2


@dataclass(frozen=True)
class LearnedLimits:
    """Limits of the learned voice; see data/safety/learned.yml."""

    danger: float
    emergency: float
    crisis: float


@dataclass(frozen=True)
class Danger:
    """The joined verdict on one message.

    Attributes:
        level: the highest that a voice gives.
        kind: of danger, "" where routine.
        also: kind of a caregiver crisis beside a child's emergency, or "".
        voices: which voices gave that level, for the operator.
        conditional: a sign was named but lowered by its plain context (past, hypothetical).
    """

    level: str
    kind: str
    also: str
    voices: tuple[str, ...]
    conditional: bool = False

    @property
    def unspoken(self) -> bool:
        """True for a crisis that the learned voice alone reads between the lines.

        Such a message leaves the question in it its answer, below whom to call.
        """
        return self.level == "crisis" and "rules" not in self.voices


def load_limits(path: Path) -> LearnedLimits:
    """Read the limits.

    Raises:
        ContentError: one is missing or no number.
    """
    raw = read_yaml(path)
    names = ("danger", "emergency", "crisis")
    return LearnedLimits(*(require(raw, name, float, path) for name in names))


def learned_level(levels: Mapping[str, float], limits: LearnedLimits) -> str:
    """Level that the classifier's probabilities give under the limits; routine without any."""
    if not levels:
        return "routine"
    # Text that has nothing to do with us is taken for a weak crisis more than for anything else.
    crisis = levels["crisis"] if levels["crisis"] >= limits.crisis else 0.0
    if levels["emergency"] + crisis + levels["urgent"] < limits.danger:
        return "routine"
    if levels["emergency"] >= limits.emergency * max(levels["urgent"], crisis):
        return "emergency"
    return "crisis" if crisis >= levels["urgent"] else "urgent"


def shortfall(levels: Mapping[str, float], level: str, limits: LearnedLimits) -> float:
    """How much probability was missing to a higher level than the one that was given.

    Args:
        levels: of the learned voice.
        level: that the message was given, by whichever voice.
        limits: of the learned voice.

    Returns:
        The smallest distance to a limit; infinite where there is no higher level, or no voice.
    """
    if not levels or level == "emergency":
        return math.inf
    crisis = levels["crisis"] if levels["crisis"] >= limits.crisis else 0.0
    if level == "routine":
        danger = levels["emergency"] + crisis + levels["urgent"]
        missing = [limits.danger - danger, limits.crisis - levels["crisis"]]
    else:
        missing = [limits.emergency * max(levels["urgent"], crisis) - levels["emergency"]]
    return max(0.0, min(missing))


def judge(
    finding: Finding,
    levels: Mapping[str, float],
    kinds: Mapping[str, float],
    limits: LearnedLimits,
    raised: Raised | None = None,
) -> Danger:
    """Join the voices; the highest wins, and the rules name the kind where they gave the level.

    Of a message that is a reviewed phrase and nothing more, only the rules speak.

    Args:
        finding: of the rules.
        levels: probabilities of the learned voice; empty where it did not speak.
        kinds: likewise, of the kinds of danger.
        limits: of the learned voice.
        raised: what the answers of a guided check tell of.
    """
    if finding.settled:
        levels, kinds = {}, {}
    learned = learned_level(levels, limits)
    checked = raised.level if raised else "routine"
    level = higher(higher(finding.level, learned), checked)
    said = [("rules", finding.level), ("learned", learned)]
    said += [("check", checked)] if raised else []
    voices = tuple(name for name, its_level in said if its_level == level)
    also = finding.also[1] if finding.also else ""
    if level == "routine":
        return Danger("routine", "", "", voices, conditional=bool(finding.lowered))
    if finding.level == level and finding.kind:
        kind = _text_kind(finding)
    elif raised and raised.level == level:
        kind = raised.kind
    else:
        kind = _learned_kind(level, kinds)
        crisis = next((h.kind for h in finding.hits if h.level == "crisis"), "")
        also = also or (crisis if level == "emergency" else "")
    if level == "emergency" and not also and levels.get("crisis", 0.0) >= POSSIBLE_CRISIS:
        # Child or caregiver: where the words leave it open, both are answered.
        also = GENERAL["crisis"]
    return Danger(level, kind, also, voices)


def _text_kind(finding: Finding) -> str:
    """The kind whose text fits: the same danger needs another first line where 911 comes first."""
    kinds = {hit.kind for hit in finding.hits if hit.level == "emergency"}
    attempt = any(hit.level == "crisis" and hit.action == "call_911" for hit in finding.hits)
    if finding.kind == "poisoning" and (finding.action == "call_911" or attempt):
        return "poisoning_collapsed"
    if "poisoning" in kinds and kinds & {"not_breathing", "unresponsive", "seizure"}:
        return "poisoning_collapsed" if finding.kind != "not_breathing" else "not_breathing"
    if finding.level == "crisis" and finding.action == "call_911" and finding.kind != "violence":
        return "imminent"
    return finding.kind or GENERAL[finding.level]


def _learned_kind(level: str, kinds: Mapping[str, float]) -> str:
    of_level = {k.split(".", 1)[1]: p for k, p in kinds.items() if k.startswith(level + ".")}
    best = max(of_level, key=lambda kind: of_level[kind], default="")
    total = sum(of_level.values())
    if best and total > 0 and of_level[best] / total >= SURE_KIND:
        return best
    return GENERAL[level]
