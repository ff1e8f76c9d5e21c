from __future__ import annotations

import pytest

from bot.answers import Library
from bot.retrieval import Retriever, words
from tests.conftest import WordEncoder


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("what hormonal treatment is given by mouth", "high-dose steroids"),
        ("what is an EEG", "electroencephalogram (EEG)"),
        ("sabril eyesight loss", "peripheral vision loss"),
        ("who is west syndrome named after", "William James West"),
        ("prednisalone", "prednisolone"),
        # It announces a list that the page leaves empty: nobody else says that they stay.
        ("will you admit us into the hospital", "we’ll admit your child"),
    ],
)
def test_the_passage_that_answers_is_among_the_first(
    retriever: Retriever, question: str, holds: str
) -> None:
    assert any(holds in hit.passage.text for hit in retriever.search(question, 3))


def test_spans_point_into_the_page(retriever: Retriever, library: Library) -> None:
    for hit in retriever.search("vision", 5):
        assert library.page.text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_a_lead_in_is_found_only_where_its_list_is_empty(library: Library) -> None:
    ends = [p.text for p in Retriever(library.page, WordEncoder()).passages if p.text[-1] == ":"]
    assert ends == list(library.page.empty_lists)


def test_scores_are_mixed_and_sorted(library: Library) -> None:
    retriever = Retriever(library.page, WordEncoder(), dense_weight=0.7)
    hits = retriever.search("video EEG to monitor seizures", 6)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    for hit in hits:
        assert hit.score == pytest.approx(0.7 * hit.dense + 0.3 * hit.lexical, abs=1e-5)


@pytest.mark.parametrize("question", ["", "???", "xyzzy", "the of and"])
def test_nothing_in_common_is_no_error(retriever: Retriever, question: str) -> None:
    assert all(hit.lexical == 0 for hit in retriever.search(question, 3))


def test_a_given_vector_is_used(retriever: Retriever) -> None:
    question = "largest comprehensive pediatric ketogenic diet therapy programs"
    vector = WordEncoder().encode([question])[0]
    assert "Ketogenic" in retriever.search("zzz", 1, vector)[0].passage.text


def test_the_weight_must_be_a_share(library: Library) -> None:
    with pytest.raises(ValueError, match="dense_weight"):
        Retriever(library.page, WordEncoder(), dense_weight=1.5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("The Spasms!", ["spasm"]), ("¿Qué es un EEG?", ["eeg"]), ("loss", ["loss"]), ("", [])],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [w for w in words(text) if w != "que"] == expected
