from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.topic_classifier import TopicClassifier

CONTEXT = ExecutionContext(GraphSchema({}), node_name="classifier")


def message(text: str, intent: str, *vector: float) -> Message:
    found = Message({"text": text, "intent": intent})
    rows = np.asarray([vector], dtype=np.float32)
    for kind in (FEATURE_TYPE_SEQUENCE, FEATURE_TYPE_SENTENCE):
        found.add_features(Features(rows, kind, TEXT, "encoder"))
    return found


@pytest.fixture
def examples() -> list[Message]:
    return [
        message("what is an eeg", "eeg", 1, 0, 0),
        message("the wires", "eeg", 0.9, 0.1, 0),
        message("does it hurt", "pain", 0, 1, 0),
        message("is he in pain", "pain", 0.1, 0.9, 0),
        message("sabril", "vigabatrin", 0, 0, 1),
        message("the powder", "vigabatrin", 0, 0.1, 0.9),
    ]


def test_it_judges_like_rasas_own(tmp_path: Path, examples: list[Message]) -> None:
    storage, resource = LocalModelStorage.create(tmp_path), Resource("classifier")
    config = {**LogisticRegressionClassifier.get_default_config(), "max_iter": 300}
    TopicClassifier.create(config, storage, resource, CONTEXT).train(TrainingData(examples))
    ours = TopicClassifier.load(config, storage, resource, CONTEXT)
    rasas = LogisticRegressionClassifier.load(config, storage, resource, CONTEXT)
    assert isinstance(ours, TopicClassifier)
    assert ours.clf.coef_.flags.f_contiguous
    np.testing.assert_array_equal(ours.clf.coef_, rasas.clf.coef_)
    rankings = []
    for classifier in (ours, rasas):
        (asked,) = classifier.process([message("and the wires?", "", 0.8, 0.2, 0)])
        rankings.append({i["name"]: i["confidence"] for i in asked.get("intent_ranking")})
    assert rankings[0] == pytest.approx(rankings[1])
    assert max(rankings[0], key=lambda name: rankings[0][name]) == "eeg"


def test_training_predicts_nothing(tmp_path: Path, examples: list[Message]) -> None:
    storage, resource = LocalModelStorage.create(tmp_path), Resource("classifier")
    config = LogisticRegressionClassifier.get_default_config()
    classifier = TopicClassifier.create(config, storage, resource, CONTEXT)
    classifier.train(TrainingData(examples))
    classifier.process_training_data(TrainingData(examples))
    assert all(one.get("intent_ranking") is None for one in examples)
