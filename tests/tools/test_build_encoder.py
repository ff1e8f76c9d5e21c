from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.training_data import Example
from tools.build_encoder import Lessons
from tools.encoder_data import Recipe

RECIPE = replace(Recipe(), batch=2, buried=0.0, misspelt=0.0)
QUESTIONS = [Example(f"question {i}", "eeg" if i % 2 else "pain", "routine", "") for i in range(5)]
DANGERS = [Example(f"danger {i}", None, "emergency", "seizure") for i in range(5)]


class Letters:
    """A tokenizer of letters, and its padding."""

    def __call__(self, text: str, **_: Any) -> dict[str, list[int]]:
        return {"input_ids": list(text.encode())}

    def pad(self, batch: dict[str, list[list[int]]], **_: Any) -> list[list[int]]:
        return batch["input_ids"]


def shown(lessons: Lessons, share: float, hardness: list[float] | None) -> list[int]:
    return sorted(i for batch, _ in lessons.batches(share, hardness) for i in batch)


def test_the_first_rounds_show_every_message() -> None:
    lessons = Lessons([*QUESTIONS, *DANGERS], RECIPE, Letters())
    assert shown(lessons, 1.0, None) == list(range(10))
    assert shown(lessons, 1.0, [0.0] * 10) == list(range(10))
    assert lessons.steps(1.0) == len(list(lessons.batches(1.0, None))) == 5


def test_a_later_round_shows_the_hardest_of_the_questions_and_of_the_dangers() -> None:
    lessons = Lessons([*QUESTIONS, *DANGERS], RECIPE, Letters())
    # A question has a topic to be wrong about, too: its loss is greater than a danger's.
    hardness = [5.0, 9.0, 6.0, 8.0, 7.0, 0.1, 0.5, 0.2, 0.4, 0.3]
    assert shown(lessons, 0.6, hardness) == [1, 3, 4, 6, 8, 9]
    assert lessons.steps(0.6) == 3


def test_a_message_goes_with_its_own_letters() -> None:
    lessons = Lessons([*QUESTIONS, *DANGERS], RECIPE, Letters())
    for batch, ids in lessons.batches(0.6, [float(i) for i in range(10)]):
        texts = [lessons.examples[i].text for i in batch]
        assert [bytes(row).decode() for row in ids] == texts
