from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.retrieval import Retriever
from eval.search import Question, answers, load_questions, measure, rank

# Answered by the lead-in of a list that the page leaves empty, which the index may lack.
EMPTY_LIST = {"r015", "r061", "r085", "r095", "r096", "r149", "r191", "r208"}


def test_every_labelled_passage_stands_in_the_index(retriever: Retriever) -> None:
    questions = load_questions()
    assert len(questions) >= 250
    single = [replace(q, passages=(text,)) for q in questions for text in q.passages]
    lost = [q.id for q in single if not any(answers(q, p) for p in retriever.passages)]
    assert set(lost) <= EMPTY_LIST
    assert len({q.id for q in questions}) == len(questions)


def test_the_place_of_the_first_right_passage_counts(retriever: Retriever) -> None:
    hits = retriever.search("how is an eeg done", len(retriever.passages))
    question = Question("x", "en", "how is an eeg done", (hits[2].passage.text,))
    assert rank(question, retriever) == 3
    found = measure([question], {"one": retriever})["one"]["en"]
    assert [found[m].value for m in ("hit@1", "hit@3", "MRR")] == pytest.approx([0, 1, 1 / 3])


def test_a_passage_that_is_not_there_is_never_found(retriever: Retriever) -> None:
    assert rank(Question("x", "en", "anything", ("not on the page",)), retriever) is None


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps({"id": "x"}), encoding="utf-8")
    with pytest.raises(ContentError, match="questions.jsonl"):
        load_questions(path)
