from __future__ import annotations

import sys

import pytest
import rasa.__main__
from rasa.engine.training import graph_trainer

from bot.nlu import train


def test_training_is_rasas_without_its_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[list[str], object]] = []
    monkeypatch.setattr(graph_trainer, "TrainingHook", graph_trainer.TrainingHook)
    monkeypatch.setattr(
        rasa.__main__, "main", lambda: seen.append((sys.argv[:], graph_trainer.TrainingHook))
    )
    monkeypatch.setattr(sys, "argv", ["bot.nlu.train", "--force"])
    train.main()
    assert seen == [(["bot.nlu.train", "train", "--force"], train.UncachedHook)]


def test_the_hook_fingerprints_and_stores_nothing() -> None:
    # Whatever is touched of a cache that is None fails.
    hook = train.UncachedHook(cache=None, model_storage=None, pruned_schema=None)  # type: ignore[arg-type]
    assert hook.on_before_node("node", None, {}, {"training_data": object()}) == {}
    hook.on_after_node("node", None, {}, object(), {})
