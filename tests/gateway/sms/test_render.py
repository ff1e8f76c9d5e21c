"""A reply as SMS: what is cut, what is never cut."""

from __future__ import annotations

import pytest

from bot.answers import Library
from bot.compose import Composer, Voice
from bot.gateway.sms.render import fits, render, shorten
from bot.gateway.sms.texts import SmsTexts
from bot.reply import Button, Message, SafetyCatalogue
from bot.text import is_gsm7, sms_size, to_gsm7
from bot.topics import LANGUAGES

HINT = "Reply MORE for the rest."


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_answer_of_ours_fits_into_two_segments(
    library: Library, composer: Composer, texts: SmsTexts, lang: str
) -> None:
    for answer in library:
        message = composer.answer(answer.topic, Voice(lang, "sms"))
        rendered = render([message], texts, lang)
        for part in rendered.parts:
            assert is_gsm7(part.text), part.text
            assert part.segments <= 2
        if message.notice:
            # What is urgent about an answer stands under it, not behind MORE.
            assert to_gsm7(message.notice) in rendered.parts[-1].text
        assert not rendered.rest


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_safety_text_is_one_message(
    safety: SafetyCatalogue, texts: SmsTexts, lang: str
) -> None:
    for text_id in safety.texts:
        message = Message("safety", None, safety.say(text_id, lang, "sms"))
        (part,) = render([message], texts, lang).parts
        assert part.safety
        assert is_gsm7(part.text)
        assert part.segments <= 2
        assert "MORE" not in part.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_choice_is_numbered_and_fits(
    library: Library, composer: Composer, texts: SmsTexts, lang: str
) -> None:
    topics = [answer.topic for answer in library if answer.kind == "answer"]
    for start in range(len(topics) - 2):
        message = composer.choice(topics[start : start + 3], Voice(lang, "sms"))
        (part,) = render([message], texts, lang).parts
        lines = part.text.split("\n")
        assert [line[:2] for line in lines[1:4]] == ["1 ", "2 ", "3 "]
        assert part.segments <= 2


def test_safety_goes_first_and_alone(texts: SmsTexts) -> None:
    messages = [Message("answer", "eeg", "An answer."), Message("safety", None, "Call 911.")]
    parts = render(messages, texts, "en").parts
    assert [(part.kind, part.text) for part in parts] == [
        ("safety", "Call 911."),
        ("answer", "An answer."),
    ]


def test_urgency_is_not_said_twice_in_one_reply(texts: SmsTexts) -> None:
    safety = Message("safety", None, "Seek care today.")
    answer = Message("answer", "eeg", "An answer.", notice="That is urgent.")
    said = render([safety, answer], texts, "en", "That is urgent.").parts
    assert [part.text for part in said] == ["Seek care today.", "An answer."]
    other = Message("answer", "eeg", "An answer.", notice="Never change a dose.")
    said = render([safety, other], texts, "en", "That is urgent.").parts
    assert "Never change a dose." in said[1].text
    assert "urgent" in render([answer], texts, "en", "That is urgent.").parts[0].text


def test_the_guided_check_is_offered_in_words(texts: SmsTexts) -> None:
    button = Button("Guided check", "Could this be infantile spasms? Start the check.")
    (part,) = render([Message("answer", "signs", "A.", buttons=(button,))], texts, "en").parts
    assert part.text.endswith("start the check")


@pytest.mark.parametrize(
    "text",
    [
        "A sentence of some words. " * 30,
        "word " * 200,
        "x" * 1000,
        "Line one\nLine two is here\n" * 30,
        "Señal de “urgencia” – 5 °C. " * 30,
        "字" * 300,
    ],
)
def test_what_is_cut_goes_on_after_more(text: str) -> None:
    pages, rest = [], text
    while rest:
        page, rest = shorten(rest, HINT)
        assert fits(page)
        assert page.endswith(HINT) is bool(rest)
        pages.append(page.removesuffix(HINT).strip().removesuffix(" ..."))
        assert len(pages) < 50
    assert "".join("".join(pages).split()) == "".join(text.split())


def test_what_is_urgent_is_not_cut_off(texts: SmsTexts) -> None:
    long = Message("answer", "eeg", "A sentence of some words. " * 30, notice="Call today.")
    rendered = render([long], texts, "en")
    assert [part.kind for part in rendered.parts] == ["answer", "notice"]
    assert rendered.parts[1].text == "Call today."
    assert rendered.rest


def test_one_and_two_segments() -> None:
    assert [sms_size("x" * n).segments for n in (160, 161, 306, 307)] == [1, 2, 2, 3]
    assert [sms_size("字" * n).segments for n in (70, 71, 134, 135)] == [1, 2, 2, 3]
