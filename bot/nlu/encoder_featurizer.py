"""The project's sentence encoder as a Rasa featurizer; it brings danger level and topics along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import (
    DENSE_FEATURIZABLE_ATTRIBUTES,
    FEATURIZER_CLASS_ALIAS,
    TOKENS_NAMES,
)
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.encoder import Encoder, Encoding, Vectors, pack
from bot.questions import questions

# Of a part of a message only the best topics travel on.
BEST = 3
TOPIC_HEAD = "topic_head"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EncoderFeaturizer(GraphComponent):
    """Adds one dense sentence vector, and `encoding` to the parse result.

    `encoding` holds the vector, danger level and kind of the message, and `parts`: the questions
    of a message that asks several (`bot.questions`) with their best topics.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        # Two threads: Rasa reads one message at a time, and its families wait for it.
        return {"folder": "var/encoder/current", "threads": 2, FEATURIZER_CLASS_ALIAS: "encoder"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """A rebuilt encoder must retrain what stands on its vectors."""
        folder = Path(config.get("folder") or cls.get_default_config()["folder"])
        meta = folder / "meta.json"
        return meta.read_text(encoding="utf-8") if meta.exists() else None

    def __init__(self, config: dict[str, Any], encoder: Encoder) -> None:
        self._alias = config[FEATURIZER_CLASS_ALIAS]
        self._encoder = encoder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EncoderFeaturizer:
        config = {**cls.get_default_config(), **config}
        return cls(config, Encoder(Path(config["folder"]), config["threads"]))

    def process(self, messages: list[Message]) -> list[Message]:
        """Featurize what a family wrote."""
        for message in messages:
            if text := _text(message, TEXT):
                read = self._encoder.read([text])
                self._add(message, TEXT, read.vectors)
                parts = self._parts(text)
                encoding = {**self._encoding(read), "parts": parts}
                message.set("encoding", encoding, add_to_output=True)
                # For the component that mixes it in; nobody else needs it.
                message.set(TOPIC_HEAD, _named(self._encoder.topic_names, read.topics[0]))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Featurize the examples. Rasa wires the graph by the parameter's name."""
        for attribute in DENSE_FEATURIZABLE_ATTRIBUTES:
            messages = [m for m in training_data.training_examples if _text(m, attribute)]
            vectors = self._encoder.encode([_text(m, attribute) for m in messages])
            for message, vector in zip(messages, vectors, strict=True):
                self._add(message, attribute, vector[np.newaxis])
        return training_data

    def _add(self, message: Message, attribute: str, vector: Vectors) -> None:
        """Give the message its vector, shape (1, dimension), once for each token and once whole."""
        tokens = len(message.get(TOKENS_NAMES[attribute]) or ()) or 1
        for kind, rows in (
            (FEATURE_TYPE_SEQUENCE, vector.repeat(tokens, axis=0)),
            (FEATURE_TYPE_SENTENCE, vector),
        ):
            message.add_features(Features(rows, kind, attribute, self._alias))

    def _encoding(self, read: Encoding) -> dict[str, Any]:
        """What travels on, so that nobody encodes the message twice."""
        encoder = self._encoder
        return {
            "version": encoder.version,
            "vector": pack(read.vectors[0]),
            "levels": _named(encoder.level_names, read.levels[0]),
            "kinds": _named(encoder.kind_names, read.kinds[0]),
        }

    def _parts(self, text: str) -> list[dict[str, Any]]:
        """The questions of the message, where it asks more than one, with their best topics."""
        found = []
        for part in questions(text):
            topics = _named(self._encoder.topic_names, self._encoder.read([part]).topics[0])
            best = sorted(topics.items(), key=lambda pair: -pair[1])[:BEST]
            found.append({"text": part, "topics": dict(best)})
        return found


def _text(message: Message, attribute: str) -> str:
    """What the message holds to be read, or nothing."""
    text = message.get(attribute)
    return text if isinstance(text, str) and text.strip() else ""


def _named(names: Sequence[str], values: Iterable[float]) -> dict[str, float]:
    return {name: float(value) for name, value in zip(names, values, strict=True)}
