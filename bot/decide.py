"""Answer, offer a choice, or say that the page does not know: the second look at a prediction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.content import read_yaml, require
from bot.errors import ContentError
from bot.retrieval import Hit
from bot.source import Page
from bot.topics import FALLBACKS, INFORMATIONAL, TOPICS

Ranking = Sequence[tuple[str, float]]
CHOICES = 3


@dataclass(frozen=True)
class Thresholds:
    """Confidence limits, 0 to 1, chosen by `make eval`; see data/thresholds.yml.

    Attributes:
        sure: at or above, the predicted topic is answered.
        agreed: at or above, it is answered where retrieval points to the same topic.
        passage: mixed retrieval score from which a passage is shown for what no topic covers.
    """

    sure: float
    agreed: float
    passage: float


@dataclass(frozen=True)
class Decision:
    """What to do: answer `topics[0]`, or offer `topics` as a choice."""

    answer: bool
    topics: tuple[str, ...]
    agrees: bool


def load_thresholds(path: Path) -> Thresholds:
    """Read the limits.

    Raises:
        ContentError: one is missing or outside 0 to 1.
    """
    raw = read_yaml(path)
    values = {name: require(raw, name, float, path) for name in ("sure", "agreed", "passage")}
    for name, value in values.items():
        if not 0 <= value <= 1:
            raise ContentError(f"{path}: {name} must lie between 0 and 1.")
    return Thresholds(**values)


def topics_by_passage(
    page: Page, quotes: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Topics whose answers quote each passage (by its id)."""
    found: dict[str, list[str]] = {}
    for topic, texts in quotes.items():
        for quote in texts:
            span = page.find(quote)
            for passage in page.passages_in(*span) if span else ():
                topics = found.setdefault(passage.id, [])
                if topic not in topics:
                    topics.append(topic)
    return {passage: tuple(topics) for passage, topics in found.items()}


def decide(
    ranking: Ranking,
    hits: Sequence[Hit],
    backed: Mapping[str, Sequence[str]],
    limits: Thresholds,
) -> Decision:
    """Second look at a prediction.

    Args:
        ranking: intents with confidence, best first, as the engine gave them.
        hits: what retrieval found, best first.
        backed: topics by passage id (`topics_by_passage`).
        limits: from `load_thresholds`.
    """
    known = [(topic, score) for topic, score in ranking if topic in TOPICS]
    pointed = [topic for hit in hits[:CHOICES] for topic in backed.get(hit.passage.id, ())]
    if not known:
        return Decision(False, tuple(dict.fromkeys(pointed))[:CHOICES], False)
    best, confidence = known[0]
    agrees = best in pointed
    if confidence >= limits.sure or (agrees and confidence >= limits.agreed):
        return Decision(True, (best,), agrees)
    # What the page does not answer is offered too ("something else"); small talk is no question.
    # Topics that only retrieval points to were measured: they push out better ones.
    offered = [topic for topic, _ in known if topic in INFORMATIONAL + FALLBACKS]
    return Decision(False, tuple(offered[:CHOICES]), agrees)
