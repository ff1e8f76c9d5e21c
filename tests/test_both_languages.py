"""Every text that a family may read is there in English and in Spanish, and plain in both.

The walk finds the texts by their shape, so that a new one cannot be left out: every file under
`data/` is either walked or named here as holding nothing that a family reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.answer_checks import WIDEST
from bot.answers import Library, render
from bot.content import FORMS, read_yaml
from bot.glossary import Glossary, load_glossary
from bot.hospital import PHONE, Hospital
from bot.reply import SafetyCatalogue, load_safety
from bot.safety_checks import ACCENTED, check_safety, check_web
from bot.text import sms_size
from bot.topics import LANGUAGES
from tests.conftest import DATA

# Read by no family: what is learned from, rules, patterns, limits, terms, and the page itself.
NOT_READ = (
    "nlu*.yml rules.yml stories.yml thresholds.yml follow_ups.yml glossary.yml hospital.yml"
    " masking/*.yml claim_words.yml claims/*.yml source/*.yml safety/rules/*.yml safety/learned.yml"
    " safety/signals.yml safety/refused.yml safety/sources.yml safety/other_languages.yml"
    " safety/harmless.yml short_replies.yml"
).split()
READ = sorted(
    path
    for path in DATA.rglob("*.yml")
    if not any(path.relative_to(DATA).match(pattern) for pattern in NOT_READ)
)


def name(path: Path) -> str:
    return str(path.relative_to(DATA))


def by_language(node: Any, where: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every mapping of a language to what is said in it, with its place in the file."""
    if isinstance(node, Mapping):
        if not where.endswith("review") and set(node) & set(LANGUAGES):
            yield where, node
        for key, value in node.items():
            yield from by_language(value, f"{where}.{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from by_language(value, f"{where}.{number}")


def test_the_walk_finds_the_files() -> None:
    found = {name(path) for path in READ}
    assert {"phrases.yml", "spasm_check.yml", "safety/texts.yml", "answers/eeg.yml"} <= found


@pytest.mark.parametrize("path", READ, ids=name)
def test_every_text_is_there_in_both_languages(path: Path) -> None:
    found = list(by_language(read_yaml(path)))
    assert found
    for where, said in found:
        assert set(said) == set(LANGUAGES), f"{where} has {sorted(said)} only"
        assert all(str(text).strip() and text is not None for text in said.values()), where


def test_a_missing_language_is_found() -> None:
    raw = {"title": {"en": "Signs"}, "web": [{"say": {"es": "Hola"}}], "review": {"en": {}}}
    assert [where for where, _ in by_language(raw)] == [".title", ".web.0.say"]


@pytest.mark.parametrize("path", READ, ids=name)
def test_every_file_has_a_review_for_each_form(path: Path) -> None:
    raw = read_yaml(path)
    blocks = [raw] if "review" in raw else list(raw.values())
    for block in blocks:
        assert set(block["review"]) == set(FORMS)


@pytest.fixture(scope="module")
def glossary(library: Library) -> Glossary:
    return load_glossary(DATA / "glossary.yml", library.page)


@pytest.mark.parametrize("path", [path for path in READ if path.parent.name != "answers"], ids=name)
def test_web_texts_are_plain_in_both_languages(path: Path, glossary: Glossary) -> None:
    """The answers are held to the same by `bot.answer_checks`."""
    for where, said in by_language(read_yaml(path)):
        if any(isinstance(text, list) for text in said.values()):
            continue  # words that a family writes, not words that it reads
        if ".sms" in where or "_sms" in where or ".words." in where:
            continue
        texts = {lang: str(text) for lang, text in said.items()}
        assert not list(check_web(texts, glossary)), where


def test_every_safety_text_keeps_to_its_checks(glossary: Glossary) -> None:
    for text_id, raw in read_yaml(DATA / "safety" / "texts.yml").items():
        assert not list(check_safety(raw, glossary, raw)), text_id


WIDE_PHONE = "+1 (312) 555 0142 - 9"[:20]


@pytest.mark.parametrize("phone", [WIDEST["{phone}"], WIDE_PHONE])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_safety_texts_by_sms_fit_two_segments(
    safety: SafetyCatalogue, phone: str, lang: str
) -> None:
    """With the longest phone number that hospital.yml may hold."""
    assert PHONE.match(phone)
    wide = load_safety(DATA / "safety", Hospital(WIDEST["{hospital}"], phone, "911", None))
    assert set(wide.texts) == set(safety.texts)
    for text_id in wide.texts:
        said = wide.say(text_id, lang, "sms")
        size = sms_size(said)
        assert (size.encoding, size.segments <= 2) == ("GSM-7", True), f"{text_id}: {size}"
        assert lang == "en" or not ACCENTED.search(said), f"{text_id} has a letter that costs"


def test_answers_by_sms_fit_two_segments(library: Library, hospital: Hospital) -> None:
    for answer in library:
        said = hospital.fill(render(answer.sms["es"], "sms"), "sms")
        size = sms_size(said)
        assert (size.encoding, size.segments <= 2) == ("GSM-7", True), f"{answer.topic}: {size}"
        assert not ACCENTED.search(said), answer.topic


def test_other_texts_by_sms_are_seven_bit() -> None:
    for path in READ:
        for where, said in by_language(read_yaml(path)):
            if ".sms" in where or where.endswith("_sms"):
                texts = said["es"] if isinstance(said["es"], list) else [said["es"]]
                for text in texts:
                    assert not ACCENTED.search(str(text)), f"{name(path)}{where}: {text}"
