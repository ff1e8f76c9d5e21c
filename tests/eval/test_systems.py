from __future__ import annotations

import numpy as np

from bot.training_data import Example
from eval.rasa_models import read_parse
from eval.systems import Prediction, bm25, nearest_neighbour

EXAMPLES = [
    Example("what is an eeg", "eeg", "routine", ""),
    Example("does the test hurt", "pain", "routine", ""),
    Example("how long does the eeg take", "eeg", "routine", ""),
]


def test_the_nearest_example_gives_the_topic() -> None:
    known = np.eye(3, dtype=np.float32)
    asked = np.asarray([[0.1, 0.9, 0.2]], dtype=np.float32)
    (found,) = nearest_neighbour(known, EXAMPLES, asked)
    assert [name for name, _ in found.ranking] == ["pain", "eeg"]


def test_bm25_counts_shared_words_and_knows_nothing_of_strange_ones() -> None:
    found = bm25(EXAMPLES, ["is it going to hurt", "zzz"])
    assert found[0].topics[0] == "pain"
    assert found[1].topics == ()
    assert found[1].confidence == 0


def test_follow_up_intents_are_no_topics() -> None:
    prediction = Prediction((("follow_up_why", 0.6), ("eeg", 0.3)))
    assert prediction.topics == ("eeg",)
    assert prediction.confidence == 0.3


def test_a_fallback_of_rasa_is_no_answer() -> None:
    parsed = {
        "intent": {"name": "nlu_fallback", "confidence": 0.7},
        "intent_ranking": [
            {"name": "nlu_fallback", "confidence": 0.7},
            {"name": "eeg", "confidence": 0.2},
        ],
    }
    assert read_parse(parsed) == Prediction((("eeg", 0.2),), answered=False)
