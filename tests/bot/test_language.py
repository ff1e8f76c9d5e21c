from __future__ import annotations

import pytest

from bot.language import detect


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("What is an EEG?", None, "en"),
        ("¿qué es un EEG?", None, "es"),
        ("que es eso", None, "es"),
        ("mi bebe no respira", None, "es"),
        ("mi baby tiene spasms", None, "es"),
        ("cuanto dura el tratamiento", None, "es"),
        ("k medicina le dan", None, "es"),
        ("wut meds r used 4 this", None, "en"),
        ("does it hurt", None, "en"),
        ("he stopped breathing", None, "en"),
        # What tells nothing keeps the conversation's language.
        ("EEG?", "es", "es"),
        ("EEG?", "en", "en"),
        ("2", "es", "es"),
        ("", None, "en"),
        ("🚑", "es", "es"),
        ("no", "es", "es"),
        # A switch is followed.
        ("how long does it last", "es", "en"),
        ("gracias, y cuanto tiempo", "en", "es"),
    ],
)
def test_detect(text: str, before: str | None, expected: str) -> None:
    assert detect(text, before) == expected
