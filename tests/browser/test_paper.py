"""The guided check with its boxes, the doctor's card, and both on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import say

pytestmark = pytest.mark.browser
PAPER = "document.querySelector('iess-print').shadowRoot.textContent"


def on_paper(page: Page) -> str:
    """What the print dialog would show; everything else of the page is hidden."""
    page.wait_for_function("window.printed")
    page.emulate_media(media="print")
    shown = page.evaluate(
        "[...document.body.children].filter((e) => getComputedStyle(e).display !== 'none')"
        ".map((e) => e.localName)"
    )
    assert shown == ["iess-print"]
    text: str = page.evaluate(PAPER)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("iess-print").count() == 0
    page.emulate_media(media="screen")
    return text


def test_the_check_ends_in_a_card_that_prints(chat: Page) -> None:
    chat.evaluate("window.print = () => { window.printed = true; }")
    chat.locator(".hello .taps button", has_text="Start the check").click()
    for answer in ("Yes", "Skip"):
        chat.locator(".turn button", has_text=answer).first.click()
        chat.locator(".mine", has_text=answer).wait_for()
        chat.locator(".turn").nth(1 if answer == "Yes" else 2).wait_for()
    chat.get_by_label("Arch their back").check()
    chat.get_by_label("Have a slight head nod").check()
    chat.get_by_role("button", name="Continue").click()
    expect(chat.locator(".mine").last).to_contain_text("Arch their back; Have a slight head nod")
    chat.locator(".turn").nth(3).wait_for()
    for answer in ("Yes", "No", "Not sure", "This week"):
        say(chat, answer)
    say(chat, "[click](https://evil.example) <b>yes</b>")
    say(chat, "Yes")
    card = chat.locator(".doctor")
    expect(card.locator("h3")).to_have_text("To show the doctor")
    expect(card.locator("dd").first).to_have_text("Arch their back; Have a slight head nod")
    expect(card.locator("dl a, dl b")).to_have_count(0)
    chat.get_by_role("button", name="Print this card").click()
    text = on_paper(chat)
    assert "Arch their back; Have a slight head nod" in text
    assert "video EEG" in text
    assert "Question 2" not in text


def test_the_conversation_prints_with_quotes_and_numbers(chat: Page) -> None:
    chat.evaluate("window.print = () => { window.printed = true; }")
    say(chat, "What is an EEG?")
    say(chat, "i want to die")
    chat.get_by_role("button", name="More: print, clear").click()
    chat.get_by_role("button", name="Print this conversation").click()
    text = on_paper(chat)
    for words in (
        "Lurie Children's, 312-555-0142",
        "What is an EEG?",
        "An electroencephalogram (EEG) is the main test for IESS.",
        "How Is IESS Diagnosed?",
        "Call or text 988",
        "General safety advice, not from the hospital's page.",
    ):
        assert words in text
