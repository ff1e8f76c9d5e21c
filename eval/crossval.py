"""Cross-validated intent accuracy of Rasa pipelines on our own examples.

The fine-tuned encoder has seen every example, so its figure is too good; the raw encoder has
seen none, and its figure is honest but of a weaker system. Both are given. Training the encoder
once a fold would take an hour; the unseen sets tell the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedKFold

from bot.training_data import Example
from eval.metrics import F1, Estimate, estimate, per_topic
from eval.pipelines import Pipeline
from eval.rasa_models import predict, train

FOLDS = 5
SEED = 7


@dataclass(frozen=True)
class Validation:
    """What came out of some folds, taken together.

    Attributes:
        said: (label, prediction) of every example that was tested.
        accuracy: over these, with its interval.
        seconds: mean time to train one fold.
        fit: mean accuracy of a network on its own examples, None for logistic regression.
    """

    said: tuple[tuple[str, str], ...]
    accuracy: Estimate
    seconds: float
    fit: float | None

    @property
    def topics(self) -> list[F1]:
        """Precision, recall and F1 of each intent, worst first."""
        return per_topic([truth for truth, _ in self.said], [said for _, said in self.said])

    @property
    def macro_f1(self) -> float:
        """Mean F1 of all intents."""
        return float(np.mean([one.f1 for one in self.topics]))


def splits(examples: Sequence[Example]) -> list[tuple[list[Example], list[Example]]]:
    """Stratified folds as (train, test), the same for every pipeline."""
    intents = [str(e.intent) for e in examples]
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(intents, intents)
    return [([examples[i] for i in learn], [examples[i] for i in test]) for learn, test in folds]


def validate(name: str, pipeline: Pipeline, examples: Sequence[Example], folds: int) -> Validation:
    """Train on each fold's rest and test on the fold.

    Args:
        name: for people.
        pipeline: Rasa components up to the intent.
        examples: with intents.
        folds: how many of the five are run; fewer where training is slow.
    """
    said: list[tuple[str, str]] = []
    trained = []
    for number, (learn, test) in enumerate(splits(examples)[:folds], start=1):
        trained.append(train(f"cv{number}-{name}", pipeline, learn))
        found = predict(trained[-1], [e.text for e in test])
        # Follow-up intents are intents here, so the ranking is taken as it stands.
        said += [
            (str(e.intent), p.ranking[0][0] if p.ranking else "")
            for e, p in zip(test, found, strict=True)
        ]
    fits = [one.fit for one in trained if one.fit is not None]
    return Validation(
        tuple(said),
        estimate([truth == prediction for truth, prediction in said]),
        float(np.mean([one.seconds for one in trained])),
        float(np.mean(fits)) if fits else None,
    )
