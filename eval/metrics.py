"""Measures of a classifier and of a search, each with its interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import beta, bootstrap

Floats = npt.NDArray[np.float64]
RESAMPLES = 2000
SEED = 7


@dataclass(frozen=True)
class Share:
    """k of n with its 95 % Clopper-Pearson interval."""

    k: int
    n: int

    @property
    def value(self) -> float:
        """The share, 0 to 1; not a number where there is nothing to count."""
        return self.k / self.n if self.n else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % bounds."""
        low = beta.ppf(0.025, self.k, self.n - self.k + 1) if self.k else 0.0
        high = beta.ppf(0.975, self.k + 1, self.n - self.k) if self.k < self.n else 1.0
        return float(low), float(high)

    def __str__(self) -> str:
        if not self.n:
            return "      -"
        low, high = self.interval
        return f"{self.k:3}/{self.n:3} = {self.value:6.1%}  [{low:.1%}, {high:.1%}]"


@dataclass(frozen=True)
class Estimate:
    """A mean over n messages with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float
    n: int


def estimate(values: Sequence[float] | Sequence[bool] | npt.NDArray[Any]) -> Estimate:
    """Mean with the percentile bootstrap's interval; an empty input has no value.

    Args:
        values: one a message; right or wrong count as 1 and 0.
    """
    array = np.asarray(values, dtype=float)
    if not array.size:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    if np.ptp(array) == 0:  # nothing to resample
        return Estimate(float(array[0]), float(array[0]), float(array[0]), array.size)
    interval = bootstrap(
        (array,), np.mean, n_resamples=RESAMPLES, method="percentile", random_state=SEED
    ).confidence_interval
    return Estimate(float(array.mean()), float(interval.low), float(interval.high), array.size)


@dataclass(frozen=True)
class Bin:
    """Messages of like confidence: their number, mean confidence, share that was right."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


def reliability(confidence: Sequence[float], right: Sequence[bool], count: int = 10) -> list[Bin]:
    """Bins of equal width over 0 to 1; empty ones are left out."""
    scores, truth = np.asarray(confidence), np.asarray(right, dtype=float)
    place = np.clip((scores * count).astype(int), 0, count - 1)
    return [
        Bin(
            i / count,
            (i + 1) / count,
            int((place == i).sum()),
            float(scores[place == i].mean()),
            float(truth[place == i].mean()),
        )
        for i in range(count)
        if (place == i).any()
    ]


def ece(confidence: Sequence[float], right: Sequence[bool], count: int = 10) -> float:
    """Expected calibration error (Guo et al. 2017): mean gap of the bins, by their size."""
    bins = reliability(confidence, right, count)
    return sum(b.n * abs(b.confidence - b.accuracy) for b in bins) / max(1, len(confidence))


def risk_coverage(confidence: Sequence[float], right: Sequence[bool]) -> tuple[Floats, Floats]:
    """Coverage and risk as ever less sure messages are answered, both of shape (n,).

    Coverage is the share answered, risk the share of the answered that is wrong
    (El-Yaniv and Wiener 2010). Ties are answered together, so the order of messages is
    of no account: within a tie the risk is that of its end.
    """
    scores, wrong = np.asarray(confidence), ~np.asarray(right, dtype=bool)
    order = np.argsort(-scores, kind="stable")
    answered = np.arange(1, len(scores) + 1)
    risk = np.cumsum(wrong[order]) / answered
    last = np.searchsorted(-scores[order], -scores[order], side="right") - 1
    return answered[last] / len(scores), risk[last]


def area(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """Area under the risk-coverage curve: mean risk over all coverages, 0 at best."""
    return float(risk_coverage(confidence, right)[1].mean()) if len(confidence) else float("nan")


@dataclass(frozen=True)
class F1:
    """Of one topic, over n messages that are labelled with it."""

    topic: str
    precision: float
    recall: float
    f1: float
    n: int


def per_topic(truth: Sequence[str], said: Sequence[str]) -> list[F1]:
    """Precision, recall and F1 of each label that occurs, worst F1 first."""
    right = Counter(t for t, s in zip(truth, said, strict=True) if t == s)
    labelled, predicted = Counter(truth), Counter(said)
    found = []
    for topic, n in labelled.items():
        precision = right[topic] / predicted[topic] if predicted[topic] else 0.0
        recall = right[topic] / n
        f1 = 2 * precision * recall / (precision + recall) if right[topic] else 0.0
        found.append(F1(topic, precision, recall, f1, n))
    return sorted(found, key=lambda one: (one.f1, one.topic))


def confusions(truth: Sequence[str], said: Sequence[str]) -> list[tuple[str, str, int]]:
    """Pairs of label and prediction that differ, with their number, most frequent first."""
    wrong = Counter((t, s) for t, s in zip(truth, said, strict=True) if t != s)
    return sorted(
        ((t, s, n) for (t, s), n in wrong.items()), key=lambda one: (-one[2], one[0], one[1])
    )
