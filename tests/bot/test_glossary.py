from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.answers import Library
from bot.errors import ContentError
from bot.glossary import Glossary, load_glossary
from bot.text import fold
from tests.conftest import DATA

IESS = "infantile epileptic spasms syndrome"
EEG = "electroencephalogram"


@pytest.fixture(scope="module")
def glossary(library: Library) -> Glossary:
    return load_glossary(DATA / "glossary.yml", library.page)


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("Sabril", {"vigabatrin"}),
        ("SABRIL and ACTH", {"vigabatrin", "adrenocorticotropic hormone"}),
        ("la vigabatrina", {"vigabatrin"}),
        ("EEGs", {EEG}),
        ("Video EEGs", {"video eeg"}),
        ("video-EEG", {"video eeg"}),
        ("Leigh's syndrome", {"leigh’s syndrome"}),
        ("Leigh’s syndrome", {"leigh’s syndrome"}),
        ("síndrome de West", {IESS}),
        ("sindrome de West", {IESS}),  # Spanish SMS have no accents
        ("infantile spasms", {IESS}),
        ("spasms", {"spasms"}),
        ("high-dose steroids", {"high-dose steroids"}),
        ("high dose steroids", {"high-dose steroids"}),
        ("tests of how they think and learn", {"neuropsychological testing"}),
        ("EEG (brain wave test) checks", {"eeg monitoring"}),
        ("Trisomy 21 (Down syndrome)", {"trisomy 21"}),
        ("antiseizure medication", {"antiseizure medication"}),
        # Not the page's drugs, and words that only look like a term.
        ("prednisone", set()),
        ("cortisone and Synacthen", set()),
        ("sabrilla", set()),
        ("teegs", set()),
        ("nodal", set()),
        ("West of here", set()),
        ("vigabtrin", set()),  # misspelled: read by the search, never an answer's word
        ("", set()),
    ],
)
def test_classes_in(glossary: Glossary, text: str, classes: set[str]) -> None:
    assert glossary.classes_in(text) == classes


@pytest.mark.parametrize(
    ("text", "backed", "not_backed"),
    [
        ("We use video EEG.", {"video eeg", EEG}, {"eeg monitoring"}),
        ("high-dose steroids", {"high-dose steroids", "steroids"}, {"vigabatrin"}),
        ("Infantile Spasms Clinic", {"infantile spasms clinic", IESS, "spasms"}, {"epilepsy"}),
        ("an EEG", {EEG}, {"video eeg"}),
        ("steroids", {"steroids"}, {"high-dose steroids"}),
    ],
)
def test_longer_names_back_the_shorter_in_them(
    glossary: Glossary, text: str, backed: set[str], not_backed: set[str]
) -> None:
    within = glossary.classes_within(text)
    assert backed <= within
    assert not not_backed & within


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("Sabril helps.", "<vigabatrin> helps."),
        ("Mild EEGs, Leigh’s syndrome", f"Mild <{EEG}>, <leigh’s syndrome>"),
        ("Prednisone helps.", "Prednisone helps."),
    ],
)
def test_replace(glossary: Glossary, text: str, replaced: str) -> None:
    assert glossary.replace(text, lambda name: f"<{name}>") == replaced


@pytest.mark.parametrize(
    ("lay", "term"),
    [
        ("sabril", "vigabatrin"),
        ("vigabtrin", "vigabatrin"),
        ("convulcion", "seizures"),
        ("epilepsia", "epilepsy"),
        ("leighs", "leigh's syndrome"),
        ("brain wave test", EEG),
    ],
)
def test_synonyms(glossary: Glossary, lay: str, term: str) -> None:
    assert glossary.synonyms()[lay] == term


def test_synonyms_are_folded_and_lead_to_another_word(glossary: Glossary) -> None:
    table = glossary.synonyms()
    assert len(table) > 500
    assert all(fold(lay) == lay != term for lay, term in table.items())
    assert "vigabatrin" not in table
    assert "prednisone" not in table


GOOD: list[dict[str, Any]] = [
    {"page": "vigabatrin", "kind": "drug", "plain": {"en": ["Sabril"]}, "misspelled": ["sabrel"]},
    {"page": "colic", "kind": "disease", "plain": {"en": ["colicky"], "es": ["cólico"]}},
]


def load(entries: Any, tmp_path: Path, library: Library) -> Glossary:
    path = tmp_path / "glossary.yml"
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    return load_glossary(path, library.page)


def test_good_glossary_is_read(tmp_path: Path, library: Library) -> None:
    glossary = load(GOOD, tmp_path, library)
    assert glossary.kinds == {"vigabatrin": "drug", "colic": "disease"}
    assert glossary.entries[1].forms == ("colic", "colicky", "cólico")


@pytest.mark.parametrize(
    ("entry", "field", "value", "message"),
    [
        (0, "page", "prednisone", "'prednisone' does not stand on the page"),
        (0, "page", "vigabatri", "'vigabatri' does not stand on the page"),
        (0, "page", None, "entry 1: field 'page' must be a str"),
        (0, "kind", "pill", "'vigabatrin': kind 'pill'"),
        (1, "plain", None, "'colic': field 'plain' must be a dict"),
        (1, "plain", {"fr": ["colique"]}, "'colic': 'plain' knows only the languages"),
        (1, "plain", {"en": "colicky"}, "'colic': plain and misspelled words are lists"),
        (1, "plain", {"en": [""]}, "'colic': plain and misspelled words are lists"),
        (1, "misspelled", [7], "'colic': plain and misspelled words are lists"),
        (1, "brand", ["x"], r"'colic': unknown fields \['brand'\]"),
        (
            1,
            "plain",
            {"en": ["sabril"]},
            "'sabril' belongs to two entries, 'vigabatrin' and 'colic'",
        ),
        (1, "plain", {"en": ["Sabrils"]}, "'Sabrils' belongs to two entries"),
        (1, "plain", {"es": ["vigabatrin"]}, "'vigabatrin' belongs to two entries"),
        (1, "misspelled", ["sabrel"], "'sabrel' belongs to two entries"),
    ],
)
def test_broken_entry_is_refused_by_name(
    tmp_path: Path, library: Library, entry: int, field: str, value: Any, message: str
) -> None:
    entries = copy.deepcopy(GOOD)
    entries[entry][field] = value
    with pytest.raises(ContentError, match=message):
        load(entries, tmp_path, library)


def test_glossary_must_be_a_list(tmp_path: Path, library: Library) -> None:
    with pytest.raises(ContentError, match="must be a list of entries"):
        load({"vigabatrin": ["Sabril"]}, tmp_path, library)
