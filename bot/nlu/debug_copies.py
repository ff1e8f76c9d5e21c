"""Spares Rasa the deep copies that it makes for its debug log.

Rasa 3.6 copies each event, a whole reply with its quotes among them, and the states of every policy
for lines of a level that is never written here.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TypeVar

import rasa.core.policies.memoization
import rasa.core.policies.rule_policy
import rasa.core.processor

T = TypeVar("T")

# Nothing but `structlogger.debug` copies in these modules (tests/nlu/test_debug_copies.py).
MODULES = (
    rasa.core.processor,
    rasa.core.policies.memoization,
    rasa.core.policies.rule_policy,
)


def _same(value: T) -> T:
    return value


def install() -> None:
    """Hand the debug log, which drops them, the things themselves."""
    for module in MODULES:
        module.copy = SimpleNamespace(deepcopy=_same)
