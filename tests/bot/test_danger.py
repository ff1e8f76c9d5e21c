from __future__ import annotations

import math
from pathlib import Path

import pytest

from bot.danger import Danger, LearnedLimits, judge, learned_level, load_limits, shortfall
from bot.errors import ContentError
from bot.triage import Finding, Hit

LIMITS = LearnedLimits(danger=0.35, emergency=0.6, crisis=0.5)
CALM = Finding("routine", None, None)


def levels(emergency: float, crisis: float, urgent: float) -> dict[str, float]:
    return {
        "emergency": emergency,
        "crisis": crisis,
        "urgent": urgent,
        "routine": 1 - emergency - crisis - urgent,
    }


def finding(level: str, kind: str, action: str, *more: Hit) -> Finding:
    hit = Hit("r", level, kind, action, "words")
    return Finding(level, kind, action, (hit, *more))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (levels(0.0, 0.0, 0.0), "routine"),
        (levels(0.1, 0.1, 0.1), "routine"),
        (levels(0.2, 0.0, 0.2), "emergency"),
        (levels(0.3, 0.0, 0.5), "emergency"),
        (levels(0.2, 0.0, 0.5), "urgent"),
        (levels(0.0, 0.6, 0.2), "crisis"),
        # A weak crisis is what unrelated text looks like.
        (levels(0.0, 0.4, 0.1), "routine"),
        (levels(0.4, 0.45, 0.1), "emergency"),
        ({}, "routine"),
    ],
)
def test_learned_level(given: dict[str, float], expected: str) -> None:
    assert learned_level(given, LIMITS) == expected


@pytest.mark.parametrize(
    ("found", "given", "level", "kind", "voices"),
    [
        (CALM, levels(0, 0, 0), "routine", "", ("rules", "learned")),
        (finding("urgent", "spasms", "x"), levels(0, 0, 0), "urgent", "spasms", ("rules",)),
        (CALM, levels(0.9, 0, 0), "emergency", "general", ("learned",)),
        (finding("urgent", "spasms", "x"), levels(0.9, 0, 0), "emergency", "general", ("learned",)),
        (finding("emergency", "injury", "x"), levels(0, 0.1, 0), "emergency", "injury", ("rules",)),
        (CALM, levels(0, 0.9, 0), "crisis", "self_harm", ("learned",)),
    ],
)  # fmt: skip
def test_the_highest_voice_wins(
    found: Finding, given: dict[str, float], level: str, kind: str, voices: tuple[str, ...]
) -> None:
    assert judge(found, given, {}, LIMITS) == Danger(level, kind, "", voices)


def test_a_possible_crisis_beside_an_emergency_is_answered_too() -> None:
    assert judge(CALM, levels(0.5, 0.3, 0.1), {}, LIMITS).also == "self_harm"
    assert judge(CALM, levels(0.8, 0.1, 0.1), {}, LIMITS).also == ""


def test_a_plain_learned_kind_names_the_text() -> None:
    kinds = {"emergency.choking": 0.8, "emergency.seizure": 0.1, "urgent.spasms": 0.1}
    assert judge(CALM, levels(0.9, 0, 0), kinds, LIMITS).kind == "choking"
    kinds = {"emergency.choking": 0.4, "emergency.seizure": 0.4}
    assert judge(CALM, levels(0.9, 0, 0), kinds, LIMITS).kind == "general"


def test_911_comes_first_for_a_poisoned_child_that_collapsed() -> None:
    well = finding("emergency", "poisoning", "poison_help")
    assert judge(well, {}, {}, LIMITS).kind == "poisoning"
    limp = Hit("r2", "emergency", "unresponsive", "call_911", "limp")
    collapsed = finding("emergency", "poisoning", "call_911", limp)
    assert judge(collapsed, {}, {}, LIMITS).kind == "poisoning_collapsed"


def test_means_in_hand_are_imminent() -> None:
    assert judge(finding("crisis", "self_harm", "call_911"), {}, {}, LIMITS).kind == "imminent"
    assert judge(finding("crisis", "self_harm", "call_988"), {}, {}, LIMITS).kind == "self_harm"


def test_a_lowered_sign_is_remembered() -> None:
    lowered = Finding("routine", None, None, lowered=(Hit("r", "emergency", "seizure", "x", "y"),))
    assert judge(lowered, {}, {}, LIMITS).conditional


@pytest.mark.parametrize("text", ["danger: 0.3\n", "danger: a\nemergency: 1.0\ncrisis: 1.0\n"])
def test_limits_must_be_there(tmp_path: Path, text: str) -> None:
    (tmp_path / "learned.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="danger|emergency"):
        load_limits(tmp_path / "learned.yml")


STRICT = LearnedLimits(danger=0.4, emergency=0.3, crisis=0.45)


@pytest.mark.parametrize(
    ("level", "emergency", "crisis", "urgent", "missing"),
    [
        ("routine", 0.0, 0.0, 0.3, 0.1),
        ("routine", 0.1, 0.0, 0.25, 0.05),
        ("routine", 0.0, 0.4, 0.0, 0.05),  # a crisis under its own limit counts for itself only
        ("urgent", 0.1, 0.0, 0.6, 0.08),
        ("urgent", 0.3, 0.0, 0.6, 0.0),
        ("emergency", 0.3, 0.0, 0.3, math.inf),
    ],
)
def test_how_much_was_missing_to_a_higher_level(
    level: str, emergency: float, crisis: float, urgent: float, missing: float
) -> None:
    levels = {"routine": 0.0, "emergency": emergency, "crisis": crisis, "urgent": urgent}
    assert shortfall(levels, level, STRICT) == pytest.approx(missing)
    assert shortfall({}, level, STRICT) == math.inf
