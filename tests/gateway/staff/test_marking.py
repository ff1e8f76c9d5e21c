"""Marks stand where they belong, and the pieces are the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import Library
from bot.gateway.staff.marking import Piece, compare, mark_message, mark_page, split
from bot.text import clean
from bot.triage import Triage


def marked(pieces: list[Piece]) -> list[str]:
    return [piece.text for piece in pieces if piece.marks]


def test_spans_may_overlap_and_reach_beyond() -> None:
    pieces = split("one two three", [(0, 3), (2, 7), (8, 99)])
    assert [(piece.text, bool(piece.marks)) for piece in pieces] == [
        ("one two", True),
        (" ", False),
        ("three", True),
    ]


@given(st.text(), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))))
def test_the_pieces_are_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    assert "".join(piece.text for piece in split(text, spans)) == text


def test_every_answers_quotes_are_marked_on_the_whole_page(library: Library) -> None:
    for answer in library:
        quotes = answer.quotes("web", "en")
        lines = mark_page(library.page, quotes)
        text = " ".join(piece.text for line in lines for piece in line.pieces)
        assert text.split()[-3:] == library.page.text.split()[-3:]
        told = "".join(p.text for line in lines for p in line.pieces if p.marks)
        # Line breaks and bullets inside a quote are the page's layout.
        wanted = {char for quote in quotes for char in quote} - set("\n•\t ")
        assert wanted <= set(told), answer.topic
        assert bool(told) == bool(quotes)


def test_the_pages_layout_is_kept(library: Library) -> None:
    lines = mark_page(library.page, ["Appear stiff or rigid"])
    hit = next(line for line in lines if any(piece.marks for piece in line.pieces))
    assert (hit.kind, hit.pieces) == ("item", (Piece("Appear stiff or rigid", "marked"),))
    headings = [line.pieces[0].text for line in lines if line.kind == "heading"]
    assert tuple(headings) == library.page.headings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Help, he is NOT  breathing!", "NOT breathing"),
        ("¡mi bebé no respira!", "no respira"),
        ("hes not brething", "not brething"),
        ("his “lips” are blue…", "lips” are blue"),
    ],
)
def test_what_a_rule_found_is_marked_in_the_familys_own_letters(
    triage: Triage, text: str, words: str
) -> None:
    finding = triage.read(text)
    pieces = mark_message(text, [(hit.text, hit.level) for hit in finding.hits])
    assert "".join(piece.text for piece in pieces) == clean(text)
    assert words in "".join(marked(pieces))


def test_the_highest_level_marks_words_that_several_rules_found() -> None:
    pieces = mark_message(
        "she is blue and limp", [("blue", "emergency"), ("is blue and", "urgent")]
    )
    assert [(piece.text, piece.marks) for piece in pieces if piece.marks] == [
        ("is ", "urgent"),
        ("blue", "emergency"),
        (" and", "urgent"),
    ]


def test_words_that_are_not_there_mark_nothing() -> None:
    assert mark_message("hello", [("ei ra", "emergency"), ("", "urgent")]) == [Piece("hello")]


@pytest.mark.parametrize(
    ("before", "after", "marks"),
    [
        ("the same", "the same", [""]),
        ("call us today", "call us now", ["", "gone", "new"]),
        ("", "all new", ["new"]),
        ("all gone", "", ["gone"]),
    ],
)
def test_two_texts_are_compared_by_words(before: str, after: str, marks: list[str]) -> None:
    assert [piece.marks for piece in compare(before, after)] == marks


@given(st.text("ab \n"), st.text("ab \n"))
def test_both_texts_can_be_read_from_the_comparison(before: str, after: str) -> None:
    pieces = compare(before, after)
    assert "".join(p.text for p in pieces if p.marks != "new") == before
    assert "".join(p.text for p in pieces if p.marks != "gone") == after
