"""Joins the two voices on the topic: Rasa's classifier and the encoder's own topic head."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.encoder_featurizer import TOPIC_HEAD

RANKING = "intent_ranking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class TopicVoices(GraphComponent):
    """Mixes the confidences of the classifier before it with those of the encoder's topic head.

    The classifier also reads the letters of a message and so forgives typing errors; the head has
    seen the message in the network's own terms. Stands after a classifier and an EncoderFeaturizer.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"head_weight": 0.5, "ranking_length": 10}

    def __init__(self, config: dict[str, Any]) -> None:
        self._weight = float(config["head_weight"])
        self._length = int(config["ranking_length"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicVoices:
        return cls({**cls.get_default_config(), **config})

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the intents by both voices; a message without a head's word keeps its ranking."""
        for message in messages:
            head = message.get(TOPIC_HEAD)
            if head:
                self._mix(message, head)
        return messages

    def _mix(self, message: Message, head: dict[str, float]) -> None:
        classifier = {
            intent[INTENT_NAME_KEY]: float(intent[PREDICTED_CONFIDENCE_KEY])
            for intent in message.get(RANKING, [])
        }
        mixed = {
            name: self._weight * head.get(name, 0.0)
            + (1 - self._weight) * classifier.get(name, 0.0)
            for name in head.keys() | classifier.keys()
        }
        # By name where they tie, so that a reply never depends on the order of a set.
        ranking = [
            {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}
            for name, confidence in sorted(mixed.items(), key=lambda pair: (-pair[1], pair[0]))
        ][: self._length]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(RANKING, ranking, add_to_output=True)
