"""No evaluation message stands in the training data or in a rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.training_data import intent_examples, level_examples
from eval.messages import SETS, load

# The safety policy's own example of a past event; whoever reads the policy writes it.
POLICY_EXAMPLES = {"d117"}
DATA = Path(__file__).resolve().parent.parent / "data"


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


@pytest.mark.parametrize("name", SETS)
def test_evaluation_messages_were_not_learned(name: str) -> None:
    learned = {plain(e.text) for e in [*intent_examples(DATA), *level_examples(DATA)]}
    # "eeg" or "any trials" will be thought of by anyone.
    leaked = [m.id for m in load(name) if len(m.text.split()) > 3 and plain(m.text) in learned]
    assert not leaked


@pytest.mark.parametrize("name", SETS)
def test_evaluation_messages_are_no_examples_of_a_rule(name: str) -> None:
    rules = "\n".join(
        plain(p.read_text(encoding="utf-8")) for p in (DATA / "safety" / "rules").glob("*.yml")
    )
    leaked = [m.id for m in load(name) if len(m.text.split()) > 5 and plain(m.text) in rules]
    assert not set(leaked) - POLICY_EXAMPLES
