from __future__ import annotations

from pathlib import Path

import pytest

from bot.claims import ClaimChecker
from bot.claims.evidence import load_paraphrases
from bot.errors import ContentError
from bot.source import load_page
from tests.conftest import DATA

PAGE = load_page(DATA / "source")
PARAPHRASES = load_paraphrases(DATA / "claims" / "paraphrases.yml", PAGE)


def test_nearly_every_paraphrase_is_supported_by_itself() -> None:
    checker = ClaimChecker.load(DATA)
    lines = [line for said in PARAPHRASES.values() for line in said]
    refused = [line for line in lines if checker.check(line).supported is not True]
    assert len(refused) <= 0.03 * len(lines), refused


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("page: x", "must be a list"),
        ("- page: No such sentence.\n  said: [It is said.]", "no sentence or list item"),
        ("- page: Arch their back\n  said: [1]", "list of sentences"),
        ("- page: Arch their back", "said"),
    ],
)
def test_paraphrases_name_the_fault(content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "paraphrases.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ContentError, match=said):
        load_paraphrases(path, PAGE)
