"""A conversation: answers with their quotes, choices, Spanish, and texts that try to be more."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Open, say
from tests.browser.scripted import Site
from tests.guided import HOSTILE

pytestmark = pytest.mark.browser
SHADOW = "document.querySelector('iess-chat').shadowRoot"


def test_greeting_says_what_it_is(chat: Page) -> None:
    hello = chat.locator(".hello")
    for words in ("automated guide", "a diagnosis", "signs, causes, tests, treatment"):
        expect(hello).to_contain_text(words)
    expect(chat.locator(".hello .taps button")).to_have_count(4)
    expect(chat.locator(".help a[href='tel:+13125550142']")).to_be_visible()
    expect(chat.locator(".help a[href='tel:911']")).to_be_visible()


def test_an_answer_shows_where_the_page_says_it(chat: Page, site: Site) -> None:
    say(chat, "What is an EEG?")
    expect(chat.locator(".said.answer")).to_contain_text("main test for IESS")
    expect(chat.locator("blockquote").first).to_be_hidden()
    chat.get_by_text("Where the page says this").click()
    quote = chat.locator("blockquote").first
    expect(quote).to_have_text("An electroencephalogram (EEG) is the main test for IESS.")
    expect(chat.locator("cite").first).to_have_text("How Is IESS Diagnosed?")
    with chat.context.expect_page() as opened:
        chat.get_by_text("See it on the page").first.click()
    source = opened.value
    source.wait_for_load_state()
    assert source.url.startswith(f"{site.url}/source")
    expect(source.get_by_text("An electroencephalogram (EEG) is the main test")).to_be_in_viewport()


def test_next_questions_and_choices_are_taps(chat: Page) -> None:
    chat.locator(".hello .taps button", has_text="How is IESS treated?").click()
    expect(chat.locator(".mine")).to_have_text("You:How is IESS treated?")
    expect(chat.locator(".hello .taps")).to_have_count(0)
    chat.locator(".turn .taps button").first.click()
    expect(chat.locator(".turn")).to_have_count(2)
    say(chat, "and for how long?")
    expect(chat.locator(".said.choice")).to_contain_text("Which one do you mean?")
    chat.locator(".turn .taps button", has_text="vigabatrin").click()
    expect(chat.locator(".turn")).to_have_count(4)
    # What was offered before is over.
    expect(chat.locator(".turn").nth(2).locator(".taps")).to_have_count(0)


def test_what_else_was_meant_is_offered_only_while_it_can_be_tapped(chat: Page) -> None:
    say(chat, "the shots")
    expect(chat.locator(".said.choice")).to_contain_text("If you meant something else")
    say(chat, "What is an EEG?")
    expect(chat.locator(".turn").nth(1).locator(".said.answer")).to_be_visible()
    expect(chat.locator(".said.answer")).to_have_count(2)
    expect(chat.locator(".said.choice")).to_have_count(0)


def test_each_message_is_spoken_once(chat: Page) -> None:
    chat.evaluate(
        f"""() => {{ window.spoken = [];
        new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach((node) => {{
          const text = node.querySelector?.(".said")?.textContent ?? "";
          if (node.matches?.(".turn") && text) window.spoken.push(text.slice(0, 60)); }})))
        .observe({SHADOW}.querySelector("[role=log]"), {{ childList: true, subtree: true }}); }}"""
    )
    say(chat, "What is an EEG?")
    say(chat, "how is vigabatrin used?")
    spoken = chat.evaluate("window.spoken")
    assert len(spoken) == len(set(spoken)) == 2
    # "Looking" and "thank you" are said by regions of their own.
    assert chat.locator("[role=log] [role=status]").count() == 0
    assert chat.locator("[role=alert]").count() == 0


def test_a_sign_within_a_tenth_of_a_second_then_still_looking(open_page: Open) -> None:
    page = open_page()
    page.clock.install()
    page.route("**/api/messages", lambda route: None)
    page.click("button.launch")
    page.fill("textarea", "What is an EEG?")
    waited = page.evaluate(
        f"""async () => {{ const root = {SHADOW}; const began = performance.now();
        root.querySelector(".send").click();
        for (let i = 0; i < 50 && !root.querySelector(".dots"); i++) await Promise.resolve();
        return root.querySelector(".dots") ? performance.now() - began : -1; }}"""
    )
    assert 0 <= waited < 100
    expect(page.locator(".wait")).to_have_text("Looking for the answer")
    page.clock.fast_forward(5_100)
    expect(page.locator(".wait")).to_have_text("Still looking. Thank you for waiting.")
    page.clock.fast_forward(16_000)
    expect(page.locator(".trouble")).to_contain_text("Please call 312-555-0142")


def test_spanish_by_its_words_and_by_hand(chat: Page, site: Site) -> None:
    say(chat, "¿cómo se diagnostica?")
    said = chat.locator(".said.answer")
    expect(said).to_have_attribute("lang", "es")
    expect(chat.locator("#title")).to_have_text("Guía de espasmos infantiles")
    expect(chat.locator("blockquote").first).to_have_attribute("lang", "en")
    expect(chat.locator(".panel")).to_have_attribute("lang", "es")
    chat.get_by_role("button", name="English").click()
    expect(chat.locator("#title")).to_have_text("Infantile spasms guide")
    say(chat, "¿cómo se diagnostica?")
    assert site.rasa.seen[-1]["metadata"]["lang"] == "en"


def test_spanish_pages_begin_in_spanish(open_page: Open) -> None:
    page = open_page("/?lang=es")
    expect(page.locator("button.launch")).to_have_text("¿Preguntas? Escriba aquí")
    page.click("button.launch")
    expect(page.locator(".hello .taps button").first).to_contain_text("espasmos")


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)><script>alert(2)</script>",
        "[tap](javascript:alert(1)) [tap](https://evil.example) **bold** # head `code`",
        "\u202egnihtaerb ton si eh\u202c \u2066x\u2069",
        "- one\n- two",
        "a" * 2000,
    ],
    ids=["html", "markdown", "direction", "list", "long"],
)
def test_what_a_family_writes_is_shown_as_text(chat: Page, text: str) -> None:
    say(chat, text)
    mine = chat.locator(".mine > [dir]")
    assert mine.evaluate("e => e.childElementCount") == 0
    shown = "".join(char for char in text if char not in "\u202e\u202c\u2066\u2069")
    assert mine.evaluate("e => e.textContent") == shown
    scroller = chat.locator(".scroll")
    assert scroller.evaluate("e => e.scrollWidth <= e.clientWidth")


def reply_with(text: str, **message: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": "answer", "topic": "eeg", "text": text, "buttons": []}
    said |= {"citations": [], "sources": [], "notice": None, "verbatim": False, **message}
    levels = {"urgency": "routine", "message_urgency": "routine"}
    return {"conversation": "t", "lang": "en", "topic": "eeg", **levels, "messages": [said]}


def test_no_text_of_a_reply_becomes_more_than_a_checked_link(chat: Page) -> None:
    hostile = "\n\n".join(
        [
            *HOSTILE,
            "[js](javascript:alert(1)) [data](data:text/html,x) [ftp](ftp://x.example)",
            "[ok](https://ok.example/a) [tel](tel:911) [sms](sms:988)",
            '[x](https://a.example/"onclick=alert(1)) [[y](tel:1)](tel:2)',
            "<b>bold</b> <iframe src=//evil.example></iframe>",
        ]
    )
    citation = {"quote": "<i>q</i>", "section": "<u>s</u>", "url": "https://page.example/#x"}
    body = reply_with(
        hostile,
        citations=[citation],
        sources=[{"id": "x", "publisher": "<s>p</s>", "url": "javascript:alert(1)"}],
        notice="<em>n</em>",
    )

    def answer(route: Route) -> None:
        route.fulfill(json=body)

    chat.route("**/api/messages", answer)
    say(chat, "hi")
    said = chat.locator(".said.answer")
    assert said.locator("b, i, u, s, em, iframe, script, img").count() == 0
    links = said.locator("a").evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    assert links
    assert all(link.split(":")[0] in ("http", "https", "tel", "sms") for link in links), links
    assert "tel:911" in links
    assert said.locator("[onclick], [onerror]").count() == 0


def test_a_quote_says_what_it_means_and_other_scripts_run_their_own_way(chat: Page) -> None:
    quote = {"quote": "An EEG", "section": "s", "url": None, "translation": "Un EEG"}
    body = reply_with("اتصل بالرقم [911](tel:911)\n\nCall 911.", citations=[quote], lang="es")
    chat.route("**/api/messages", lambda route: route.fulfill(json=body))
    say(chat, "hola")
    lines = chat.locator(".said.answer > p")
    assert lines.first.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert lines.nth(1).evaluate("e => getComputedStyle(e).direction") == "ltr"
    chat.locator("summary").click()
    expect(chat.locator("figure .means")).to_have_text("Un EEG")


def test_was_this_helpful(chat: Page, site: Site) -> None:
    say(chat, "What is an EEG?")
    with chat.expect_request("**/api/feedback") as first:
        chat.locator(".vote").get_by_role("button", name="No").click()
    assert first.value.post_data_json == {
        "topic": "eeg", "lang": "en", "helpful": False, "reason": None
    }  # fmt: skip
    expect(chat.locator(".vote")).to_have_text("Thank you. That helps us.")
    with chat.expect_response("**/api/feedback") as second:
        chat.get_by_role("button", name="It is hard to understand").click()
    assert second.value.status == 204
    expect(chat.locator(".reasons")).to_have_count(0)
