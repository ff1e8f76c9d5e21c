"""The writers give back the files of data/ to the letter."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.content import read_yaml
from bot.curated import answer_yaml, put_review, put_safety, quoted, safety_yaml, scalar
from bot.errors import ContentError
from tests.conftest import DATA

ANSWERS = sorted((DATA / "answers").glob("*.yml"))
TEXTS = (DATA / "safety" / "texts.yml").read_text(encoding="utf-8")
SAFETY = read_yaml(DATA / "safety" / "texts.yml")


@pytest.mark.parametrize("path", ANSWERS, ids=lambda p: p.stem)
def test_an_answer_is_written_as_its_file_is(path: Path) -> None:
    assert answer_yaml(read_yaml(path)) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("text_id", SAFETY)
def test_a_safety_text_is_put_in_its_place_and_nothing_else_moves(text_id: str) -> None:
    changed = put_safety(TEXTS, text_id, safety_yaml(text_id, SAFETY[text_id]))
    assert yaml.load(changed, yaml.CSafeLoader) == SAFETY
    comments = [line for line in TEXTS.splitlines() if line.startswith("#")]
    assert [line for line in changed.splitlines() if line.startswith("#")] == comments


def test_an_unknown_safety_text_has_no_place() -> None:
    with pytest.raises(ContentError, match="emergency.sneezing"):
        put_safety(TEXTS, "emergency.sneezing", "")


@pytest.mark.parametrize("name", ["spasm_check.yml", "phrases.yml"])
def test_a_review_is_put_into_a_file_and_nothing_else_moves(name: str) -> None:
    text = (DATA / name).read_text(encoding="utf-8")
    raw = read_yaml(DATA / name)
    assert put_review(text, raw["review"]) == text
    day = dt.date(2027, 1, 2)
    signed = {"status": "approved", "by": "Dr. A", "on": day, "expires": day}
    reviews = {**raw["review"], "es": {**signed, "translator": "T. Ruiz"}}
    changed = put_review(text, reviews)
    assert read_yaml_text(changed) == {**raw, "review": reviews}
    before, after = text.splitlines(), changed.splitlines()
    assert len([pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]) == 1


def test_a_file_without_a_review_takes_none() -> None:
    with pytest.raises(ContentError, match="no review"):
        put_review("a: 1\n", SAFETY["emergency.choking"]["review"])


def read_yaml_text(text: str) -> Any:
    return yaml.safe_load(text)


@pytest.mark.parametrize(
    "text",
    [
        'She said: "stop" # not',
        "null",
        "- a",
        "línea\u2028otra",
        "\u0085x\x7f",
        "two\nlines",
        "<b>bold</b> & {phone}",
        "tab\there",
        "\\u0041 \\",
        "",
        "😀",
    ],
)
def test_any_text_is_read_back_as_it_was(text: str) -> None:
    assert read_yaml_text(f"say: {quoted(text)}\n") == {"say": text}


@pytest.mark.parametrize(
    "value", [None, True, False, 3, dt.date(2027, 1, 2), "on", "yes", "null", "eeg", "a b"]
)
def test_a_value_is_read_back_as_it_was(value: Any) -> None:
    assert read_yaml_text(f"x: {scalar(value)}\n") == {"x": value}


def test_a_withdrawn_answer_keeps_its_words_in_its_file() -> None:
    raw = {**read_yaml(DATA / "answers" / "eeg.yml"), "withdrawn": True}
    assert read_yaml_text(answer_yaml(raw)) == raw
