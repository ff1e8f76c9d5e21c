from __future__ import annotations

import pytest

from bot.shorthand import write_out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wut meds r used 4 this", "what meds are used for this"),
        ("can u tell me b4 monday", "can you tell me before monday"),
        ("who do i need 2 see", "who do i need to see"),
        ("xq le da a mi bb", "porque le da a mi bebe"),
        # Counts, words and names stay as they are.
        ("he is 4 months old", "he is 4 months old"),
        ("4 2 3", "4 2 3"),
        ("vitamin B6 and Dr. Lee's", "vitamin B6 and doctor. Lee's"),
        ("w/o meds", "without meds"),
        # Letters as a telephone writes down what it hears.
        ("does the e e g hurt", "does the eeg hurt"),
        ("a.c.t.h. for T-S-C", "acth. for TSC"),
        ("a b c d", "a b c d"),
        ("our turn", "our turn"),
        ("", ""),
        ("you're", "you're"),
    ],
)
def test_write_out(text: str, expected: str) -> None:
    assert write_out(text) == expected
