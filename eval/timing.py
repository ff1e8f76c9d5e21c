"""How long replies take: the arithmetic, and the asking one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from statistics import median

import numpy as np

# Sends a text in a conversation and gives the conversation to go on with.
Ask = Callable[[str | None, str], str | None]


@dataclass(frozen=True)
class Load:
    """What was seen of some families talking at once.

    Attributes:
        users: families, each of whom writes again as soon as the reply is there.
        per_second: replies a second, of all families together.
        median: milliseconds of a reply.
        p95: milliseconds of a reply.
        failed: messages without a real answer.
    """

    users: int
    per_second: float
    median: float
    p95: float
    failed: int

    def holds(self, limit_ms: float) -> bool:
        """Every message was answered, 95 % of them within the limit."""
        return not self.failed and self.p95 < limit_ms


def summary(milliseconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile, in the unit given; not a number where there is nothing."""
    if not milliseconds:
        return {"median": float("nan"), "p95": float("nan")}
    found = np.percentile(milliseconds, [50, 95])
    return {"median": float(found[0]), "p95": float(found[1])}


@dataclass(frozen=True)
class Seen:
    """A message under load: when its reply was there (s), how long it took, and if it was one."""

    at: float
    milliseconds: float
    good: bool


def reckon(users: int, seen: Sequence[Seen], began: float, ended: float) -> Load:
    """The load between two points in time, warming up and running out left away."""
    inside = [one for one in seen if began <= one.at <= ended]
    found = summary([one.milliseconds for one in inside])
    failed = sum(not one.good for one in inside)
    rate = (len(inside) - failed) / (ended - began)
    # Where nobody was answered at all, everybody failed.
    return Load(users, rate, found["median"], found["p95"], failed if inside else users)


def timed(ask: Ask, texts: Sequence[str]) -> list[float]:
    """Milliseconds of each text, each in a fresh conversation."""
    found = []
    for text in texts:
        started = time.perf_counter()
        ask(None, text)
        found.append((time.perf_counter() - started) * 1000)
    return found


def by_turn(ask: Ask, texts: Sequence[str], turns: int, conversations: int) -> list[float]:
    """Median milliseconds of each turn, over some long conversations."""
    runs = []
    for _ in range(conversations):
        conversation, run = None, []
        for text in islice(cycle(texts), turns):
            started = time.perf_counter()
            conversation = ask(conversation, text)
            run.append((time.perf_counter() - started) * 1000)
        runs.append(run)
    return [median(turn) for turn in zip(*runs, strict=True)]


def around(by_turns: Sequence[float], turn: int, reach: int = 2) -> float:
    """Median of a turn (from 1) and its neighbours, as one turn alone is noise.

    The first turn stands alone: it opens the conversation.
    """
    return median(by_turns[:1] if turn == 1 else by_turns[max(1, turn - 1 - reach) : turn + reach])


def busiest(measure: Callable[[int], Load], limit_ms: float, most: int) -> Load | None:
    """The most replies a second that hold the limit, by doubling the families, then halving steps.

    Args:
        measure: a load with so many families.
        limit_ms: of the 95th percentile.
        most: families that are tried.

    Returns:
        The best load that holds; None where one family is too many.
    """
    held: list[Load] = []
    low, high = 0, 1
    while high <= most:
        load = measure(high)
        if not load.holds(limit_ms):
            break
        held.append(load)
        low, high = high, high * 2
    while low and high - low > 1 and high <= most:
        middle = (low + high) // 2
        load = measure(middle)
        if load.holds(limit_ms):
            held.append(load)
            low = middle
        else:
            high = middle
    return max(held, key=lambda load: load.per_second, default=None)


@dataclass(frozen=True)
class Goal:
    """A goal of the service with what was measured, and whether it is met."""

    name: str
    measured: str
    met: bool


def goals(ours: Mapping[str, float], stock: Mapping[str, float] | None) -> list[Goal]:
    """The goals, judged.

    Args:
        ours: median (ms), per_second, memory (MB of PSS), ready (s), first and last (ms a turn).
        stock: the same of the stock pipeline; None leaves the comparisons out.
    """
    found = [
        Goal("median 25 ms or less", f"{ours['median']:.1f} ms", ours["median"] <= 25),
        Goal("memory under 1.5 GB", f"{ours['memory']:.0f} MB", ours["memory"] < 1536),
        Goal("ready in under 15 s", f"{ours['ready']:.1f} s", ours["ready"] < 15),
        Goal(
            "no slower late in a conversation",
            f"{ours['first']:.1f} → {ours['last']:.1f} ms",
            ours["last"] <= 1.25 * ours["first"],
        ),
    ]
    if stock:
        share = ours["median"] / stock["median"]
        found.append(Goal("half of stock's median", f"{share:.2f} times", share <= 0.5))
        if stock["per_second"]:
            more = ours["per_second"] / stock["per_second"]
            found.append(Goal("three times stock's throughput", f"{more:.2f} times", more >= 3))
    return found
