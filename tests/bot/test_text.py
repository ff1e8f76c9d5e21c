from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import clean, fold, folded_with_places, is_gsm7, sms_size, sms_text, to_gsm7

# Any text, lone surrogates too, and dense mixtures of what `clean` drops, folds and composes.
TEXTS = st.text(st.characters(exclude_categories=())) | st.text(
    "e\u0301\u200d\u00ad\n \ud83d\ude00"
)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("  two   words ", "two words"),
        ("line\nbreak\r\n\ttab", "line break tab"),
        ("nul\x00 bell\x07", "nul bell"),
        ("a\x00b", "a b"),  # a control character parts words
        ("sei\u200bzure", "seizure"),  # zero-width space
        ("sei\u200dzure\ufeff", "seizure"),
        ("\u202eerif\u202c", "erif"),  # right-to-left override
        ("\u2066x\u2069", "x"),
        ("soft\u00adhyphen", "softhyphen"),
        ("no\u00a0break", "no break"),
        ("e\u0301", "é"),
        ("e\u200d\u0301", "é"),
        ("\ud800x", "\ufffdx"),
        ("\ud83d\ude00", "😀"),
        ("\ue000x", "x"),
        ("Sí, ¿qué?", "Sí, ¿qué?"),
        ("", ""),
        ("\u200b\n", ""),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@given(TEXTS)
def test_clean_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(TEXTS)
def test_cleaned_text_has_nothing_invisible(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned
    cleaned.encode("utf-8")
    assert not set(cleaned) & set("\x00\n\r\t\u200b\u202e\ufeff")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Leigh’s  Syndrome", "leigh's syndrome"),
        ("¿Convulsión?", "¿convulsion?"),
        ("AÑO", "ano"),
        ("3–8 months — “old”…", '3-8 months - "old"...'),
        ("ACTHAR®", "acthar"),
        ("ѕeіzure", "seizure"),  # Cyrillic s and i
        ("ｓｐａｓｍｓ", "spasms"),
        ("spa\u200bsms", "spasms"),
        ("straße", "strasse"),
        ("spasms", "spasms"),
        ("spams", "spams"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("a" * 159 + "€", "GSM-7", 161, 2),  # the extension table costs two
        ("[" * 80, "GSM-7", 160, 1),
        ("ñéè¿" * 40, "GSM-7", 160, 1),
        ("á" * 70, "UCS-2", 70, 1),
        ("á" * 71, "UCS-2", 71, 2),
        ("á" * 134, "UCS-2", 134, 2),
        ("á" * 135, "UCS-2", 135, 3),
        ("😀" * 35, "UCS-2", 70, 1),  # two UTF-16 units each
        ("😀" * 36, "UCS-2", 72, 2),
    ],
)
def test_sms_size(text: str, encoding: str, units: int, segments: int) -> None:
    size = sms_size(text)
    assert (size.encoding, size.units, size.segments) == (encoding, units, segments)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("Call 312-555-0142.", True),
        ("¿Qué es? ñ ü é", True),
        ("{curly} [square] ~ | \\ ^ €", True),
        ("línea", False),
        ("it’s", False),
        ("3–8", False),
        ("`", False),
    ],
)
def test_is_gsm7(text: str, fits: bool) -> None:
    assert is_gsm7(text) is fits


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("it’s 3–8 “months”…", 'it\'s 3-8 "months"...'),
        ("ACTHAR™", "ACTHAR"),
        ("línea", "linea"),
        ("¿Qué?", "¿Qué?"),
        ("call 🚑 911", "call  911"),
    ],
)
def test_to_gsm7(text: str, plain: str) -> None:
    assert to_gsm7(text) == plain
    assert is_gsm7(to_gsm7(text))


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("¿Cuándo? “Sí” 🚑", '¿Cuando? "Si" '),
        ("Appelez l’hôpital", "Appelez l'hopital"),
        # Left out, these letters would take the word with them.
        ("请拨打 911", "请拨打 911"),
        ("Nói “Vietnamese”, đừng", 'Nói "Vietnamese", đừng'),
        ("позвоните 911", "позвоните 911"),
    ],
)
def test_sms_text_loses_no_letter(text: str, sent: str) -> None:
    assert sms_text(text) == sent


@given(TEXTS)
def test_places_of_folded_characters(text: str) -> None:
    cleaned = clean(text)
    folded, places = folded_with_places(cleaned)
    assert folded.split() == fold(cleaned).split()
    assert len(places) == len(folded)
    assert places == sorted(places)
    assert all(0 <= place < len(cleaned) for place in places)
