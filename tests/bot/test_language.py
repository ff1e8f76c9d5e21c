from __future__ import annotations

import pytest

from bot.language import Wish, detect, wish


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
        # One word, or none that is known, at the beginning.
        ("vigabatrin", None, "en"),
        ("keto", None, "en"),
        ("blue", None, "en"),
        ("autism", None, "en"),
        ("asdf", None, "en"),
        ("zzz", None, "en"),
        ("test", None, "en"),
        ("convulsión", None, "es"),
        ("emergencia", None, "es"),
        ("genetica", None, "es"),
        ("esteroides", None, "es"),
        ("vigabatrina", None, "es"),
        ("azul", None, "es"),
        ("más", None, "es"),
        ("ya no mas", None, "es"),
        ("pare", None, "es"),
        ("gas", None, "en"),
        ("gas", "es", "es"),
        ("keto", "es", "es"),
        # Few words in a hurry are no switch.
        ("y k ago", "es", "es"),
        ("y ke ago", "en", "es"),
        ("ya", "en", "en"),
        ("ya", "es", "es"),
        ("ya paso", "es", "es"),
        ("nope", "es", "es"),
        # A switch is followed.
        ("tell me more", "es", "en"),
        ("otra vez", "en", "es"),
        ("how long does it last", "es", "en"),
        ("gracias, y cuanto tiempo", "en", "es"),
    ],
)
def test_detect(text: str, before: str | None, expected: str) -> None:
    assert detect(text, before) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The question's language decides, whatever is longer.
        ("Mi hijo fue diagnosticado la semana pasada con espasmos. What is an EEG?", "en"),
        ("the doctor said hypsarrhythmia and I was so lost, que es eso", "es"),
        ("My son was diagnosed last week at the hospital. Cuánto dura el tratamiento?", "es"),
        ("le dieron sabril a mi hijo, what does it do to the eyes", "en"),
        ("hola, what is an EEG?", "en"),
        ("hi, que es un EEG?", "es"),
        # No question: most of the words decide.
        ("mi baby tiene spasms", "es"),
        ("se trago un piece de uva y no le sale la voz, can't cry", "es"),
    ],
)
def test_a_mixed_message_has_the_language_of_its_question(text: str, expected: str) -> None:
    assert detect(text) == expected


@pytest.mark.parametrize(
    ("text", "lang", "only"),
    [
        ("en español por favor", "es", True),
        ("En español, porfa", "es", True),
        ("español", "es", True),
        ("spanish please", "es", True),
        ("habla español?", "es", True),
        ("¿Hablan español?", "es", True),
        ("do you speak spanish", "es", True),
        ("can you answer in Spanish?", "es", True),
        ("me lo puede decir en español", "es", True),
        ("I need this in spanish", "es", True),
        ("prefiero español", "es", True),
        ("english please", "en", True),
        ("puede contestar en ingles", "en", True),
        ("in English, thanks", "en", True),
        ("hablas inglés también?", "en", True),
        ("sorry, can you write in english", "en", True),
        ("no hablo inglés", "es", True),
        ("disculpe, no entiendo mucho ingles", "es", True),
        ("I don't speak Spanish", "en", True),
        ("no hablo ingles. que es un EEG", "es", False),
        ("What is an EEG? In Spanish please", "es", False),
        ("en español: what is an EEG", "es", False),
        ("respóndame en español, what is vigabatrin", "es", False),
    ],
)
def test_the_wish_for_a_language(text: str, lang: str, only: bool) -> None:
    assert wish(text) == Wish(lang, only)


@pytest.mark.parametrize(
    "text",
    [
        "what is an EEG?",
        "sorry english is not good, he is purple",
        "Please can write to me in Arabic? I read English slow.",
        "my mom only speaks spanish",
        "is there a support group for spanish speaking parents",
        "mi esposo habla inglés y yo no",
        "hay doctores que hablan español en la clínica",
        "the english doctor West",
        "I don't speak English well",
        "he does not understand english",
        "",
        "2",
    ],
)
def test_what_is_no_wish(text: str) -> None:
    assert wish(text) is None
