from __future__ import annotations

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
