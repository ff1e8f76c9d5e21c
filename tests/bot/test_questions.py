from __future__ import annotations

import pytest

from bot.questions import MOST, questions


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("What is an EEG? Does it hurt?", ("what is an eeg?", "does it hurt?")),
        ("what is an eeg and does it hurt", ("what is an eeg", "does it hurt")),
        (
            "hi, how long is the steroid and also is vigabatrin safe for her eyes",
            ("how long is the steroid", "is vigabatrin safe for her eyes"),
        ),
        ("what causes it, how do you treat it", ("what causes it", "how do you treat it")),
        ("¿Qué es un EEG y cuánto dura?", ("¿que es un eeg", "cuanto dura?")),
        (
            "que medicinas dan y tambien donde queda la clinica",
            ("que medicinas dan", "donde queda la clinica"),
        ),
    ],
)
def test_two_questions_come_apart(text: str, parts: tuple[str, ...]) -> None:
    assert questions(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "does it hurt",
        "does it hurt? thanks so much!",
        "My son is six months old and was born early. Does it hurt?",
        "what do steroids and vigabatrin do",
        "is it colic or reflux and gas",
        "he had an EEG and an MRI, what comes next",
        "why? why",
        "les dan terapia fisica y del habla",
        "it hurts him and I cry",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    assert questions(text) == ()


def test_a_flood_of_questions_is_bounded() -> None:
    assert len(questions("what is it? " * 500)) == MOST
