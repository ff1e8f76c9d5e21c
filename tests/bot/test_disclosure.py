"""No figure under 5 is shown, and none can be worked out: checked by trying every possibility."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.disclosure import LEAST, Table, crossed, percentile, protect, share

SMALL_COUNTS = st.lists(st.integers(0, 8), min_size=2, max_size=3)


def published(counts: tuple[int, ...]) -> Table:
    return protect({f"c{place}": count for place, count in enumerate(counts)})


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_no_small_figure_is_shown(counts: list[int]) -> None:
    table = published(tuple(counts))
    assert all(count >= LEAST for count in table.shown.values())
    assert table.rest is None or table.rest == 0 or table.rest >= LEAST
    assert {*table.shown, *table.held} == {f"c{n}" for n in range(len(counts))}


@given(SMALL_COUNTS)
@example([5, 5, 1])
@example([4, 4, 5, 5])
@settings(max_examples=60, deadline=None)
def test_no_small_figure_can_be_worked_out(counts: list[int]) -> None:
    """Whoever knows how the table is made, and the total, still finds two possibilities."""
    table = published(tuple(counts))
    if table.total is None:
        return
    highest = max([*counts, LEAST]) + 4
    possible = [
        other
        for other in product(range(highest + 1), repeat=len(counts))
        if sum(other) == sum(counts) and published(other) == table
    ]
    for place, count in enumerate(counts):
        if 0 < count < LEAST:
            assert len({other[place] for other in possible}) > 1, (counts, table)


@pytest.mark.parametrize(
    ("counts", "shown", "rest", "label"),
    [
        ((20, 30, 0), {"c0": 20, "c1": 30}, 0, "0"),
        ((20, 3, 4), {"c0": 20}, 7, "<5"),
        ((20, 30, 3), {"c1": 30}, 23, "<5 or held back"),  # one alone would be the difference
        ((20, 30, 4, 4), {"c1": 30}, 28, "<5 or held back"),  # two equal ones likewise
        ((20, 30, 1, 2), {"c1": 30}, 23, "<5 or held back"),  # and a sum under 5
        ((4, 4), {}, None, "<5"),
        ((2, 0), {}, None, "<5"),
        ((0, 0), {}, 0, "0"),
    ],
)
def test_small_figures_stand_together(
    counts: tuple[int, ...], shown: dict[str, int], rest: int | None, label: str
) -> None:
    table = published(counts)
    assert (dict(table.shown), table.rest, table.label) == (shown, rest, label)


def test_a_table_of_two_dimensions_is_shown_whole_or_not_at_all() -> None:
    cells = {("a", "x"): 6, ("a", "y"): 0, ("b", "x"): 7, ("b", "y"): 9}
    plain, joined = published((6, 16)), published((20, 30, 3))
    assert crossed(cells, plain, plain) == cells
    assert crossed({**cells, ("a", "y"): 4}, plain, plain) is None
    assert crossed(cells, joined, plain) is None


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(5, 10, 50), (4, 10, None), (6, 10, None), (0, 0, None), (10, 30, 33)],
)
def test_a_share_tells_of_no_few(part: int, whole: int, percent: int | None) -> None:
    assert share(part, whole) == percent


def test_percentiles_are_the_ends_of_buckets() -> None:
    ends = ("10", "20", "50", "slower")
    counts = {"10": 10, "20": 70, "50": 15, "slower": 5}
    assert percentile(ends, counts, 0.5) == "20"
    assert percentile(ends, counts, 0.95) == "50"
    assert percentile(ends, {"10": 19}, 0.95) is None
    assert percentile(ends, {}, 0.5) is None
