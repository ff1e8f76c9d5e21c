from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml

from bot.answers import Library
from bot.errors import ConfigError, PageChanged
from bot.source import Page, load_page, parse_page

SMALL = """Spasms are seizures. They are brief.

What Causes Spasms?

Some of the causes are:

Brain Injuries

These conditions matter:

Gene Disorders

These genes may cause it:

  • Aicardi syndrome
  • Trisomy 21 (Down syndrome)

How Is It Treated?

There are two treatments:

  • Hormones: Given by mouth. It takes a month.
  • Surgery

Other tests, such as:
"""


def parse(text: str, url: str | None = None) -> Page:
    subheadings = frozenset({"Brain Injuries", "Gene Disorders"})
    return parse_page(
        text, title="Spasms", url=url, date="2026-11-23", sha256="", subheadings=subheadings
    )


@pytest.fixture
def small() -> Page:
    return parse(SMALL)


@pytest.mark.parametrize(
    ("text", "path", "lead_in"),
    [
        ("Spasms are seizures.", ("Spasms",), ""),
        ("They are brief.", ("Spasms",), ""),
        ("Some of the causes are:", ("What Causes Spasms?",), ""),
        (
            "Aicardi syndrome",
            ("What Causes Spasms?", "Gene Disorders"),
            "These genes may cause it:",
        ),
        ("It takes a month.", ("How Is It Treated?", "Hormones"), "There are two treatments:"),
        ("Surgery", ("How Is It Treated?",), "There are two treatments:"),
    ],
)
def test_passages_have_their_headings_and_lead_in(
    small: Page, text: str, path: tuple[str, ...], lead_in: str
) -> None:
    found = [p for p in small.passages if p.text == text]
    assert [(p.path, p.lead_in, p.section) for p in found] == [(path, lead_in, path[0])]


def test_label_of_an_item_is_read_with_it(small: Page) -> None:
    texts = [p.text for p in small.passages]
    assert "Hormones: Given by mouth." in texts
    assert "Given by mouth." not in texts
    assert not any(text.startswith("•") for text in texts)


def test_headings_are_neither_items_nor_sentences(small: Page) -> None:
    assert small.headings == (
        "What Causes Spasms?",
        "Brain Injuries",
        "Gene Disorders",
        "How Is It Treated?",
    )
    assert not {p.text for p in small.passages} & set(small.headings)


@pytest.mark.parametrize(
    ("lead_in", "empty"),
    [
        ("These conditions matter:", True),
        ("Other tests, such as:", True),
        ("These genes may cause it:", False),
        ("There are two treatments:", False),
        ("Some of the causes are:", False),  # its subheadings are its items
    ],
)
def test_empty_lists(small: Page, lead_in: str, empty: bool) -> None:
    assert (lead_in in small.empty_lists) is empty


def test_context_holds_headings_and_lead_in(small: Page) -> None:
    item = next(p for p in small.passages if p.text == "Aicardi syndrome")
    assert item.context == (
        "What Causes Spasms? Gene Disorders These genes may cause it: Aicardi syndrome"
    )


def test_real_page_has_two_empty_lists(library: Library) -> None:
    assert library.page.empty_lists == (
        "These brain conditions increase the risk of IESS:",
        "To make a diagnosis, we’ll admit your child into the hospital and perform EEGs and other"
        " tests, such as:",
    )


def test_real_spans_are_literal_ordered_and_apart(library: Library) -> None:
    page = library.page
    assert len(page.passages) > 80
    end = 0
    for passage in page.passages:
        assert page.text[passage.start : passage.end] == passage.text == passage.text.strip()
        assert passage.start >= end
        end = passage.end
    assert len({p.id for p in page.passages}) == len(page.passages)


def test_real_passages_and_headings_leave_nothing_out(library: Library) -> None:
    page = library.page
    rest = page.text
    for passage in reversed(page.passages):
        rest = rest[: passage.start] + rest[passage.end :]
    for heading in page.headings:
        assert heading in rest
        rest = rest.replace(heading, "", 1)
    assert not rest.replace("•", "").strip()


@pytest.mark.parametrize(
    ("quote", "section"),
    [
        ("An electroencephalogram (EEG) is the main test for IESS.", "How Is IESS Diagnosed?"),
        ("Tuberous sclerosis complex (TSC)", "What Causes Infantile Spasms or IESS?"),
        ("Phenylketonuria (PKU)", "What Causes Infantile Spasms or IESS?"),
        (
            "Infantile epileptic spasms syndrome (IESS)",
            "Infantile Epileptic Spasms Syndrome (IESS)",
        ),
        ("not on the page at all", "Infantile Epileptic Spasms Syndrome (IESS)"),
    ],
)
def test_section_of(library: Library, quote: str, section: str) -> None:
    assert library.page.section_of(quote) == section


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("aren’t painful", True),
        ("aren't painful", False),  # another apostrophe is another text
        ("3–8 months", True),
        ("3-8 months", False),
        ("Spasms are painful", False),
    ],
)
def test_find_is_literal(library: Library, quote: str, found: bool) -> None:
    span = library.page.find(quote)
    assert (span is not None) is found
    assert span is None or library.page.text[slice(*span)] == quote


@pytest.mark.parametrize(
    ("quote", "link"),
    [
        ("Spasms are seizures.", "https://x.org/p#:~:text=Spasms%20are%20seizures."),
        # "-" and "," divide the parts of a text directive.
        ("two-prong, fast", "https://x.org/p#:~:text=two%2Dprong%2C%20fast"),
        ("  • Aicardi syndrome\n  • Trisomy 21", "https://x.org/p#:~:text=Aicardi%20syndrome"),
        ("3–8 & more", "https://x.org/p#:~:text=3%E2%80%938%20%26%20more"),
    ],
)
def test_text_fragment_link(quote: str, link: str) -> None:
    assert parse(SMALL, "https://x.org/p").link(quote) == link


def test_no_link_while_the_address_is_unknown(small: Page) -> None:
    assert small.link("Spasms are seizures.") is None


def write_page(folder: Path, text: str, pinned: str) -> None:
    meta = {
        "title": "Spasms",
        "url": "https://x.org/p",
        "date": "2026-11-23",
        "sha256": hashlib.sha256(pinned.encode()).hexdigest(),
    }
    (folder / "iess.yml").write_text(yaml.safe_dump(meta))
    (folder / "iess.txt").write_bytes(text.encode())


@pytest.mark.parametrize(
    ("setting", "address"), [(None, "https://x.org/p"), ("https://y.org/q", "https://y.org/q")]
)
def test_load_page(tmp_path: Path, setting: str | None, address: str) -> None:
    write_page(tmp_path, SMALL, SMALL)
    page = load_page(tmp_path, [("signs", "They are brief.")], setting)
    assert page.text == SMALL
    assert page.url == address


def test_changed_page_names_exactly_the_lost_quotes(tmp_path: Path) -> None:
    write_page(tmp_path, SMALL.replace("brief", "long"), SMALL)
    quotes = [("signs (web, en)", "They are brief."), ("what_is", "Spasms are seizures.")]
    with pytest.raises(PageChanged) as raised:
        load_page(tmp_path, quotes)
    message = str(raised.value)
    assert "signs (web, en): 'They are brief.'" in message
    assert "what_is" not in message


def test_changed_page_that_keeps_every_quote_is_still_refused(tmp_path: Path) -> None:
    write_page(tmp_path, SMALL + "\n", SMALL)
    with pytest.raises(PageChanged, match="Every curated quote still stands"):
        load_page(tmp_path, [("signs", "They are brief.")])


@pytest.mark.parametrize("missing", ["iess.txt", "iess.yml"])
def test_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    write_page(tmp_path, SMALL, SMALL)
    (tmp_path / missing).unlink()
    with pytest.raises(ConfigError, match=missing):
        load_page(tmp_path)
