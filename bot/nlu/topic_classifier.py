"""Rasa's logistic regression without what costs time and changes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.training_data.training_data import TrainingData


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(LogisticRegressionClassifier):
    """Tells the intent from the vector of the message and its letters."""

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """The trained classifier.

        Its weights, shape (intents, features), are laid out by column: SciPy multiplies a sparse
        row by their transpose, and would copy the 10 MB into that order for every message.
        """
        found: TopicClassifier = super().load(
            config, model_storage, resource, execution_context, **kwargs
        )
        if hasattr(found.clf, "coef_"):
            found.clf.coef_ = np.asfortranarray(found.clf.coef_)
        return found

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The examples as they are: no component asks what they would be taken for."""
        return training_data
