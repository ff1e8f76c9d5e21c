from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from bot.decide import Decision, Part, Thresholds, decide, favour, load_thresholds, two_questions
from bot.errors import ContentError
from bot.retrieval import Hit
from bot.source import Passage

LIMITS = Thresholds(
    sure=0.5, agreed=0.25, outside=0.3, pleasantry=0.7, plain=0.75, near=0.1, part=0.6, passage=0.7
)
NAMES = [f.name for f in fields(Thresholds)]
BACKED = {"p1": ("eeg",), "p2": ("vigabatrin",)}


def hit(passage: str) -> Hit:
    return Hit(Passage(passage, "text", 0, 4, ("section",), ""), 0.9, 0.9, 0.9)


@pytest.mark.parametrize(
    ("ranking", "hits", "expected"),
    [
        # Sure: retrieval need not agree.
        ([("eeg", 0.8), ("diagnosis", 0.1)], ["p2"], Decision(True, ("eeg",), False)),
        # Less sure, but retrieval points to the same topic: what came next is offered beside.
        (
            [("eeg", 0.3), ("thanks", 0.2), ("diagnosis", 0.1), ("signs", 0.1), ("pain", 0.1)],
            ["p1"],
            Decision(True, ("eeg",), True, ("diagnosis", "signs")),
        ),
        # What hardly came next is not.
        ([("eeg", 0.6), ("diagnosis", 0.09)], ["p1"], Decision(True, ("eeg",), True)),
        # Less sure, and retrieval disagrees: a choice of the classifier's three best.
        (
            [("eeg", 0.3), ("diagnosis", 0.2), ("signs", 0.1)],
            ["p2"],
            Decision(False, ("eeg", "diagnosis", "signs"), False),
        ),
        # Few words that say nothing known are no farewell.
        ([("goodbye", 0.69), ("signs", 0.1)], ["p1"], Decision(False, (), False)),
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
            [("other_medical", 0.29), ("thanks", 0.28), ("signs", 0.2)],
            [],
            Decision(False, ("other_medical", "signs"), False),
        ),
        # That the page does not answer it is said sooner, beside what the page does answer.
        (
            [("other_medical", 0.3), ("signs", 0.05), ("thanks", 0.04), ("eeg", 0.03)],
            [],
            Decision(True, ("other_medical",), False, ("signs", "eeg")),
        ),
        # Its two topics count together, and the likelier of them is told.
        (
            [("signs", 0.3), ("other_medical", 0.2), ("off_topic", 0.15)],
            [],
            Decision(True, ("other_medical",), False, ("signs",)),
        ),
        (
            [("signs", 0.6), ("other_medical", 0.3), ("off_topic", 0.1)],
            [],
            Decision(True, ("signs",), False, ("other_medical",)),
        ),
    ],
)
def test_decide(ranking: list[tuple[str, float]], hits: list[str], expected: Decision) -> None:
    assert decide(ranking, [hit(p) for p in hits], BACKED, LIMITS) == expected


@pytest.mark.parametrize(
    ("ranking", "passage", "rule"),
    [
        ([("eeg", 0.5)], "p2", "sure"),
        ([("eeg", 0.49)], "p1", "agreed"),
        ([("eeg", 0.49)], "p2", "unsure"),
        ([("eeg", 0.24)], "p1", "unsure"),
        ([("off_topic", 0.3)], "p2", "outside"),
        ([("off_topic", 0.29)], "p2", "unsure"),
        ([("nlu_fallback", 0.9)], "p1", "unknown"),
    ],
)
def test_staff_are_told_which_limit_decided(
    ranking: list[tuple[str, float]], passage: str, rule: str
) -> None:
    assert decide(ranking, [hit(passage)], BACKED, LIMITS).rule == rule


def part(*ranking: tuple[str, float]) -> Part:
    return Part("words", ranking)


@pytest.mark.parametrize(
    ("parts", "best", "topics"),
    [
        ([part(("eeg", 0.9)), part(("pain", 0.7))], "eeg", ["eeg", "pain"]),
        # In the order asked, whichever the whole message was taken for.
        ([part(("pain", 0.7)), part(("eeg", 0.9))], "eeg", ["pain", "eeg"]),
        # What the page does not answer is told as such, beside what it does.
        ([part(("other_medical", 0.9)), part(("eeg", 0.9))], "eeg", ["other_medical", "eeg"]),
        # At most two.
        (
            [part(("eeg", 0.9)), part(("pain", 0.9)), part(("signs", 0.9))],
            "eeg",
            ["eeg", "pain"],
        ),
        # The same question twice, or a second that is not plain, is one question.
        ([part(("eeg", 0.9)), part(("eeg", 0.7))], "eeg", []),
        ([part(("eeg", 0.9)), part(("pain", 0.5), ("signs", 0.4))], "eeg", []),
        # Thanks and greetings are no question.
        ([part(("thanks", 0.9)), part(("eeg", 0.9))], "eeg", []),
        # Parts that read like anything but the whole are trusted only where both are plain.
        ([part(("eeg", 0.9)), part(("pain", 0.7))], "surgery", []),
        ([part(("eeg", 0.9)), part(("pain", 0.8))], "surgery", ["eeg", "pain"]),
        ([], "eeg", []),
    ],
)
def test_two_questions(parts: list[Part], best: str, topics: list[str]) -> None:
    assert [p.ranking[0][0] for p in two_questions(parts, best, LIMITS)] == topics


def test_what_was_offered_is_likelier() -> None:
    ranking = [("signs", 0.4), ("eeg", 0.3), ("pain", 0.2)]
    assert favour(ranking, ("eeg", "diagnosis"))[0] == ("eeg", 0.6)
    assert favour(ranking, ()) == ranking


@pytest.mark.parametrize("missing", NAMES)
def test_no_limit_may_be_missing(tmp_path: Path, missing: str) -> None:
    path = tmp_path / "thresholds.yml"
    path.write_text("".join(f"{n}: 0.5\n" for n in NAMES if n != missing), encoding="utf-8")
    with pytest.raises(ContentError, match=missing):
        load_thresholds(path)


def test_a_limit_must_be_in_range(tmp_path: Path) -> None:
    path = tmp_path / "thresholds.yml"
    path.write_text("".join(f"{n}: 0.5\n" for n in NAMES[1:]) + "sure: 2.0\n", "utf-8")
    with pytest.raises(ContentError, match="sure"):
        load_thresholds(path)
