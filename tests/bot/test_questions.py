from __future__ import annotations

import pytest

from bot.questions import MOST, is_question, questions


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("What is an EEG? Does it hurt?", ("what is an eeg?", "does it hurt?")),
        ("what is an EEG and does it hurt", ("what is an eeg", "does it hurt")),
        ("wut is a eeg n does it hurt", ("wut is a eeg", "does it hurt")),
        (
            "hi, how long is the steroid and also is vigabatrin safe for her eyes",
            ("how long is the steroid", "is vigabatrin safe for her eyes"),
        ),
        ("what causes it, how do you treat it", ("what causes it", "how do you treat it")),
        ("the causes and the treatment", ("the causes", "the treatment")),
        ("what is it and how is it treated", ("what is it", "how is it treated")),
        ("is it epilepsy and what do we do", ("is it epilepsy", "what do we do")),
        (
            "is 5 ml too much, and how long does she take it",
            ("is 5 ml too much", "how long does she take it"),
        ),
        ("¿Qué es un EEG y cuánto dura?", ("que es un eeg", "cuanto dura?")),
        (
            "que medicinas dan y tambien donde queda la clinica",
            ("que medicinas dan", "donde queda la clinica"),
        ),
        (
            "in plain words what is it and is the baby in pain",
            ("in plain words what is it", "is the baby in pain"),
        ),
        (
            "¿Tienen psicólogo para papás? Y la cafetería a qué hora cierra",
            ("tienen psicologo para papas?", "la cafeteria a que hora cierra"),
        ),
        # The story before the questions is left out.
        (
            "She was born early and is tiny. What is an EEG? Does it hurt?",
            ("what is an eeg?", "does it hurt?"),
        ),
    ],
)
def test_questions_come_apart(text: str, parts: tuple[str, ...]) -> None:
    assert questions(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "does it hurt",
        "does it hurt? thanks so much!",
        "My son is six months old and was born early. Does it hurt?",
        "he had a seizure last year, what tests will they do",
        "which Dr. West is it",
        "can I book an appointment and bring my mother?",
        "why? why",
        "he is the one who cries, does it hurt",
        "mi bebe que tiene 6 meses llora mucho, le duele",
        "no se sienta todavia, tiene 14 meses. que terapias hay",
        "tiene siete meses, que terapias hay",
        "they sent us to the spasms clinic, what is it and what happens at that clinic",
        "sand in her andes",
    ],
)
def test_one_question_stays_whole(text: str) -> None:
    assert questions(text) == ()


def test_a_flood_of_questions_is_bounded() -> None:
    assert len(questions("what is an eeg? " * 500)) == MOST


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("he is well. what cream is safe", True),
        ("puede comer huevo", True),
        ("and tylenol?", True),
        ("he jerks in rows, can he get his shots", True),
        ("tiene 5 meses, puede comer huevo", True),
        ("se encoge en racimos y que hago", True),
        ("tiene 5 meses y se encoge", False),
        ("when he wakes up he drops his head", False),
        ("cuando despierta se encoge", False),
        ("tiene tirones en racimos, si, que se encoge", False),
        ("her arms jerk in rows", False),
        ("", False),
    ],
)
def test_a_message_is_shaped_like_a_question(text: str, asked: bool) -> None:
    assert is_question(text) is asked
