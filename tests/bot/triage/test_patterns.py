"""Word forms and repeats that patterns read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.triage import Triage
from bot.triage.patterns import spanish
from bot.triage.tokens import Spelling, tokenize

BOOK = Triage.load(Path(__file__).parents[3] / "data" / "safety").book


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("temblar", {"temblar", "temblando", "temblo", "temblaba", "temblandole"}),
        ("comer", {"comer", "comio", "comiendo", "comerse", "comido"}),
        ("morado", {"morado", "morada", "moradas", "moradito", "moraditas"}),
        ("boca", {"boca", "bocas", "boquita"}),
        ("tiron", {"tiron", "tirones", "tironcitos"}),
    ],
)
def test_spanish_forms(word: str, forms: set[str]) -> None:
    assert forms <= spanish(word)


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("bonk. bonk. bonk.", True),
        ("fold, cry, fold, cry", True),
        ("arms out, cry, arms out, cry", True),
        ("doblez doblez doblez", True),
        ("very very very kind", False),
        ("three different things by three different people", False),
        ("he is not blue, he is not limp", False),
    ],
)
def test_words_said_again_are_marked(text: str, again: bool) -> None:
    tokens = tokenize(text, BOOK.spelling, BOOK.breaks)
    assert any("#rep" in tags for tags in tokens.tags) == again


def test_a_decimal_is_one_word_that_whole_numbers_find() -> None:
    spelling = Spelling({}, [], [], [])
    tokens = tokenize("ketones 6.9, gave .5 not 5. then", spelling, frozenset())
    assert tokens.words == ["ketones", "6.9", "gave", ".5", "not", "5", "then"]
    assert "6" in tokens.tags[1]
    assert tokens.sentence[-1] == 1
