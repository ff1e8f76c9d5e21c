"""The same messages through this bot, its classifier alone, and its peers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.topics import FALLBACKS, INFORMATIONAL
from bot.training_data import Example
from eval import encoders, pipelines
from eval.accuracy import Verdict, judge
from eval.messages import Labelled
from eval.metrics import Estimate, area, ece, estimate
from eval.rasa_models import Trained, parse, predict, train
from eval.systems import Prediction, bm25, logistic, nearest_neighbour
from tools.build import MODEL
from tools.steps import ROOT

OURS = "this bot, whole path"
CLASSIFIER = "this bot's classifier alone"
WITHIN = 3


@dataclass(frozen=True)
class System:
    """One system and what it made of each message.

    Attributes:
        name: for people.
        note: what it is, and how it was trained.
        verdicts: one a message.
        predictions: one a message; none for the whole path, whose confidence has no single number.
        top_right: whether the most likely topic is right, fallback or not; confidence is of that.
        probability: whether its confidence claims to be one.
    """

    name: str
    note: str
    verdicts: tuple[Verdict, ...]
    predictions: tuple[Prediction, ...] = ()
    top_right: tuple[bool, ...] = ()
    probability: bool = False


def judge_prediction(message: Labelled, prediction: Prediction) -> Verdict:
    """Compare a prediction with the labels, as `accuracy.judge` does a reply.

    A system that falls back has not answered; its first three topics are what it could offer. What
    it answers stands alone.
    """
    topics = prediction.topics
    answered = prediction.answered and bool(topics)
    outside = set(message.topics) <= set(FALLBACKS)
    return Verdict(
        first=answered and topics[0] in message.topics,
        within=any(topic in message.topics for topic in topics[:WITHIN]),
        answered=answered,
        plain=answered,
        outside=outside,
        as_inside=outside and answered and topics[0] in INFORMATIONAL,
    )


def _system(
    name: str,
    note: str,
    messages: Sequence[Labelled],
    predictions: Sequence[Prediction],
    probability: bool,
) -> System:
    pairs = list(zip(messages, predictions, strict=True))
    return System(
        name,
        note,
        verdicts=tuple(judge_prediction(m, p) for m, p in pairs),
        predictions=tuple(predictions),
        top_right=tuple(bool(p.topics) and p.topics[0] in m.topics for m, p in pairs),
        probability=probability,
    )


def cost(trained: Trained) -> str:
    """How long training took, and how well a network knew its own examples then."""
    fit = "" if trained.fit is None else f"; {trained.fit:.1%} right on its own examples at the end"
    return f"trained in {trained.seconds / 60:.0f} min{fit}"


def this_bot(messages: Sequence[Labelled], replies: Sequence[Mapping[str, Any]]) -> list[System]:
    """The service as it answered over HTTP, and its trained classifier without the rest."""
    verdicts = tuple(judge(m, r) for m, r in zip(messages, replies, strict=True))
    parsed = parse(MODEL, [m.text for m in messages])
    return [
        System(OURS, "gateway, triage, Rasa, second look by retrieval; over HTTP", verdicts),
        _system(CLASSIFIER, "the pipeline of config.yml", messages, parsed, True),
    ]


def stock_rasa(messages: Sequence[Labelled], examples: Sequence[Example], epochs: int) -> System:
    """The pipeline of `rasa init`, trained on the same examples.

    Args:
        messages: to be told the topic of.
        examples: that this bot is trained on.
        epochs: of its network.
    """
    trained = train("stock", pipelines.stock(epochs), examples)
    found = predict(trained, [m.text for m in messages])
    note = f"{epochs} epochs, {cost(trained)}"
    return _system("stock rasa init pipeline (DIET)", note, messages, found, True)


def peers(messages: Sequence[Labelled], examples: Sequence[Example]) -> list[System]:
    """The peers that are ready in a minute, made from the same examples."""
    texts = [m.text for m in messages]
    known = [e.text for e in examples]
    found = [
        _system(
            "spaCy features only",
            "spaCy's small English model under our classifier; always answers",
            messages,
            logistic(encoders.spacy_vectors(known), examples, encoders.spacy_vectors(texts)),
            True,
        ),
    ]
    tuned = ROOT / "var" / "encoder" / "current"
    for name, folder in (
        ("nearest neighbour, raw encoder", encoders.raw()),
        ("dense alone (nearest neighbour, fine-tuned encoder)", tuned),
    ):
        nearest = nearest_neighbour(
            encoders.read(folder, known).vectors, examples, encoders.read(folder, texts).vectors
        )
        note = "the topic of the nearest training example; always answers"
        found.append(_system(name, note, messages, nearest, False))
    note = "the topic of the training example with the best BM25 score; always answers"
    found.append(_system("BM25 alone", note, messages, bm25(examples, texts), False))
    return found


def figures(system: System, chosen: Sequence[int]) -> dict[str, Estimate | float]:
    """Figures over the chosen messages, by their place."""
    verdicts = [system.verdicts[i] for i in chosen]
    found: dict[str, Estimate | float] = {
        "right at first": estimate([v.first for v in verdicts]),
        "right within 3": estimate([v.within for v in verdicts]),
        "answered": estimate([v.answered for v in verdicts]),
        "answered plainly": estimate([v.plain for v in verdicts]),
        "wrong of those answered": estimate([not v.first for v in verdicts if v.answered]),
        "wrong of plain answers": estimate([not v.first for v in verdicts if v.plain]),
        "out of scope as in scope": estimate([v.as_inside for v in verdicts if v.outside]),
    }
    if system.predictions:
        confidence = [system.predictions[i].confidence for i in chosen]
        right = [system.top_right[i] for i in chosen]
        found["area under risk-coverage"] = area(confidence, right)
        if system.probability:
            found["ECE"] = ece(confidence, right)
    return found


def ahead(ours: System, other: System, chosen: Sequence[int]) -> Estimate:
    """Paired difference in "right at first", with its bootstrap interval."""
    return estimate(
        np.asarray([ours.verdicts[i].first for i in chosen], dtype=float)
        - np.asarray([other.verdicts[i].first for i in chosen], dtype=float)
    )
