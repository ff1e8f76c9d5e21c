from __future__ import annotations

from pathlib import Path

import pytest

from bot.decide import Decision, Thresholds, decide, load_thresholds
from bot.errors import ContentError
from bot.retrieval import Hit
from bot.source import Passage

LIMITS = Thresholds(sure=0.5, agreed=0.25, passage=0.7)
BACKED = {"p1": ("eeg",), "p2": ("vigabatrin",)}


def hit(passage: str) -> Hit:
    return Hit(Passage(passage, "text", 0, 4, ("section",), ""), 0.9, 0.9, 0.9)


@pytest.mark.parametrize(
    ("ranking", "hits", "expected"),
    [
        # Sure: retrieval need not agree.
        ([("eeg", 0.8), ("diagnosis", 0.1)], ["p2"], Decision(True, ("eeg",), False)),
        # Less sure, but retrieval points to the same topic.
        ([("eeg", 0.3), ("diagnosis", 0.2)], ["p1"], Decision(True, ("eeg",), True)),
        # Less sure, and retrieval disagrees: a choice of the classifier's three best.
        (
            [("eeg", 0.3), ("diagnosis", 0.2), ("signs", 0.1)],
            ["p2"],
            Decision(False, ("eeg", "diagnosis", "signs"), False),
        ),
        # Agreement is not enough where there is no confidence at all.
        ([("eeg", 0.2)], ["p1"], Decision(False, ("eeg",), True)),
        # Intents that are no topics never become an answer.
        (
            [("nlu_fallback", 0.9), ("follow_up_why", 0.8)],
            ["p2"],
            Decision(False, ("vigabatrin",), False),
        ),
        ([], [], Decision(False, (), False)),
        # What the page does not answer is offered too; small talk is no question to offer.
        (
            [("other_medical", 0.3), ("signs", 0.2)],
            [],
            Decision(False, ("other_medical", "signs"), False),
        ),
    ],
)
def test_decide(ranking: list[tuple[str, float]], hits: list[str], expected: Decision) -> None:
    assert decide(ranking, [hit(p) for p in hits], BACKED, LIMITS) == expected


@pytest.mark.parametrize(
    "text", ["sure: 0.5\nagreed: 0.2\n", "sure: 2.0\nagreed: 0.2\npassage: 0.1\n"]
)
def test_thresholds_must_be_there_and_in_range(tmp_path: Path, text: str) -> None:
    path = tmp_path / "thresholds.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="passage|sure"):
        load_thresholds(path)
