"""Fixed texts and words of the channel."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.errors import ConfigError, ContentError
from bot.gateway.sms.texts import ONE_SEGMENT, TEXTS, SmsTexts, load_texts
from bot.hospital import Hospital
from bot.text import is_gsm7, sms_size
from tests.conftest import DATA

# What US carriers and Twilio take for an opt-out or opt-in, alone in a message.
CARRIERS = "stop stopall unsubscribe end quit cancel revoke optout start unstop yes".split()


def test_texts_are_short_and_plain(texts: SmsTexts) -> None:
    for text_id in TEXTS:
        for said in texts.texts[text_id].values():
            assert is_gsm7(said)
            assert sms_size(said).segments <= (1 if text_id in ONE_SEGMENT else 2)
            if text_id not in ("more", "offer"):
                assert "911" in said


def test_what_carriers_obey_is_obeyed(texts: SmsTexts) -> None:
    for word in CARRIERS:
        keyword = texts.keyword(word.upper())
        assert keyword is not None
        assert keyword.name.startswith("sto" if word in CARRIERS[:8] else "start")


@pytest.mark.parametrize("word", ["MORE", "MAS", "Más", "DELETE", "BORRAR", "AYUDA", "HELP!!"])
def test_our_own_words(texts: SmsTexts, word: str) -> None:
    assert texts.keyword(word)


@pytest.mark.parametrize("text", ["stop it now", "help me", "the end", "yes please", "", "1", "no"])
def test_a_keyword_is_the_whole_message(texts: SmsTexts, text: str) -> None:
    assert texts.keyword(text) is None


def test_no_reply_word_of_ours_is_a_carriers() -> None:
    ours = {"more", "mas", "delete", "borrar", "skip", "back", "leave", "saltar", "atras", "salir"}
    assert not ours & set(CARRIERS)


def test_a_longer_name_that_breaks_a_text_is_found_at_start(hospital: Hospital) -> None:
    long = replace(hospital, name="A Hospital of a Name Much Longer than Any That Fits into a Text")
    with pytest.raises(ConfigError, match="SMS segment"):
        load_texts(DATA / "safety" / "sms.yml", long)


@pytest.mark.parametrize("part", ["texts", "keywords", "wishes", "reactions", "review"])
def test_a_missing_part_is_named(tmp_path: Path, hospital: Hospital, part: str) -> None:
    raw = yaml.safe_load((DATA / "safety" / "sms.yml").read_text(encoding="utf-8"))
    del raw[part]
    path = tmp_path / "sms.yml"
    path.write_text(yaml.safe_dump(raw), encoding="utf-8")
    with pytest.raises(ContentError, match=part):
        load_texts(path, hospital)
