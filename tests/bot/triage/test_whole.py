"""Messages that say one thing and nothing more."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.danger import LearnedLimits, judge
from bot.errors import ContentError
from bot.triage import Triage
from bot.triage.rules import load_harmless
from bot.triage.whole import WholeMessages

SAFETY = Path(__file__).parents[3] / "data" / "safety"
TRIAGE = Triage.load(SAFETY)
HARMLESS = load_harmless(SAFETY / "harmless.yml")
LIMITS = LearnedLimits(danger=0.4, emergency=0.3, crisis=0.45)
ALARMED = {"routine": 0.05, "urgent": 0.05, "crisis": 0.1, "emergency": 0.8}


@pytest.mark.parametrize("text", [text for entry in HARMLESS for text in entry.examples])
def test_a_model_alone_does_not_call_a_harmless_phrase_dangerous(text: str) -> None:
    finding = TRIAGE.read(text)
    assert finding.settled
    assert judge(finding, ALARMED, {}, LIMITS).level == "routine"


@pytest.mark.parametrize("text", [text for entry in HARMLESS for text in entry.not_examples])
def test_what_says_more_is_judged_as_always(text: str) -> None:
    finding = TRIAGE.read(text)
    assert not finding.settled
    assert judge(finding, ALARMED, {}, LIMITS).level == "emergency"


@pytest.mark.parametrize(
    ("text", "level", "kind"),
    [
        ("HELP HELP please", "urgent", "help"),
        ("help me", "emergency", "general"),
        ("ayuda", "urgent", "help"),
        ("auxilio", "emergency", "general"),
        ("oh god blue what do i do", "emergency", "not_breathing"),
        ("911", "emergency", "general"),
        ("emergencia!!", "emergency", "general"),
        ("seizure", "emergency", "seizure"),
        ("convulsión, ¿qué hago?", "emergency", "seizure"),
        ("he spit out his medicine", "urgent", "missed_medicine"),
        ("baby cold, what do i do", "emergency", "injury"),
        ("what's the point", "crisis", "self_harm"),
        ("this is goodbye", "crisis", "self_harm"),
        ("me rindo", "crisis", "self_harm"),
        ("doble dosis, ¿qué hago?", "emergency", "poisoning"),
        ("can't afford his meds", "urgent", "missed_medicine"),
        ("he threw up right after the medicine", "urgent", "missed_medicine"),
    ],
)
def test_a_word_alone_is_a_sign(text: str, level: str, kind: str) -> None:
    finding = TRIAGE.read(text)
    assert (finding.level, finding.kind, finding.settled) == (level, kind, True)


def test_the_rules_alone_speak_of_a_settled_phrase() -> None:
    danger = judge(TRIAGE.read("spit out his meds"), ALARMED, {}, LIMITS)
    assert (danger.level, danger.kind, danger.also) == ("urgent", "missed_medicine", "")


@pytest.mark.parametrize(
    "text", ["blue folder", "help with my bill", "seizure types", "please", ""]
)
def test_a_word_among_others_is_none(text: str) -> None:
    finding = TRIAGE.read(text)
    assert (finding.level, finding.settled) == ("routine", False)


@pytest.mark.parametrize(
    ("phrase", "fault"),
    [("please", "courtesy"), ("@NOBODY is", "NOBODY"), ("@CHILD @CHILD @CHILD @CHILD", "forms")],
)
def test_a_faulty_phrase_is_named(phrase: str, fault: str) -> None:
    book = TRIAGE.book
    classes = {"CHILD": frozenset(f"child{n}" for n in range(40))}
    with pytest.raises(ContentError, match=fault):
        WholeMessages(frozenset(["please"])).add(0, [phrase], book.spelling, classes, "here")
