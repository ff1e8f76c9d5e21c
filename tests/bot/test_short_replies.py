from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.settings import load_settings
from bot.short_replies import REPLIES, load_short_replies

PATH = load_settings().data_dir / "short_replies.yml"


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Thanks!", "thanks"),
        ("🙏🏽", "thanks"),
        ("👍", "yes"),
        ("not that one", "neither"),
        ("She's 5 months old", "age"),
        ("8m", "age"),
        ("hi, my little boy is 7 months", "age"),
        ("tiene 4 meses", "age"),
        ("el bebé ya cumplió un año y medio", "age"),
        ("¿Qué significa eso?", "plainer"),
        ("4.5 months", "age"),
        ("18 days old", "age"),
        ("tiene 5 meses mi bebe", "age"),
        # Something is asked, or told besides.
        ("can a 5 month old get it", ""),
        ("she's 5 months old and jerks", ""),
        ("5 months of vigabatrin", ""),
        ("6 months?? is that when it starts", ""),
        ("6 months?", ""),
        ("it is 6 m now", ""),
        ("2", ""),
        ("", ""),
    ],
)
def test_a_short_reply_is_the_whole_message(text: str, reply: str) -> None:
    assert load_short_replies(PATH).read(text) == reply


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [("(", "unterminated subpattern"), (None, "'age'")],
    ids=["regex", "missing"],
)
def test_a_broken_file_says_what_is_wrong(tmp_path: Path, pattern: str | None, fault: str) -> None:
    path = tmp_path / "short_replies.yml"
    patterns = dict.fromkeys(REPLIES, "x") | {"age": pattern}
    path.write_text("".join(f'"{n}": "{p}"\n' for n, p in patterns.items() if p), "utf-8")
    with pytest.raises(ContentError, match=re.escape(fault)):
        load_short_replies(path)
