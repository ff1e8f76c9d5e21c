"""The red-flag rules as a Rasa component, so that `rasa shell` knows danger as the gateway does."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.logs import REQUEST
from bot.triage import Triage

log = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class TriageReader(GraphComponent):
    """Adds `triage` (level, kind, ids of the rules that fired) to the parse result."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"folder": "data/safety"}

    def __init__(self, triage: Triage) -> None:
        self._triage = triage

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TriageReader:
        return cls(Triage.load(Path({**cls.get_default_config(), **config}["folder"])))

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message for danger; the intent stays as it is."""
        for message in messages:
            # The last component: from here on, what this message causes is logged under its id.
            REQUEST.set(str((message.get("metadata") or {}).get("request", "")))
            log.info("understood")
            finding = self._triage.read(str(message.get(TEXT) or ""))
            read = {
                "level": finding.level,
                "kind": finding.kind,
                "rules": [hit.rule for hit in finding.hits],
            }
            message.set("triage", read, add_to_output=True)
        return messages
