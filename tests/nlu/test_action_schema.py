from __future__ import annotations

from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot.nlu import action_schema


@pytest.mark.parametrize(
    ("result", "valid"),
    [
        ({"events": [], "responses": [{"custom": {}}]}, True),
        ({"events": [{"event": "slot", "name": "topic", "value": "eeg"}], "responses": []}, True),
        ({"events": [{"event": "nonsense"}], "responses": []}, False),
        ({"events": [], "responses": ["text"]}, False),
        ([], False),
    ],
)
def test_the_compiled_schema_judges_like_rasa(result: Any, valid: bool) -> None:
    action_schema.install()
    action = RemoteAction("action_answer", None)
    if valid:
        assert action._validate_action_result(result)
    else:
        with pytest.raises(ValidationError):
            action._validate_action_result(result)
