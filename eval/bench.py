"""Speed and size beside peers: `make bench` writes reports/bench.html and bench.json.

`make latency` is its small part: one message at a time, and the turns of a conversation. With
BENCH_QUICK=1 everything is tried shortly, which proves that it runs and measures nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from bot.errors import BotError
from eval import bench_page, steps
from eval.messages import load, write_report
from eval.running import OURS, Running, our_stack, rasa_peer
from eval.stock import FOLDER, SPACY_FOLDER, spacy_config, stock_config
from eval.timing import Ask, Load, around, busiest, by_turn, goals, summary, timed
from tools.steps import ROOT, StepError, report, say

STOCK, SPACY = "stock rasa init pipeline", "Rasa with spaCy features"
LIMIT_MS = 250.0
OUT = ROOT / "reports" / "bench.json"


@dataclass(frozen=True)
class Plan:
    """How long and how much is measured.

    Attributes:
        messages: of one family, each in a fresh conversation.
        users: families talking at once.
        seconds: of each load.
        turns: of a long conversation that are shown; the last is its length.
        conversations: that long.
        most: families that the search for throughput tries.
    """

    messages: int = 150
    users: tuple[int, ...] = (1, 8, 32)
    seconds: float = 20.0
    turns: tuple[int, ...] = (1, 10, 50, 200)
    conversations: int = 3
    most: int = 64


QUICK = Plan(messages=6, users=(1, 2), seconds=2.0, turns=(1, 3), conversations=1, most=2)


def latency(ask: Ask, texts: Sequence[str], plan: Plan) -> dict[str, Any]:
    """Milliseconds of one family's messages, and of the turns of a conversation."""
    timed(ask, texts[:20])
    single = summary(timed(ask, texts[: plan.messages]))
    turns = by_turn(ask, texts[:10], plan.turns[-1], plan.conversations)
    return {"single": single, "turns": {str(t): around(turns, t) for t in plan.turns}}


def under_load(plan: Plan, measure: Callable[[int], Load]) -> dict[str, Any]:
    """Loads by number of families, and the best that holds the limit; none is measured twice."""
    seen: dict[int, Load] = {}

    def once(users: int) -> Load:
        return seen.setdefault(users, measure(users)) if users not in seen else seen[users]

    loads = {str(users): asdict(once(users)) for users in plan.users}
    best = busiest(once, LIMIT_MS, plan.most)
    return {"loads": loads, "best": asdict(best) if best else None}


def drive(system: Running, users: int, seconds: float) -> Load:
    """Let families talk to a system for some seconds, in a process of its own.

    Raises:
        StepError: it failed.
    """
    command = [sys.executable, "-m", "eval.load", "--url", system.url, "--channel", system.channel]
    command += ["--users", str(users), "--seconds", str(seconds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise StepError(f"the load of {users} families failed:\n{done.stderr[-2000:]}")
    return Load(**json.loads(done.stdout.splitlines()[-1]))


def measure(system: Running, texts: Sequence[str], plan: Plan, small: bool) -> dict[str, Any]:
    """All figures of one running system.

    Args:
        system: that answers.
        texts: routine English messages.
        plan: how much.
        small: latency alone.
    """
    with system.ask() as ask:
        found = latency(ask, texts, plan)
    if not small:
        # The memory of a service that has answered, and then that of the busy one.
        found |= {"ready": system.ready, "memory": system.memory()}
        found |= under_load(plan, lambda users: drive(system, users, plan.seconds))
        found["memory_after"] = system.memory()
        if system.channel == "ours":
            found["explain"] = steps.explained(system, texts[: plan.messages])
    return found


def peers(names: Sequence[str]) -> Iterator[tuple[str, AbstractContextManager[Running]]]:
    """The systems by name, each started only when it is entered."""
    known: dict[str, Callable[[], AbstractContextManager[Running]]] = {
        OURS: our_stack,
        STOCK: lambda: rasa_peer(STOCK, stock_config(epochs=1), FOLDER),
        SPACY: lambda: rasa_peer(SPACY, spacy_config(), SPACY_FOLDER),
    }
    for name in names:
        yield name, known[name]()


def figures(found: Mapping[str, Any]) -> dict[str, float]:
    """What the goals look at, of one system."""
    turns = list(found["turns"].values())
    return {
        "median": found["single"]["median"],
        "per_second": found["best"]["per_second"] if found["best"] else 0.0,
        "memory": sum(one["pss"] for one in found["memory_after"].values()),
        "ready": found["ready"],
        "first": turns[0],
        "last": turns[-1],
    }


@contextmanager
def said_errors() -> Iterator[None]:
    """One line for what a person can mend."""
    try:
        yield
    except (StepError, BotError) as error:
        report(error if isinstance(error, StepError) else StepError(str(error)))
        sys.exit(1)


def run(plan: Plan, names: Sequence[str], small: bool, out: Path) -> None:
    """Measure one system after the other, so that none takes another's time; print and write."""
    texts = [m.text for m in load("dev") if m.level == "routine" and m.lang == "en"]
    # Figures of a busy machine are none; whoever reads them should see that.
    busy = psutil.cpu_percent(interval=3.0)
    say(f"{psutil.cpu_count()} cores, {busy:.0f} % of them busy with something else")
    found: dict[str, Any] = {}
    for name, opened in peers(names):
        say(f"measure {name} ...")
        with opened as system:
            found[name] = measure(system, texts, plan, small)
        say(bench_page.line(name, found[name]))
    result: dict[str, Any] = {"cores": psutil.cpu_count(), "busy": busy, "systems": found}
    if not small and OURS in found:
        own = steps.parts(texts[: plan.messages])
        parse_ms = steps.parse(texts[: plan.messages])
        result["steps"] = steps.account(found[OURS]["explain"], parse_ms, own)
        other = figures(found[STOCK]) if STOCK in found else None
        result["goals"] = [asdict(g) for g in goals(figures(found[OURS]), other)]
        say(bench_page.text(result))
        out.with_suffix(".html").parent.mkdir(parents=True, exist_ok=True)
        out.with_suffix(".html").write_text(bench_page.html(result), encoding="utf-8")
    write_report(result, out)


def main() -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="latency alone, beside stock")
    parser.add_argument("--only", nargs="+", choices=(OURS, STOCK, SPACY), help="systems")
    parser.add_argument("--out", type=Path, help="JSON to write")
    options = parser.parse_args()
    plan = QUICK if os.environ.get("BENCH_QUICK") else Plan()
    names = options.only or ((OURS, STOCK) if options.small else (OURS, STOCK, SPACY))
    out = options.out or (OUT.with_name("latency.json") if options.small else OUT)
    with said_errors():
        run(plan, names, options.small, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
