from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.examples import by_language, nlu_yaml
from bot.settings import ROOT


def examples_of(text: str) -> dict[str, list[str]]:
    raw = yaml.safe_load(text)
    assert raw["version"] == "3.1"
    return {b["intent"]: [line[2:] for line in b["examples"].splitlines()] for b in raw["nlu"]}


def test_examples_stand_as_in_our_training_data() -> None:
    text = nlu_yaml([("signs", "is it a spasm"), ("eeg", "what is an eeg")], "en")
    assert examples_of(text) == {"eeg": ["what is an eeg"], "signs": ["is it a spasm"]}
    head = (ROOT / "data" / "nlu.yml").read_text("utf-8").splitlines()[1:4]
    assert head[:2] == ['version: "3.1"', "nlu:"]
    assert head[2].startswith("  - intent: ")


def test_languages_have_files_of_their_own() -> None:
    files = by_language([("en", "eeg", "what is it"), ("es", "eeg", "qué es")])
    assert {lang: examples_of(text) for lang, text in files.items()} == {
        "en": {"eeg": ["what is it"]},
        "es": {"eeg": ["qué es"]},
    }
    assert by_language([]) == {}


def test_a_placeholder_is_no_annotation() -> None:
    line = examples_of(nlu_yaml([("eeg", 'is [name](555) or [x]{"entity": "y"} ok')], "en"))
    assert line == {"eeg": ['is [name] (555) or [x] {"entity": "y"} ok']}


@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_no_text_breaks_out_of_its_line(texts: list[str]) -> None:
    found = examples_of(nlu_yaml([("eeg", f"q {text}") for text in texts], "en"))
    assert set(found) == {"eeg"}
    assert len(found["eeg"]) <= len(texts)
    assert all(line.startswith("q") for line in found["eeg"])
