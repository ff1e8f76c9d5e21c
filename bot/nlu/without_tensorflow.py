"""Keeps TensorFlow out of the process that serves Rasa.

Rasa imports it for networks (DIET, TED and their like) that `config.yml` does not use: about four
of the seven seconds of its imports, and a quarter of a gigabyte. Stand-ins take the place of the
modules that would; whoever asks for one of their classes by a pipeline gets Rasa's own error, for
a class that was never registered.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

# All modules of rasa that import TensorFlow while it serves.
MODULES = (
    "rasa.core.policies.ted_policy",
    "rasa.core.policies.unexpected_intent_policy",
    "rasa.nlu.classifiers.diet_classifier",
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer",
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer",
    "rasa.nlu.selectors.response_selector",
    "rasa.utils.tensorflow.callback",
    "rasa.utils.tensorflow.data_generator",
)


class _StandIn(ModuleType):
    """A module whose every name is an empty class."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = type(name, (), {"__module__": self.__name__})
        setattr(self, name, found)
        return found


def install() -> None:
    """Put the stand-ins in place; before anything of rasa is imported."""
    for name in MODULES:
        sys.modules.setdefault(name, _StandIn(name))
