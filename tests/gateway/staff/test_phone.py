"""Staff see what a phone gets: pieces, MORE, and what makes a message dear."""

from __future__ import annotations

import pytest

from bot.gateway.sms.render import render
from bot.gateway.sms.texts import SmsTexts, load_texts
from bot.gateway.staff.phone import bubble, changed, show
from bot.hospital import Hospital
from bot.reply import Message, SafetyCatalogue
from bot.text import sms_size
from tests.conftest import DATA


@pytest.fixture(scope="module")
def texts(hospital: Hospital) -> SmsTexts:
    return load_texts(DATA / "safety" / "sms.yml", hospital)


@pytest.mark.parametrize(
    ("text", "encoding", "lengths", "odd"),
    [
        ("a" * 160, "GSM-7", [160], ""),
        ("a" * 161, "GSM-7", [153, 8], ""),
        ("€" * 90, "GSM-7", [76, 14], ""),  # an escaped character is not parted
        ("й" * 70, "UCS-2", [70], "й"),
        ("й" * 71, "UCS-2", [67, 4], "й"),
        ("😀" * 40, "UCS-2", [33, 7], "😀"),  # nor is a surrogate pair
        ("plain ñ áb", "UCS-2", [10], "á"),
    ],
)
def test_a_bubble_is_cut_as_the_network_cuts_it(
    text: str, encoding: str, lengths: list[int], odd: str
) -> None:
    made = bubble("answer", text)
    assert made.text == text
    assert made.size == sms_size(text)
    assert (made.size.encoding, [len(s) for s in made.segments]) == (encoding, lengths)
    assert made.odd == odd
    assert len(made.segments) == made.size.segments


def test_what_is_behind_more_is_shown_and_counted_apart(
    texts: SmsTexts, safety: SafetyCatalogue
) -> None:
    sentence = "This is a sentence that a family reads on an old phone. "
    message = Message("answer", "eeg", (sentence * 14).strip())
    phone = show([message], texts, safety, "en")
    sent = [b for b in phone.bubbles if not b.asked]
    rendered = render([message], texts, "en")
    assert [b.text for b in sent] == [part.text for part in rendered.parts]
    assert len(phone.bubbles) == 3
    assert (phone.segments, phone.more) == (2, 4)
    hint = texts.say("more", "en")
    said = " ".join(b.text.removesuffix(hint).strip() for b in phone.bubbles)
    assert said.split() == message.text.split()


def test_the_first_reply_tells_who_writes_after_what_is_urgent(
    texts: SmsTexts, safety: SafetyCatalogue
) -> None:
    messages = [
        safety.message("urgent", "spasms", "en", "sms"),
        Message("answer", "eeg", "An EEG looks at the brain."),
    ]
    phone = show(messages, texts, safety, "en", first=True)
    assert [b.kind for b in phone.bubbles] == ["safety", "intro", "answer"]


def test_characters_that_change_on_the_way() -> None:
    assert changed(["“aquí” él"]) == (("í", "i"), ("“", '"'), ("”", '"'))
    assert changed(["plain ñ"]) == ()
    # What would lose letters goes as it stands, but for its marks.
    assert changed(["привет “é”"]) == (("“", '"'), ("”", '"'))
