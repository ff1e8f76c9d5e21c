from __future__ import annotations

import numpy as np

from bot.grouping import groups, stack
from tests.conftest import WordEncoder

TEXTS = [
    "does the eeg test hurt my baby",
    "how far is the hospital",
    "does the eeg test hurt the baby",
    "does an eeg test hurt my baby",
    "can we bring her brother",
]


def test_alike_questions_stand_together_the_largest_group_first() -> None:
    assert groups(WordEncoder().encode(TEXTS), 0.7) == [[0, 2, 3], [1], [4]]


def test_every_text_stands_in_one_group() -> None:
    vectors = np.random.default_rng(3).normal(size=(60, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert sorted(place for group in groups(vectors, 0.6) for place in group) == list(range(60))


def test_what_has_no_vector_stands_alone() -> None:
    rows = stack([np.ones(4, np.float32), None, None, np.ones(3, np.float32)], 4)
    assert groups(rows) == [[0], [1], [2], [3]]
    assert groups(stack([], 4)) == []
