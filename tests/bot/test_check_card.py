"""The card to show the doctor: what it holds, its length, and hostile text in it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence

import pytest

from bot.answers import Library
from bot.check_card import SMS_UNITS, CheckWriter
from bot.check_steps import telling
from bot.compose import Voice
from bot.errors import ContentError
from bot.spasm_check import MAX_TEXT, SKIPPED, Guide, Said, load_guide, tidy
from bot.text import sms_size
from bot.topics import LANGUAGES
from tests.conftest import DATA
from tests.guided import ALL_YES, HOSTILE, VOICES, go


def answered(guide: Guide, replies: Sequence[str]) -> Mapping[str, Said]:
    return go(guide, replies)[-1].answers


@pytest.mark.parametrize("voice", VOICES, ids=lambda v: f"{v.lang}-{v.channel}")
def test_the_card_quotes_the_page_and_says_what_to_ask_for(
    guide: Guide, writer: CheckWriter, library: Library, voice: Voice
) -> None:
    card = writer.card(answered(guide, ALL_YES), voice)
    assert (card.kind, card.topic) == ("answer", "signs")
    assert card.citations
    assert all(citation.quote in library.page.text for citation in card.citations)
    assert "EEG" in card.text
    assert re.search("neurolog", card.text)
    assert "Fast diagnosis and treatment of IESS are critical" in card.text
    quoted = " ".join(citation.quote for citation in card.citations)
    assert "Appear stiff or rigid" in quoted


def test_the_card_holds_what_was_said(guide: Guide, writer: CheckWriter) -> None:
    replies = ["1", "5", "1 3", "yes ten in a row", "1", "3", "since monday", "2"]
    card = writer.card(answered(guide, replies), Voice("en", "web")).text
    for line in (
        "- What I saw: Appear stiff or rigid; Bend their head, arms or legs forward",
        "- Since: “since monday”",
        "- Age: 5 months",
        "- Several in a row (a cluster): Yes; “yes ten in a row”",
        "- Around waking: Yes",
        "- Lost a skill: Not sure",
        "- I have a video: No",
    ):
        assert line in card


def test_a_card_without_answers_is_still_a_card(guide: Guide, writer: CheckWriter) -> None:
    for voice in VOICES:
        assert writer.card(answered(guide, ["skip"] * 8), voice).text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_inert(guide: Guide, writer: CheckWriter, text: str) -> None:
    answers = {"check_looks": guide.read("check_looks", text).said}
    shown = answers["check_looks"].text
    assert len(shown) <= MAX_TEXT
    assert not set(shown) & set('[](){}*_#<>`~^|\\"“”\n\u202e\u200b\x00')
    for voice in VOICES:
        card = writer.card(answers, voice).text
        assert "](" not in card
        assert "312-555" not in card
        if voice.channel == "sms":
            assert sms_size(card).encoding == "GSM-7"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "own", ["á" * 200, "x " * 200, "^" * 200, "😱 brazos " * 30, "señales así " * 20]
)
def test_the_sms_card_fits_two_segments(
    guide: Guide, writer: CheckWriter, lang: str, own: str
) -> None:
    said = {slot: Said((), tidy(own)) for slot in guide.slots}
    longest = {
        question.slot: Said(tuple(o.id for o in question.options if o.id not in ("none", "unsure")))
        for question in guide.questions
        if question.several
    }
    both = {s: Said(v.picks, tidy(own)) for s, v in longest.items()}
    for parts in itertools.product((said, {}), (longest, both, {})):
        answers = {**answered(guide, ALL_YES), **parts[0], **parts[1]}
        card = writer.card(answers, Voice(lang, "sms")).text
        size = sms_size(card)
        assert size.encoding == "GSM-7", card
        assert size.units <= SMS_UNITS, card


def test_a_skip_is_not_on_the_card(guide: Guide, writer: CheckWriter) -> None:
    card = writer.card({"check_lost": Said((SKIPPED,))}, Voice("en", "web")).text
    assert "skill" not in card


def test_only_plain_denial_is_no_sign() -> None:
    no = {slot: Said(("no",)) for slot in ("check_clusters", "check_waking", "check_lost")}
    assert not telling({"check_looks": Said(("none",)), **no})
    assert telling({"check_looks": Said(("none",)), **no, "check_lost": Said(("unsure",))})
    assert telling({**no})
    assert telling({"check_looks": Said(("none",), "but he bows"), **no})


def test_a_lost_quote_is_named(library: Library, tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "spasm_check.yml"
    text = (DATA / "spasm_check.yml").read_text(encoding="utf-8")
    path.write_text(text.replace("Cry or grimace", "Cry and grimace"), encoding="utf-8")
    with pytest.raises(ContentError, match="Cry and grimace"):
        load_guide(path, library.page)
