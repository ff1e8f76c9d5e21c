from __future__ import annotations

import re

import pytest

from bot.answers import Library
from bot.errors import ContentError
from bot.live import Content, load_content
from bot.page_change import clean_page, compare, difference, draft_body, nearest, read_page
from bot.settings import load_settings
from bot.source import Page, parse_page
from bot.store.content_tables import Version
from tests.conftest import DATA

EEG = "An electroencephalogram (EEG) is the main test for IESS."
NEW_EEG = "An electroencephalogram (EEG) is the most important test for IESS."


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(load_settings({}))


def page(text: str, content: Content) -> Page:
    version = draft(draft_body(text, content.page, "2026-12-01"))
    return read_page(version, None)


def draft(body: str, kind: str = "page", key: str = "iess") -> Version:
    return Version(1, kind, key, body, None, 1, (), False, "", "draft", 1, 0.0, None, None)


def test_the_same_page_touches_nothing(content: Content) -> None:
    found = compare(page(content.page.text, content), content, (), DATA)
    assert (found.lines, found.uses, found.unused, found.rests) == ((), (), (), ())
    assert found.check_stands
    assert found.page.passages == content.page.passages
    assert found.page.empty_lists == content.page.empty_lists
    assert found.page.sha256 == content.page.sha256


def test_a_lost_quote_is_named_with_every_sentence_on_it(content: Content) -> None:
    text = content.page.text.replace(EEG, NEW_EEG)
    found = compare(page(text, content), content, (), DATA)
    on_it = {
        (answer.topic, channel, lang)
        for answer in content.library
        for channel in ("web", "sms")
        for lang in ("en", "es")
        if EEG in answer.quotes(channel, lang)
    }
    assert {(use.topic, use.channel, use.lang) for use in found.uses} == on_it
    assert {use.why for use in found.uses} == {"lost"}
    assert {use.near for use in found.uses} == {NEW_EEG}
    assert [(line.change, line.text) for line in found.lines if line.change in ("gone", "new")] == [
        ("gone", next(line for line in content.page.text.splitlines() if EEG in line).strip()),
        ("new", next(line for line in text.splitlines() if NEW_EEG in line).strip()),
    ]
    assert any(lost.words == EEG for lost in found.rests)


def test_an_answer_written_for_the_new_page_settles_it(content: Content) -> None:
    text = content.page.text.replace(EEG, NEW_EEG)
    new = page(text, content)
    topics = compare(new, content, (), DATA).topics
    drafts = [
        draft(
            (DATA / "answers" / f"{topic}.yml").read_text(encoding="utf-8").replace(EEG, NEW_EEG),
            "answer",
            topic,
        )
        for topic in topics
    ]
    assert compare(new, content, drafts[1:], DATA).topics == topics[:1]
    found = compare(new, content, drafts, DATA)
    assert (found.uses, found.unused) == ((), ())


def test_what_the_page_was_said_to_leave_out(content: Content) -> None:
    said = "You may calm your baby after a spasm by holding them."
    text = content.page.text.replace(EEG, f"{EEG} {said}")
    found = compare(page(text, content), content, (), DATA)
    assert {(use.topic, use.why) for use in found.uses} == {("pain", "now_there")}
    assert [passage.text for passage in found.unused] == [said]


def test_a_list_that_is_filled(content: Content) -> None:
    lead = "These brain conditions increase the risk of IESS:"
    assert lead in content.page.empty_lists
    text = content.page.text.replace(lead, f"{lead}\n    • Stroke\n")
    found = compare(page(text, content), content, (), DATA)
    assert {use.why for use in found.uses} == {"list"}
    assert [passage.text for passage in found.unused] == ["Stroke"]


def test_a_page_that_lost_the_words_of_the_check(content: Content) -> None:
    text = content.page.text.replace("Appear stiff or rigid", "Look stiff")
    found = compare(page(text, content), content, (), DATA)
    assert not found.check_stands


def test_a_pasted_page_gets_our_marks(library: Library) -> None:
    pasted = re.sub(r"•", "-", library.page.text).replace("\n", "\r\n")
    assert clean_page(pasted) == clean_page(library.page.text)
    assert clean_page("\ufeff" + "x" * 300) == "x" * 300 + "\n"


@pytest.mark.parametrize("text", ["", "short", "x" * 200_001])
def test_what_is_no_page(text: str) -> None:
    with pytest.raises(ContentError, match="characters"):
        clean_page(text)


def test_the_difference_shows_what_is_around_it() -> None:
    old = "\n".join(f"Line {n}" for n in range(20))
    lines = list(difference(old, old.replace("Line 9", "Line nine")))
    assert [(line.change, line.text) for line in lines] == [
        ("skipped", ""),
        ("same", "Line 7"),
        ("same", "Line 8"),
        ("gone", "Line 9"),
        ("new", "Line nine"),
        ("same", "Line 10"),
        ("same", "Line 11"),
    ]


def test_nothing_like_it() -> None:
    assert (
        nearest("Zebra crossing", parse_page("A b c.\n", title="", url=None, date="", sha256=""))
        == ""
    )
