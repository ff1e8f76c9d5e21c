from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml

from bot.answers import Library
from bot.errors import ContentError
from bot.retrieval import Retriever
from tests.conftest import DATA, WordEncoder
from tools.encoder_data import Asked, Recipe
from tools.encoder_search import SearchLessons, read_questions

QUESTIONS = DATA / "source" / "questions.yml"
BOTH = Asked("what is given", ("steroids", "vigabatrin"))
SHOTS = Asked("the shots", ("steroids",))
EYES = Asked("the eyes", ("vision",))


class Letters:
    """A tokenizer of letters, and a network whose vectors count them."""

    def __call__(self, texts: list[str], **_: Any) -> dict[str, torch.Tensor]:
        rows = torch.zeros(len(texts), 128)
        for row, text in zip(rows, texts, strict=True):
            for letter in text.encode():
                row[letter % 128] += 1
        return {"input_ids": rows, "attention_mask": rows}

    def __init__(self) -> None:
        self.read: list[int] = []
        self.training = True

    def pooled(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        self.read.append(len(input_ids))
        assert self.training or not torch.is_grad_enabled()
        return input_ids

    def train(self) -> None:
        self.training = True

    def eval(self) -> None:
        self.training = False


def lessons(asked: list[Asked], **changed: Any) -> SearchLessons:
    recipe = replace(Recipe(), search_batch=2, misspelt=0.0, **changed)
    return SearchLessons(asked, Letters(), recipe)


def test_every_question_stands_on_the_page_once(library: Library) -> None:
    asked = read_questions(QUESTIONS, library.page)
    assert len({a.question for a in asked}) == len(asked)
    answered = {context for a in asked for context in a.contexts}
    assert answered == {p.context for p in Retriever(library.page, WordEncoder()).passages}


def test_a_passage_that_is_not_on_the_page_is_named(tmp_path: Path, library: Library) -> None:
    path = tmp_path / "questions.yml"
    content = {"questions": [{"passages": ["Ask the moon."], "ask": ["who to ask"]}]}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ContentError, match="Ask the moon"):
        read_questions(path, library.page)


def test_a_round_has_every_question_once() -> None:
    asked = [BOTH, SHOTS, EYES]
    batches = lessons(asked).endless()
    for _ in range(2):
        shown = [*next(batches), *next(batches)]
        assert sorted(one.question for one in shown) == sorted(one.question for one in asked)


def test_the_loss_is_small_where_questions_are_near_their_own_passages() -> None:
    net: Any = Letters()
    near = [Asked("vision", ("vision",)), Asked("drug", ("drug",))]
    crossed = [Asked("vision", ("drug",)), Asked("drug", ("vision",))]
    assert lessons(near).loss(net, near) < 0.01 < lessons(crossed).loss(net, crossed)


def test_any_of_the_right_passages_will_do() -> None:
    net: Any = Letters()
    passages = ("vigabatrin", "steroids")
    one = [Asked("steroid", passages[:1]), Asked("x", passages[1:])]
    both = [Asked("steroid", passages), Asked("x", passages[1:])]
    assert lessons(both).loss(net, both[:1]) < lessons(one).loss(net, one[:1])


def test_the_passages_are_read_anew_now_and_then() -> None:
    net: Any = Letters()
    asked = [SHOTS, EYES]
    taught = lessons(asked, search_refresh=2)
    for _ in range(3):
        taught.loss(net, asked[:1])
    assert net.read == [2, 1, 1, 1, 1, 2, 1, 1]
    assert net.training


def test_no_more_passages_learn_with_a_batch_than_the_recipe_says() -> None:
    net: Any = Letters()
    asked = [SHOTS, EYES]
    lessons(asked, search_learning=1).loss(net, asked)
    # All passages once, the two questions, and the one passage that learns.
    assert net.read == [2, 2, 1]
