from __future__ import annotations

from pathlib import Path

import pytest

from eval.gate import STORED, got_worse, table, write
from eval.metrics import Share

ACCEPTED = {
    "dev en, right at first": Share(90, 100),
    "dev en, wrong of those answered": Share(2, 100),
}


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "headline.yml"
    write(ACCEPTED, path)
    return path


def test_the_same_figures_pass(stored: Path) -> None:
    assert got_worse(ACCEPTED, stored) == []


@pytest.mark.parametrize(
    ("name", "share", "worse"),
    [
        ("dev en, right at first", Share(88, 100), False),
        ("dev en, right at first", Share(99, 100), False),
        ("dev en, right at first", Share(80, 100), True),
        ("dev en, wrong of those answered", Share(0, 100), False),
        ("dev en, wrong of those answered", Share(5, 100), False),
        ("dev en, wrong of those answered", Share(10, 100), True),
    ],
)
def test_only_what_leaves_its_interval_to_the_worse_fails(
    stored: Path, name: str, share: Share, worse: bool
) -> None:
    found = got_worse({**ACCEPTED, name: share}, stored)
    assert [w.name for w in found] == ([name] if worse else [])
    assert not worse or (name in table(found) and f"{share.value:.1%}" in table(found))


def test_a_figure_that_is_gone_or_new_fails(stored: Path) -> None:
    now = {"dev en, right at first": Share(90, 100), "search hit@3": Share(97, 100)}
    assert {w.name for w in got_worse(now, stored)} == {
        "dev en, wrong of those answered",
        "search hit@3",
    }


def test_the_accepted_figures_are_there() -> None:
    assert STORED.exists()
