from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.refusals import Refusals, load_refusals
from tests.conftest import DATA


@pytest.fixture(scope="module")
def refusals() -> Refusals:
    return load_refusals(DATA / "safety" / "refused.yml")


@pytest.mark.parametrize(
    "text",
    [
        "what dose of prednisolone",
        "prednisolone dose",
        "PREDNISOLONE DOSAGE FOR 8 KG",
        "how many ml of orapred twice a day",
        "how much sabril do i give her",
        "can we stop vigabatrin now",
        "is it ok to skip her steroid",
        "stopping the acth cold turkey",
        "que dosis de vigabatrina le toca",
        "¿cuántos mililitros le doy?",
        "puedo dejar de darle la medicina",
        "le doy el doble",
        "high-dose steroids, how many mg a day",
    ],
)
def test_refused(refusals: Refusals, text: str) -> None:
    assert refusals.refuses(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "how long does she take vigabatrin",
        "what are high-dose steroids",
        "esteroides en dosis altas, que son",
        "eye test before the first dose of sabril?",
        "do the spasms stop",
        "how many weeks of shots",
        "does sabril stop the spasms",
        "how much does the clinic cost",
        "can she stop by the clinic",
        "se le quitan los espasmos con la medicina",
        "he has had 3 ml of milk",
        "le cambiaron la dosis ayer, ¿qué es un EEG?",
    ],
)
def test_not_refused(refusals: Refusals, text: str) -> None:
    assert not refusals.refuses(text)


@pytest.mark.parametrize(
    "text",
    ["asks: {patterns: ['(']}\nchanges: {patterns: []}\nunless: []\ndrug: x\n", "asks: {}\n"],
)
def test_broken_patterns_are_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "refused.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="refused.yml"):
        load_refusals(path)


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("can she die from this", True),
        ("Is it fatal?", True),
        ("are infantile spasms deadly", True),
        ("¿Puede morir mi hijo por esto?", True),
        ("los bebes con esto se mueren", True),
        ("can dogs die from epilepsy", False),
        ("do the steroids kill the spasms or the cause", False),
        ("will you be the death of customer service", False),
        ("does it go away", False),
        ("is it ok to kill time in the lobby", False),
        ("will i die of embarrassment filming him", False),
        (
            "my brother died in a fit long ago, what can be done for such a child nowadays, please",
            False,
        ),
    ],
)
def test_of_death_the_page_says_nothing(refusals: Refusals, text: str, left_out: bool) -> None:
    assert refusals.leaves_out(text) is left_out


def test_the_page_really_says_nothing_of_death() -> None:
    page = (DATA / "source" / "iess.txt").read_text("utf-8")
    assert not re.search(r"\b(?:die|dies|died|death|fatal|deadly|lethal|mortality)\b", page, re.I)
