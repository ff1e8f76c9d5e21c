"""Systems that tell a message's topic, all seen alike: a ranking of topics with confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.encoder import Vectors
from bot.retrieval import words
from bot.topics import TOPICS
from bot.training_data import Example

FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class Prediction:
    """Intents with confidence, best first, and whether the system would answer the first."""

    ranking: tuple[tuple[str, float], ...]
    answered: bool = True

    @property
    def topics(self) -> tuple[str, ...]:
        """Topics of the contract, best first: a follow-up intent alone answers nothing."""
        return tuple(name for name, _ in self.ranking if name in TOPICS)

    @property
    def confidence(self) -> float:
        """Of the first topic, 0 to 1 for a classifier; 0 where there is none."""
        return next((score for name, score in self.ranking if name in TOPICS), 0.0)


def _by_example(scores: Sequence[float], intents: Sequence[str]) -> Prediction:
    """The intents in the order of their nearest examples."""
    best: dict[str, float] = {}
    for i in np.argsort(-np.asarray(scores), kind="stable"):
        best.setdefault(intents[i], float(scores[i]))
        if len(best) == 10:
            break
    return Prediction(tuple(best.items()))


def nearest_neighbour(
    known: Vectors, examples: Sequence[Example], asked: Vectors
) -> list[Prediction]:
    """The topic of the training example with the nearest vector.

    Args:
        known: (examples, dimension), each of length 1.
        examples: with intents.
        asked: (messages, dimension), each of length 1.
    """
    intents = [str(e.intent) for e in examples]
    return [_by_example(row, intents) for row in asked @ known.T]


def bm25(examples: Sequence[Example], texts: Sequence[str]) -> list[Prediction]:
    """The topic of the training example that shares the most telling words."""
    index = bm25s.BM25()
    index.index([words(e.text) for e in examples], show_progress=False)
    intents = [str(e.intent) for e in examples]
    found = []
    for text in texts:
        tokens = [t for t in words(text) if t in index.vocab_dict]
        found.append(_by_example(index.get_scores(tokens), intents) if tokens else Prediction(()))
    return found


def classifier() -> LogisticRegression:
    """As Rasa's LogisticRegressionClassifier is set up, with iterations enough for vectors."""
    return LogisticRegression(
        solver="lbfgs", max_iter=300, class_weight="balanced", tol=1e-4, random_state=42
    )


def logistic(known: Vectors, examples: Sequence[Example], asked: Vectors) -> list[Prediction]:
    """Our classifier on any vectors.

    Args:
        known: (examples, dimension).
        examples: with intents.
        asked: (messages, dimension).
    """
    trained = classifier().fit(known, [str(e.intent) for e in examples])
    found = []
    for row in trained.predict_proba(asked):
        best = np.argsort(-row, kind="stable")[:10]
        found.append(Prediction(tuple((str(trained.classes_[i]), float(row[i])) for i in best)))
    return found
