from __future__ import annotations

from collections.abc import Callable
from math import isnan

import pytest

from eval.timing import Load, Seen, around, busiest, by_turn, goals, reckon, summary, timed


def server(limit: int) -> tuple[list[int], Callable[[int], Load]]:
    """A fake that slows down above so many families; each of them sends 10 messages a second."""
    asked: list[int] = []

    def measure(users: int) -> Load:
        asked.append(users)
        return Load(users, 10.0 * users, 50, 100 if users <= limit else 900, failed=0)

    return asked, measure


def test_median_and_p95() -> None:
    assert summary([float(n) for n in range(101)]) == {"median": 50, "p95": 95}
    assert summary([7.0]) == {"median": 7, "p95": 7}
    assert isnan(summary([])["median"])


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 8, 13, 16])
def test_the_search_finds_the_most_families(limit: int) -> None:
    asked, measure = server(limit)
    best = busiest(measure, 250, most=16)
    assert best is not None
    assert best.users == limit
    assert len(asked) == len(set(asked))


def test_the_search_ends_at_the_most_it_may_try() -> None:
    asked, measure = server(1000)
    best = busiest(measure, 250, most=8)
    assert best is not None
    assert asked == [1, 2, 4, 8]
    assert best.users == 8


def test_where_one_family_is_too_many_there_is_no_throughput() -> None:
    asked, measure = server(0)
    assert busiest(measure, 250, most=8) is None
    assert asked == [1]


def test_more_families_with_fewer_replies_are_not_the_best() -> None:
    rates = {1: 20.0, 2: 30.0, 4: 25.0}
    best = busiest(lambda n: Load(n, rates[n], 50, 100, 0), 250, most=4)
    assert best is not None
    assert best.users == 2


def test_a_load_with_a_failure_does_not_hold() -> None:
    assert Load(1, 10, 5, 9, failed=0).holds(250)
    assert not Load(1, 10, 5, 9, failed=1).holds(250)
    assert not Load(1, 10, 5, 250, failed=0).holds(250)


def test_each_text_begins_a_conversation_and_each_turn_goes_on_with_one() -> None:
    seen: list[tuple[str | None, str]] = []

    def ask(conversation: str | None, text: str) -> str:
        seen.append((conversation, text))
        return (conversation or "") + "x"

    assert len(timed(ask, ["a", "b"])) == 2
    assert seen == [(None, "a"), (None, "b")]
    seen.clear()
    assert len(by_turn(ask, ["a", "b"], turns=3, conversations=2)) == 3
    assert seen == [(None, "a"), ("x", "b"), ("xx", "a")] * 2


def test_a_turn_is_read_with_its_neighbours_but_the_first_alone() -> None:
    turns = [100.0, 5.0, 6.0, 7.0, 8.0, 9.0, 90.0]
    assert around(turns, 1) == 100
    assert around(turns, 4) == 7
    assert around(turns, 2) == 6
    assert around(turns, 7) == 9


OURS = {
    "median": 20.0,
    "per_second": 90.0,
    "memory": 900.0,
    "ready": 9.0,
    "first": 20.0,
    "last": 24.0,
}


def test_goals_are_judged_at_their_limits() -> None:
    stock = {**OURS, "median": 40.0, "per_second": 30.0}
    assert all(goal.met for goal in goals(OURS, stock))
    worse = {"median": 26, "per_second": 89, "memory": 1536, "ready": 15, "last": 25.1}
    for name, value in worse.items():
        missed = [goal for goal in goals({**OURS, name: value}, stock) if not goal.met]
        assert missed, name


def test_without_the_peer_nothing_is_compared() -> None:
    assert not [goal for goal in goals(OURS, None) if "stock" in goal.name]
    no_throughput = goals(OURS, {**OURS, "median": 40.0, "per_second": 0.0})
    assert not [goal for goal in no_throughput if "throughput" in goal.name]


def test_only_what_was_answered_between_the_two_points_counts() -> None:
    seen = [Seen(0.5, 999, True), *(Seen(2.0, 10, True) for _ in range(8)), Seen(3.0, 50, False)]
    load = reckon(4, [*seen, Seen(9.0, 999, True)], began=1, ended=5)
    assert (load.per_second, load.median, load.failed) == (2, 10, 1)
    assert reckon(4, [], began=1, ended=5).failed == 4
