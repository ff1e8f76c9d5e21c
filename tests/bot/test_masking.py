from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.glossary import load_glossary
from bot.masking import KINDS, MAX_CHARS, Masker
from bot.source import load_page
from eval.masking import leaks, load, lost
from tests.conftest import DATA


def open_masker() -> Masker:
    page = load_page(DATA / "source")
    return Masker(DATA, page, load_glossary(DATA / "glossary.yml", page))


@pytest.fixture(scope="module")
def masker() -> Masker:
    return open_masker()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("my name is maria lopez", "my name is [name]"),
        ("me llamo josé luis ortega", "me llamo [name]"),
        ("Dr. Ramanathan said so", "Dr. [name] said so"),
        ("my nephew oluwaseun has it", "my nephew [name] has it"),
        ("Emmanuel de la Cruz llora", "[name] llora"),
        ("ava and liam", "[name] and [name]"),
        ("call 312-555-0143", "call [number]"),
        ("his MRN is 4471", "his MRN is [number]"),
        ("número de expediente 5582", "número de expediente [number]"),
        ("three one two five five five oh one four three", "[number]"),
        ("since April 2nd", "since [date]"),
        ("nació el 3 de marzo de 2026", "nació [date]"),
        ("dob 02/11/2026", "dob [date]"),
        ("write to kayla.m@example.net", "write to [email]"),
        ("at 2214 W Belmont Ave", "at [address]"),
        ("en la calle Morelos 45", "en la [address]"),
        ("see https://example.org/kayla", "see [link]"),
        ("ask @mamabear_tay", "ask [name]"),
    ],
)
def test_what_identifies_a_family_is_masked(masker: Masker, text: str, masked: str) -> None:
    assert masker.mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Menkes, Leigh and Aicardi on the list",
        "is Sabril the same as Vigabatrin",
        "she is 5 months old and has 38.5, or 101.3 F",
        "50 mg/kg twice a day for 2 weeks",
        "8 times in a row, 10 to 15 spasms, 24/7",
        "Keppra, Topamax, Tylenol",
        "tiene 8 meses y 38.9 de fiebre desde el lunes",
        "el síndrome de West y la dieta cetogénica",
        "MY BABY IS SHAKING WHEN HE WAKES UP",
        "does the EEG hurt, and the MRI",
        "",
    ],
)
def test_what_matters_to_a_clinician_stays(masker: Masker, text: str) -> None:
    assert masker.mask(text) == text


def test_recall_and_what_stays_on_the_marked_messages(masker: Masker) -> None:
    """Floors a little under what was measured; `python -m eval.masking` prints all of it."""
    messages = load()
    masked = {message.id: masker.mask(message.text) for message in messages}
    missed = sum(len(list(leaks(message, masked[message.id]))) for message in messages)
    gone = sum(len(lost(message, masked[message.id])) for message in messages)
    assert missed <= 0.05 * sum(len(message.goes) for message in messages)
    assert gone <= 0.02 * sum(len(message.stays) for message in messages)


def test_a_leak_is_seen_by_the_measure() -> None:
    message = next(message for message in load() if len(message.goes) > 1)
    assert len(list(leaks(message, message.text))) == len(message.goes)
    assert not list(leaks(message, "[name] and [number]"))


def test_the_marked_messages_are_many_and_of_both_languages() -> None:
    messages = load()
    assert len({message.text for message in messages}) == len(messages) >= 120
    assert all(sum(m.lang == lang for m in messages) >= 50 for lang in ("en", "es"))


@given(text=st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_beside_any_text_an_address_and_a_number_are_masked(masker: Masker, text: str) -> None:
    out = masker.mask(f"{text} jo@example.org {'9' * 9}")
    assert "jo@example" not in out
    assert "9" * 9 not in out


def test_a_long_text_is_cut(masker: Masker) -> None:
    assert len(masker.mask("a " * MAX_CHARS)) <= MAX_CHARS


def test_masking_fetches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    assert open_masker().mask("jo@example.org or www.example.org") == "[email] or [link]"


def test_placeholders_are_the_documented_ones(masker: Masker) -> None:
    found = {
        placeholder
        for message in load()
        for placeholder in re.findall(r"\[(\w+)\]", masker.mask(message.text))
    }
    assert found <= set(KINDS)


def test_the_lists_are_folded_and_apart() -> None:
    text = (DATA / "masking" / "names.yml").read_text("utf-8")
    parts = text.split("sure: >\n", 1)[1].split("unsure: >\n")
    sure, unsure = (set(part.split()) for part in parts)
    assert not sure & unsure
    assert all(re.fullmatch(r"[a-z']+", name) for name in sure | unsure)
