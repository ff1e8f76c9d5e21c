from __future__ import annotations

import pytest

from bot.answer_checks import check_ease
from bot.answers import Library, Sentence
from bot.glossary import Glossary, load_glossary
from bot.readability import ease, grade, prose
from tests.conftest import DATA


@pytest.fixture(scope="module")
def glossary(library: Library) -> Glossary:
    return load_glossary(DATA / "glossary.yml", library.page)


@pytest.mark.parametrize(
    ("text", "lowest", "highest"),
    [
        ("The baby may cry. Call us. We can help you find a good doctor.", -3, 3),
        ("The seizures can look like a jerk of the head or the body.", 0, 6),
        (
            "Pharmacological intervention necessitates comprehensive multidisciplinary"
            " surveillance, including ophthalmological examinations at regular intervals.",
            18,
            60,
        ),
    ],
)
def test_raw_grade(glossary: Glossary, text: str, lowest: float, highest: float) -> None:
    found = grade(text, glossary)
    assert found is not None
    assert lowest < found.raw < highest


@pytest.mark.parametrize(
    ("text", "eases"),
    [
        ("Your child may get an electroencephalogram.", True),
        ("Your child may have nonketotic hyperglycinemia.", True),
        ("Your child may have a bad day with you.", False),
        ("Your child may have pharmacological complications.", False),
    ],
)
def test_only_glossary_terms_ease_the_grade(glossary: Glossary, text: str, eases: bool) -> None:
    found = grade(text, glossary)
    assert found is not None
    assert (found.adjusted < found.raw) is eases
    assert found.adjusted <= found.raw


def test_term_counts_as_one_short_word(glossary: Glossary) -> None:
    long = grade("Ask about infantile epileptic spasms syndrome today.", glossary)
    short = grade("Ask about term today.", glossary)
    assert long is not None
    assert short is not None
    assert long.adjusted == short.raw


def test_spanish_has_scales_of_ease_and_no_grade(glossary: Glossary) -> None:
    assert grade("El bebé puede llorar.", glossary, "es") is None
    easy = ease("El bebé puede llorar. Llame al doctor hoy. Le vamos a ayudar.")
    hard = ease(
        "La intervención farmacológica requiere una vigilancia multidisciplinaria exhaustiva,"
        " incluyendo evaluaciones oftalmológicas periódicas y neuropsicológicas especializadas."
    )
    assert easy.fernandez_huerta > 90
    assert hard.fernandez_huerta < 40
    assert hard.inflesz < hard.fernandez_huerta


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Diga lo que ve. La persona del 911 le dirá qué hacer, paso a paso.", 0),
        ("La hospitalización permite administrar procedimientos diagnósticos especializados.", 1),
    ],
)
def test_hard_spanish_is_found(text: str, found: int) -> None:
    assert len(list(check_ease(text))) == found


def test_the_language_of_one_text_does_not_leak_into_the_next(glossary: Glossary) -> None:
    before = grade("The baby may cry. Call us today.", glossary)
    ease("El bebé puede llorar.")
    assert grade("The baby may cry. Call us today.", glossary) == before


def test_prose_leaves_list_items_out() -> None:
    items = (Sentence("Nonketotic hyperglycinemia"), Sentence("Phenylketonuria"))
    sentences = (Sentence("Causes are:", items=items), Sentence("Call {phone}, or {hospital}."))
    assert prose(sentences) == "Causes are. Call term, or term."
