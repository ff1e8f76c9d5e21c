from __future__ import annotations

import numpy as np
import pytest

from eval.clinc import choose_limit, judge, out_of_scope

CLASSES = ["book", "oos", "pay"]
TRUTH = ["book", "pay", "oos", "oos"]
SAID = np.asarray(
    [[0.9, 0.05, 0.05], [0.3, 0.2, 0.5], [0.45, 0.35, 0.2], [0.1, 0.8, 0.1]], dtype=np.float32
)


def test_out_of_scope_is_the_lack_of_a_likely_intent() -> None:
    assert out_of_scope(SAID, CLASSES) == pytest.approx([0.1, 0.5, 0.55, 0.9])


@pytest.mark.parametrize(
    ("limit", "in_scope", "recall"),
    [(0.52, [True, True], [True, True]), (0.4, [True, False], [True, True]),
     (0.8, [True, True], [False, True])],
)  # fmt: skip
def test_a_lower_limit_refuses_more(limit: float, in_scope: list[bool], recall: list[bool]) -> None:
    found = judge(SAID, CLASSES, TRUTH, limit)
    assert found.in_scope.tolist() == in_scope
    assert found.oos.tolist() == recall


def test_the_limit_refuses_as_much_as_in_scope_accuracy_allows() -> None:
    assert choose_limit(SAID, CLASSES, TRUTH, 1.0) == pytest.approx(0.502)
    assert choose_limit(SAID, CLASSES, TRUTH, 0.5) == pytest.approx(0.102)
