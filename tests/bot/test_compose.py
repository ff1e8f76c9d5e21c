from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from bot.answers import Library
from bot.compose import Composer, Voice, merge_spans
from bot.hospital import Hospital
from bot.phrases import load_phrases
from bot.reply import SafetyCatalogue
from bot.retrieval import Hit, Retriever
from bot.spasm_check import load_guide
from bot.text import sms_size
from bot.topics import CHANNELS, LANGUAGES, TOPICS
from tests.conftest import DATA

WEB = Voice("en", "web")
SMS = Voice("en", "sms")


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_answer_is_whole(composer: Composer, topic: str, channel: str, lang: str) -> None:
    message = composer.answer(topic, Voice(lang, channel))
    assert message.topic == topic
    assert "{" not in message.text
    assert message.buttons
    for citation in message.citations:
        assert citation.quote in composer.library.page.text
    if message.kind == "answer":
        assert message.citations


def test_an_empty_list_is_not_shown_by_itself(composer: Composer) -> None:
    found = composer.retriever.passages
    empty = composer.library.page.empty_lists
    composer = copy.copy(composer)
    composer.backed = {}
    shown = [composer.uncovered([Hit(p, 1.0, 1.0, 1.0)], 0.5) for p in found]
    assert shown == [None if p.text in empty else p.text for p in found]


def test_the_quote_that_fits_the_question_comes_first(composer: Composer) -> None:
    question = "how many months or years does vigabatrin treatment last"
    message = composer.answer("vigabatrin", WEB, composer.retriever.search(question))
    assert "six months to two years" in message.citations[0].quote


def test_list_items_are_quoted_as_one_block(composer: Composer) -> None:
    quotes = [c.quote for c in composer.answer("genetic_causes", WEB).citations]
    block = next(q for q in quotes if "Aicardi" in q)
    assert "Tuberous sclerosis complex (TSC)" in block


def test_merge_spans_joins_only_across_bullets(composer: Composer) -> None:
    page = composer.library.page
    spans = [page.find("Menkes disease"), page.find("Phenylketonuria (PKU)")]
    assert len(merge_spans(page, [s for s in spans if s])) == 2


@pytest.mark.parametrize(("channel", "numbered"), [("web", False), ("sms", True)])
def test_choice_is_numbered_where_nothing_can_be_tapped(
    composer: Composer, channel: str, numbered: bool
) -> None:
    message = composer.choice(("eeg", "diagnosis", "who_treats"), Voice("en", channel))
    assert [b.topic for b in message.buttons] == ["eeg", "diagnosis", "who_treats"]
    assert ("\n3 " in message.text) is numbered
    assert message.topic is None


def test_passage_is_literal_and_marked(composer: Composer) -> None:
    quote = "Your child receives this treatment for about one month."
    message = composer.passage(quote, "hormonal_therapy", WEB)
    assert message.verbatim
    assert quote in message.text
    assert message.citations[0].quote == quote
    assert message.notice


def test_unsigned_answers_become_please_call_in_production(
    composer_of: Callable[[bool], Composer],
) -> None:
    message = composer_of(True).answer("eeg", SMS)
    assert message.kind == "fallback"
    assert "call 312-" in message.text
    assert not message.citations


@pytest.mark.parametrize(
    "topic", ["signs", "causes", "diagnosis", "treatment", "vigabatrin", "eeg"]
)
def test_escalation_line_stands_under_answers_on_the_illness(
    composer: Composer, topic: str
) -> None:
    notice = composer.answer(topic, WEB).notice
    assert notice
    assert "urgent" in notice.lower()


def test_sms_answer_with_its_notice_fits_two_segments(composer: Composer) -> None:
    for topic in TOPICS:
        message = composer.answer(topic, SMS)
        assert sms_size(message.text).segments <= 2, topic


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_guided_check_is_offered_where_spasms_are_suspected(
    library: Library, retriever: Retriever, hospital: Hospital, safety: SafetyCatalogue, lang: str
) -> None:
    offer = load_guide(DATA / "spasm_check.yml", library.page).offer
    phrases = load_phrases(DATA / "phrases.yml").texts
    on = Composer(library, retriever, hospital, safety, phrases, signed_only=False, offer=offer)
    off = Composer(library, retriever, hospital, safety, phrases, signed_only=False)
    for topic in TOPICS:
        voice = Voice(lang, "web")
        extra = [b for b in on.answer(topic, voice).buttons if b.text == offer["text"][lang]]
        assert len(extra) == (topic in ("signs", "spasm_vs_startle_colic_reflux"))
        assert all(button.topic is None for button in extra)
        assert len(on.answer(topic, voice).buttons) - len(extra) == len(
            off.answer(topic, voice).buttons
        )
