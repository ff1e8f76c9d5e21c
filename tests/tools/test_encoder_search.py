from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
import yaml

from bot.answers import Library
from bot.errors import ContentError
from tests.conftest import DATA
from tools.encoder_data import Asked
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

    def pooled(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        return input_ids


def lessons(asked: list[Asked], batch: int = 2) -> SearchLessons:
    return SearchLessons(asked, Letters(), batch=batch, sharpness=20, misspelt=0, seed=1)


def test_every_question_stands_on_the_page_once(library: Library) -> None:
    asked = read_questions(QUESTIONS, library.page)
    assert len({a.question for a in asked}) == len(asked)
    answered = {context for a in asked for context in a.contexts}
    # A lead-in alone answers nothing, and search does not hold it.
    assert answered == {p.context for p in library.page.passages if not p.text.endswith(":")}


def test_a_passage_that_is_not_on_the_page_is_named(tmp_path: Path, library: Library) -> None:
    path = tmp_path / "questions.yml"
    content = {"questions": [{"passages": ["Ask the moon."], "ask": ["who to ask"]}]}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(ContentError, match="Ask the moon"):
        read_questions(path, library.page)


def test_a_round_has_every_question_and_no_passage_twice_in_a_batch() -> None:
    asked = [BOTH, SHOTS, EYES, Asked("more shots", ("steroids",))]
    groups = list(lessons(asked).groups())
    assert sorted(a.question for group in groups for a, _ in group) == sorted(
        a.question for a in asked
    )
    for group in groups:
        assert len({context for _, context in group}) == len(group) <= 2
        assert all(context in a.contexts for a, context in group)


def test_the_loss_is_small_where_questions_are_near_their_own_passages() -> None:
    net: Any = Letters()
    near = [(Asked("vision", ("vision",)), "vision"), (Asked("drug", ("drug",)), "drug")]
    crossed = [(Asked("vision", ("drug",)), "drug"), (Asked("drug", ("vision",)), "vision")]
    assert lessons([]).loss(net, near) < 0.01 < lessons([]).loss(net, crossed)


def test_another_right_passage_in_the_batch_is_no_wrong_one() -> None:
    net: Any = Letters()
    strict = Asked(BOTH.question, ("vigabatrin",))
    group = [(SHOTS, "steroids")]
    assert lessons([]).loss(net, [(BOTH, "vigabatrin"), *group]) < lessons([]).loss(
        net, [(strict, "vigabatrin"), *group]
    )
