"""Which vector goes to which example."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.encoder import Encoder, Vectors
from bot.nlu.encoder_featurizer import EncoderFeaturizer

CONFIG: dict[str, Any] = {FEATURIZER_CLASS_ALIAS: "encoder"}


class Lengths:
    """A stand-in for the encoder: a text's vector is its length."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.asarray([[len(text), 1.0] for text in texts], dtype=np.float32)


def test_each_example_gets_its_own_vector_once_a_token_and_once_whole() -> None:
    examples = [
        Message({TEXT: "what is an eeg", "text_tokens": ["what", "is", "an", "eeg"]}),
        Message({"intent": "eeg"}),
        Message({TEXT: "  "}),
        Message({TEXT: "help"}),
    ]
    featurizer = EncoderFeaturizer(CONFIG, cast(Encoder, Lengths()))
    featurizer.process_training_data(TrainingData(examples))
    sequence, sentence = examples[0].get_dense_features(TEXT, ["encoder"])
    assert sequence is not None
    assert sentence is not None
    assert sequence.features.tolist() == [[14.0, 1.0]] * 4
    assert sentence.features.tolist() == [[14.0, 1.0]]
    assert [len(example.features) for example in examples] == [2, 0, 0, 2]
    alone, _ = examples[3].get_dense_features(TEXT, ["encoder"])
    assert alone is not None
    assert alone.features.tolist() == [[4.0, 1.0]]
