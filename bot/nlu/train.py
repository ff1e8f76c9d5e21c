"""Rasa's training as it runs here: `python -m bot.nlu.train`, with the options of `rasa train`.

The same training, without TensorFlow, and without the fingerprints by which Rasa would find a
component's output in its cache: a fifth of the time, for a cache that `tools/build.py` switches
off, since its own stamp says when to train.
"""

from __future__ import annotations

import sys
from typing import Any

from bot.nlu import without_tensorflow

without_tensorflow.install()

import rasa.__main__  # noqa: E402 - after the stand-ins
from rasa.engine.training import graph_trainer  # noqa: E402
from rasa.engine.training.hooks import TrainingHook  # noqa: E402


class UncachedHook(TrainingHook):
    """Takes the place of Rasa's hook that fingerprints and caches each component's output."""

    def on_before_node(self, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
        """Nothing to remember."""
        return {}

    def on_after_node(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing to store."""


def main() -> None:
    """Train, as `rasa train` would."""
    graph_trainer.TrainingHook = UncachedHook
    sys.argv.insert(1, "train")
    rasa.__main__.main()


if __name__ == "__main__":
    main()
