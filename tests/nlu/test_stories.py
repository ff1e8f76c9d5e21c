"""Every story is live: without it, a conversation goes another way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.policies.memoization import MemoizationPolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph

from tests.nlu.conftest import ROOT

DOMAIN = Domain.load(ROOT / "domain.yml")
STORIES: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "data" / "stories.yml").read_text(encoding="utf-8")
)["stories"]
MAX_HISTORY = next(
    policy["max_history"]
    for policy in yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["policies"]
    if policy["name"] == "MemoizationPolicy"
)


def trackers(stories: list[dict[str, Any]], folder: Path) -> list[Any]:
    path = folder / "stories.yml"
    path.write_text(yaml.safe_dump({"version": "3.1", "stories": stories}), encoding="utf-8")
    graph = StoryGraph(YAMLStoryReader().read_from_file(path))
    found: list[Any] = TrainingDataGenerator(graph, DOMAIN, augmentation_factor=0).generate()
    return found


def history(tracker: Any) -> tuple[str, ...]:
    return tuple(str(event) for event in tracker.applied_events())


def policy(stories: list[dict[str, Any]], folder: Path) -> MemoizationPolicy:
    trained = MemoizationPolicy(
        {**MemoizationPolicy.get_default_config(), "max_history": MAX_HISTORY},
        LocalModelStorage.create(folder),
        Resource("memo"),
        ExecutionContext(GraphSchema({})),
    )
    trained.train(trackers(stories, folder), DOMAIN)
    return trained


def follow_ups(judge: MemoizationPolicy, conversations: list[Any]) -> list[str | None]:
    """What is predicted at each place where a conversation followed up."""
    found: list[str | None] = []
    for conversation in conversations:
        events = list(conversation.applied_events())
        for place, event in enumerate(events):
            if not isinstance(event, ActionExecuted) or event.action_name != "action_follow_up":
                continue
            before = DialogueStateTracker.from_events("x", events[:place], domain=DOMAIN)
            prediction = judge.predict_action_probabilities(before, DOMAIN)
            sure = prediction.max_confidence > 0.3
            best = DOMAIN.action_names_or_texts[prediction.max_confidence_index]
            found.append(best if sure else None)
    return found


@pytest.mark.parametrize("name", [story["story"] for story in STORIES])
def test_without_the_story_a_conversation_goes_another_way(name: str, tmp_path: Path) -> None:
    for folder in ("all", "rest", "own"):
        (tmp_path / folder).mkdir()
    rest = [story for story in STORIES if story["story"] != name]
    every = trackers(STORIES, tmp_path / "own")
    without_it = {history(t) for t in trackers(rest, tmp_path / "own")}
    own = [t for t in every if history(t) not in without_it and "follow_up" in str(history(t))]
    assert own
    with_it = follow_ups(policy(STORIES, tmp_path / "all"), own)
    without = follow_ups(policy(rest, tmp_path / "rest"), own)
    assert set(with_it) == {"action_follow_up"}
    assert None in without
