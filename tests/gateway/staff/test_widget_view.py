"""Staff see a reply in the structure that the widget draws."""

from __future__ import annotations

import re

import pytest

from bot.compose import Composer, Voice
from bot.gateway.staff.widget_view import airy, draw, words
from bot.reply import Button, Message, SafetyCatalogue
from bot.settings import ROOT

SOURCES = {"en": ("words.ts", "more.ts"), "es": ("es.ts",)}


@pytest.mark.parametrize("lang", SOURCES)
def test_the_words_are_the_widgets(lang: str) -> None:
    code = "\n".join((ROOT / "widget" / "src" / name).read_text("utf-8") for name in SOURCES[lang])
    theirs = dict(re.findall(r'^  (\w+):\s+"(.*)",$', code, re.MULTILINE))
    ours = dict(words(lang))
    contract = (ROOT / "widget" / "src" / "contract.ts").read_text("utf-8")
    for known in (ours.pop("card"), *ours.pop("moves")):
        assert f'"{known}"' in contract
    assert ours == {name: theirs[name] for name in ours}


def test_a_long_paragraph_is_parted_and_a_list_is_not() -> None:
    long = "This is a sentence of some length that a parent reads at night. " * 4
    assert airy(long.strip()).count("\n") == 1
    assert airy(f"- {long}") == f"- {long}"
    assert airy("Short. One.") == "Short. One."


def test_an_answer_has_quotes_with_section_link_and_translation(composer: Composer) -> None:
    turn = draw([composer.answer("vigabatrin", Voice("es", "web"))], "es", "routine")
    (said,) = turn.bubbles
    assert said.quotes
    assert all(q.section and q.address.startswith("/source#:~:text=") for q in said.quotes)
    assert any(quote.translation for quote in said.quotes)
    assert said.notice
    assert [button.topic for button in turn.next]
    assert not turn.choices


def test_a_safety_text_has_its_line_to_call(safety: SafetyCatalogue) -> None:
    message = safety.message("emergency", "not_breathing", "en", "web")
    (said,) = draw([message], "en", "emergency").bubbles
    assert said.call is not None
    assert (said.look, said.call.label, said.call.address) == ("emergency", "Call 911", "tel:911")
    crisis = safety.message("crisis", "self_harm", "en", "web")
    (said,) = draw([crisis], "en", "emergency").bubbles
    assert said.look == "crisis"


def test_a_safety_text_that_raises_nothing_offers_no_call(safety: SafetyCatalogue) -> None:
    message = Message("safety", None, safety.say("cleared.misunderstanding", "en", "web"))
    (said,) = draw([message], "en", "routine").bubbles
    assert (said.look, said.call) == ("urgent", None)


def test_the_numbers_of_boxes_are_not_shown() -> None:
    text = "Question 3 of 8. What do you see? Tap one.\n\n- 1. Stiff\n- 2. Cries"
    buttons = tuple(Button(title, title) for title in ("Stiff", "Cries", "Skip"))
    turn = draw([Message("choice", None, text, buttons=buttons)], "en", "routine")
    assert turn.bubbles[0].body == "<p>Question 3 of 8. What do you see?</p>"
    assert (turn.boxes, turn.choices) == (("Stiff", "Cries"), ())
    assert [button.title for button in turn.moves] == ["Skip"]


def test_the_card_is_drawn_as_one() -> None:
    text = "To show the doctor\n- Age: 5 months\n- now\n\nWhy\n\nAsk for:\n- an EEG"
    (said,) = draw([Message("answer", "signs", text)], "en", "routine").bubbles
    assert said.card is not None
    assert said.card.title == "To show the doctor"
    assert said.card.facts == (("Age", "5 months"), ("•", "now"))
    assert said.card.blocks == (("Why", ()), ("Ask for:", ("an EEG",)))


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '[x](javascript:alert(1))"><img src=x onerror=alert(1)>']
)
def test_nothing_but_our_own_marks_becomes_html(text: str) -> None:
    message = Message("answer", "eeg", text, notice=text)
    (said,) = draw([message], "en", "routine").bubbles
    for html in (said.body, said.notice):
        assert set(re.findall(r"<\W*(\w+)", str(html))) == {"p"}
