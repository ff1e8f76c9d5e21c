from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support

from eval.metrics import (
    Share,
    area,
    confusions,
    ece,
    estimate,
    per_topic,
    reliability,
    risk_coverage,
)


def test_interval_of_a_share_is_clopper_pearson() -> None:
    low, high = Share(9, 10).interval
    assert (low, high) == pytest.approx((0.5550, 0.9975), abs=1e-4)
    assert Share(0, 10).interval[0] == 0
    assert Share(10, 10).interval[1] == 1


def test_bootstrap_interval_holds_the_mean_and_is_repeatable() -> None:
    values = [True] * 80 + [False] * 20
    found = estimate(values)
    assert found.value == pytest.approx(0.8)
    # Normal approximation: 0.8 ± 1.96 * sqrt(0.16 / 100)
    assert (found.low, found.high) == pytest.approx((0.72, 0.88), abs=0.02)
    assert found == estimate(values)


def test_bootstrap_of_nothing_and_of_one_value() -> None:
    assert estimate([]).n == 0
    assert np.isnan(estimate([]).value)
    assert estimate([1.0, 1.0]).low == 1.0


def test_calibration_error_by_hand() -> None:
    confidence = [0.95, 0.95, 0.55, 0.55]
    right = [True, False, True, True]
    # |0.95 - 0.5| and |0.55 - 1|, half of the messages each
    assert ece(confidence, right) == pytest.approx(0.45)
    assert [b.n for b in reliability(confidence, right)] == [2, 2]


def test_a_confidence_of_one_falls_into_the_last_bin() -> None:
    assert reliability([1.0], [True])[0].high == 1.0


def test_risk_coverage_by_hand() -> None:
    coverage, risk = risk_coverage([0.9, 0.8, 0.7, 0.6], [True, True, False, True])
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk == pytest.approx([0, 0, 1 / 3, 1 / 4])
    assert area([0.9, 0.8, 0.7, 0.6], [True, True, False, True]) == pytest.approx(7 / 48)


def test_the_order_of_equally_sure_messages_is_of_no_account() -> None:
    assert area([0.5] * 4, [True, True, False, False]) == pytest.approx(0.5)
    assert area([0.5] * 4, [False, False, True, True]) == pytest.approx(0.5)


def test_knowing_what_it_does_not_know_lowers_the_area() -> None:
    right = [True, True, True, False]
    assert area([0.9, 0.8, 0.7, 0.1], right) < area([0.1, 0.7, 0.8, 0.9], right)


def test_f1_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    truth = [str(x) for x in rng.integers(0, 5, 200)]
    said = [t if rng.random() < 0.7 else str(rng.integers(0, 6)) for t in truth]
    wanted = precision_recall_fscore_support(truth, said, labels=list("01234"), zero_division=0)
    found = sorted(per_topic(truth, said), key=lambda one: one.topic)
    assert [one.f1 for one in found] == pytest.approx(wanted[2].tolist())
    assert [one.n for one in found] == wanted[3].tolist()


def test_worst_confusions_come_first() -> None:
    truth = ["eeg", "eeg", "eeg", "pain"]
    said = ["diagnosis", "diagnosis", "eeg", "signs"]
    assert confusions(truth, said) == [("eeg", "diagnosis", 2), ("pain", "signs", 1)]
