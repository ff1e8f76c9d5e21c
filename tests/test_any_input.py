"""Whatever a family or a machine sends: recovery, cleaning, triage and rendering do not fail."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import language
from bot.gateway.recover import recover
from bot.gateway.sms.render import render
from bot.gateway.sms.texts import load_texts
from bot.gateway.tokens import Tokens
from bot.hospital import Hospital
from bot.reply import Button, Citation, Message
from bot.text import clean, is_gsm7, plain_marks, sms_size, to_gsm7
from bot.triage import Triage
from tests.conftest import DATA

QUICK = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# All of Unicode, lone surrogates and what is unassigned among it.
ANY = st.text(st.characters(exclude_categories=()), max_size=300)
DANGER = "she is not breathing"
JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@QUICK
@given(st.binary(max_size=400))
def test_any_bytes_are_read(triage: Triage, body: bytes) -> None:
    said = recover(body)
    Tokens(["k" * 40], 30).read(said.token)
    triage.read(clean(said.words))


@QUICK
@given(JSON, st.integers(0, 3), st.sampled_from(["utf-8", "utf-16"]))
def test_danger_anywhere_in_json_is_found(
    triage: Triage, value: Any, depth: int, encoding: str
) -> None:
    wrapped: Any = {"said": [DANGER, value]}
    for _ in range(depth):
        wrapped = [{"more": wrapped}]
    body = json.dumps(wrapped).encode(encoding)
    assert DANGER in recover(body).words
    assert triage.read(clean(recover(body).words)).level == "emergency"


@QUICK
@given(st.integers(0, 30))
def test_danger_in_json_that_was_cut_is_found(triage: Triage, cut: int) -> None:
    body = json.dumps({"text": f"{DANGER} please help me I am alone here now"}).encode()
    assert triage.read(clean(recover(body[: len(body) - cut]).words)).level == "emergency"


@QUICK
@given(ANY)
def test_any_text_is_cleaned_read_and_sized(triage: Triage, text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not any(char in cleaned for char in "\x00\n\u202e\u200b")
    cleaned.encode("utf-8")
    assert triage.read(cleaned).level in ("routine", "urgent", "crisis", "emergency")
    assert language.detect(cleaned) in ("en", "es")
    assert is_gsm7(to_gsm7(cleaned))
    assert sms_size(plain_marks(cleaned)).segments >= 1


@QUICK
@given(st.lists(ANY.map(clean), min_size=1, max_size=3), st.sampled_from(["en", "es"]))
def test_any_reply_is_rendered_for_a_phone(hospital: Hospital, texts: list[str], lang: str) -> None:
    messages = [
        Message("answer", "eeg", text, (Citation(text, text),), (), (Button(text, text, "eeg"),))
        for text in texts
    ]
    channel = load_texts(DATA / "safety" / "sms.yml", hospital)
    rendered = render(tuple(messages), channel, lang, "Call 911.")
    for part in rendered.parts:
        assert part.segments >= 1
        part.text.encode("utf-8")
