"""Answer, offer a choice, or say that the page does not know: the second look at a prediction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from bot.content import read_yaml, require
from bot.errors import ContentError
from bot.retrieval import Hit
from bot.source import Page
from bot.topics import FALLBACKS, INFORMATIONAL, TOPICS

Ranking = Sequence[tuple[str, float]]
CHOICES = 3
PLEASANTRIES = ("greet", "thanks", "goodbye")
# What one of two questions may be about; a greeting or thanks is none.
ASKED = (*INFORMATIONAL, *FALLBACKS, "human", "bot_identity")
# A family that was offered three questions most likely means one of them.
OFFERED_WEIGHT = 2.0


@dataclass(frozen=True)
class Thresholds:
    """Confidence limits, 0 to 1, chosen by `make eval`; see data/thresholds.yml.

    Attributes:
        sure: at or above, the predicted topic is answered.
        agreed: at or above, it is answered where retrieval points to the same topic.
        outside: at or above, a question that was taken for one that the page does not answer is
            told so, and what else it may mean is offered.
        pleasantry: below, a message is not taken for a greeting, thanks, a farewell or the wish for
            the guided check: few words that say nothing known ("I am so tired") look like one.
        plain: below, an answer also offers the topics that came next; two parts that both reach it
            are two questions, whatever the whole message was taken for.
        near: at or above, a topic that came next is offered beside an answer.
        part: at or above, a part of a message is a question of its own.
        passage: mixed retrieval score from which a passage is shown for what no topic covers.
    """

    sure: float
    agreed: float
    outside: float
    pleasantry: float
    plain: float
    near: float
    part: float
    passage: float


@dataclass(frozen=True)
class Decision:
    """What to do: answer `topics[0]`, or offer `topics` as a choice.

    Attributes:
        agrees: retrieval points to the best topic, too.
        near: topics to offer beside an answer that is not plain.
        rule: what decided, for staff: "sure", "agreed" or "outside" (the limit that was reached),
            "unsure" (none was) or "unknown" (no topic was recognised).
    """

    answer: bool
    topics: tuple[str, ...]
    agrees: bool
    near: tuple[str, ...] = ()
    rule: str = field(default="", compare=False)


@dataclass(frozen=True)
class Part:
    """A question of a message that asks several: its words, and topics with confidence."""

    text: str
    ranking: Ranking


def load_thresholds(path: Path) -> Thresholds:
    """Read the limits.

    Raises:
        ContentError: one is missing or outside 0 to 1.
    """
    raw = read_yaml(path)
    values = {f.name: require(raw, f.name, float, path) for f in fields(Thresholds)}
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


def favour(ranking: Ranking, offered: Sequence[str]) -> list[tuple[str, float]]:
    """The ranking with the topics that were just offered ahead of others as likely."""
    if not offered:
        return list(ranking)
    weighed = [(t, min(1.0, c * OFFERED_WEIGHT) if t in offered else c) for t, c in ranking]
    return sorted(weighed, key=lambda pair: -pair[1])


def _together(known: Ranking) -> list[tuple[str, float]]:
    """The topics with what the page does not answer as one: its likelier topic stands for both.

    "Not medical" and "medical, but not on the page" share the doubt of a question that is neither
    answered; each by itself would come behind a topic that is less likely than the two.
    """
    outside = [(topic, score) for topic, score in known if topic in FALLBACKS]
    inside = [(topic, score) for topic, score in known if topic not in FALLBACKS]
    if outside:
        inside.append((outside[0][0], sum(score for _, score in outside)))
    return sorted(inside, key=lambda pair: -pair[1])


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
        return Decision(False, tuple(dict.fromkeys(pointed))[:CHOICES], False, rule="unknown")
    known = _together(known)
    best, confidence = known[0]
    if best in PLEASANTRIES and confidence < limits.pleasantry:
        return Decision(False, (), False, rule="unknown")
    agrees = best in pointed
    # What the page does not answer is offered too ("something else"); small talk is no question.
    # Topics that only retrieval points to were measured: they push out better ones.
    offered = [(topic, score) for topic, score in known if topic in INFORMATIONAL + FALLBACKS]
    others = [(topic, score) for topic, score in offered if topic != best][: CHOICES - 1]
    if confidence >= limits.sure or (agrees and confidence >= limits.agreed):
        close = confidence < limits.plain
        near = tuple(topic for topic, score in others if close and score >= limits.near)
        return Decision(
            True, (best,), agrees, near, "sure" if confidence >= limits.sure else "agreed"
        )
    if best in FALLBACKS and confidence >= limits.outside:
        # "The page does not say that" with what it does say costs less than a question back.
        return Decision(True, (best,), agrees, tuple(topic for topic, _ in others), "outside")
    return Decision(False, tuple(topic for topic, _ in offered[:CHOICES]), agrees, rule="unsure")


def two_questions(parts: Sequence[Part], best: str, limits: Thresholds) -> tuple[Part, ...]:
    """The two questions to answer in one reply, in order; none where the message asks one.

    Each must reach its limit by itself, and one of them be what the whole message was taken for: a
    part out of its sentence may read like anything. What the whole was taken for decides nothing
    where both are plain.

    Args:
        parts: the questions of the message, each with its topics, best first.
        best: topic of the whole message.
        limits: from `load_thresholds`.
    """
    found: dict[str, Part] = {}
    for part in parts:
        topic, confidence = part.ranking[0]
        if topic in ASKED and confidence >= limits.part:
            found.setdefault(topic, part)
    both = tuple(found.values())[:2]
    plain = all(part.ranking[0][1] >= limits.plain for part in both)
    return both if len(found) > 1 and (best in found or plain) else ()
