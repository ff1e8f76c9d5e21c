from __future__ import annotations

import pytest

from bot.danger import Danger
from bot.urgency import Signals, Standing, rise_or_fall
from tests.conftest import DATA

SIGNALS = Signals.load(DATA / "safety" / "signals.yml")
CALM = Danger("routine", "", "", ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the ambulance is here", "care_reached"),
        ("Paramedics just arrived, thank you", "care_reached"),
        ("i called 911", "care_reached"),
        ("we are at the ER now", "care_reached"),
        ("ya llegó la ambulancia", "care_reached"),
        ("estamos en el hospital", "care_reached"),
        ("i called 911 but nobody came", ""),
        ("should i go to the er", ""),
        ("the er sent us home", ""),
        ("my mom says its nothing", ""),
        ("thank you so much", ""),
        ("he seems fine now", ""),
        ("false alarm, sorry", "misunderstanding"),
        ("I was just asking for a school paper", "misunderstanding"),
        ("that was last year", "misunderstanding"),
        ("you misunderstood me", "misunderstanding"),
        ("falsa alarma", "misunderstanding"),
        ("solo preguntaba", "misunderstanding"),
        ("can you misunderstand this", ""),
        ("i am safe now", "safe"),
        ("no me voy a hacer nada", "safe"),
        ("is he safe", ""),
    ],
)
def test_signal(text: str, expected: str) -> None:
    assert SIGNALS.read(text) == expected


@pytest.mark.parametrize(
    ("standing", "danger", "text", "level", "raised"),
    [
        ("routine", Danger("urgent", "spasms", "", ()), "x", "urgent", True),
        ("urgent", Danger("emergency", "seizure", "", ()), "x", "emergency", True),
        ("emergency", Danger("urgent", "spasms", "", ()), "x", "emergency", False),
        ("emergency", Danger("emergency", "seizure", "", ()), "x", "emergency", True),
        ("emergency", CALM, "thanks", "emergency", False),
        ("emergency", CALM, "the ambulance is here", "urgent", False),
        ("emergency", CALM, "false alarm", "routine", False),
        ("emergency", CALM, "my husband says he is fine", "emergency", False),
        ("urgent", CALM, "we are at the hospital", "routine", False),
        ("urgent", CALM, "what is an eeg", "urgent", False),
        ("crisis", CALM, "false alarm", "crisis", False),
        ("crisis", CALM, "i am safe now", "routine", False),
        ("crisis", CALM, "my wife says i am fine", "crisis", False),
    ],
)
def test_rise_or_fall(standing: str, danger: Danger, text: str, level: str, raised: bool) -> None:
    after = rise_or_fall(standing, "kind", "", danger, SIGNALS.read(text))
    assert (after.level, after.raised) == (level, raised)


def test_the_caregivers_crisis_outlives_the_childs_emergency() -> None:
    after = rise_or_fall("emergency", "seizure", "self_harm", CALM, "care_reached")
    assert after == Standing("crisis", "self_harm", "", False, "care_reached")
