"""How fast is a reply over HTTP: `make latency`, beside the stock `rasa init` pipeline."""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Callable
from statistics import median

import httpx

from eval.messages import load
from eval.stock import StockRasa, stock_config
from tools.serve import Stack

TURNS = 50
CONVERSATIONS = 5

# Sends a text in a conversation and gives the conversation to go on with.
Ask = Callable[[str | None, str], str]


def timed(ask: Ask, texts: list[str]) -> list[float]:
    """Milliseconds of each text, each in a fresh conversation."""
    found = []
    for text in texts:
        started = time.perf_counter()
        ask(None, text)
        found.append((time.perf_counter() - started) * 1000)
    return found


def by_turn(ask: Ask, texts: list[str]) -> list[float]:
    """Median milliseconds of each turn, over some long conversations."""
    runs = []
    for _ in range(CONVERSATIONS):
        conversation, run = None, []
        for text in (texts * TURNS)[:TURNS]:
            started = time.perf_counter()
            conversation = ask(conversation, text)
            run.append((time.perf_counter() - started) * 1000)
        runs.append(run)
    return [median(turn) for turn in zip(*runs, strict=True)]


def line(name: str, ask: Ask, texts: list[str]) -> str:
    """One row of the table; a first round warms up."""
    timed(ask, texts[:20])
    single = sorted(timed(ask, texts))
    turns = by_turn(ask, texts[:10])
    return (
        f"{name:28} median {median(single):6.1f} ms   p95 {single[int(len(single) * 0.95)]:6.1f} ms"
        f"   turns 1-5 {median(turns[:5]):6.1f} ms   turns 46-50 {median(turns[-5:]):6.1f} ms"
    )


def main() -> int:
    """Measure both, one after the other."""
    routine = [m.text for m in load("dev") if m.level == "routine" and m.lang == "en"][:150]
    with Stack() as stack, httpx.Client(base_url=stack.url, timeout=30) as client:

        def ours(conversation: str | None, text: str) -> str:
            body = {"conversation": conversation, "text": text}
            return str(client.post("/api/messages", json=body).json()["conversation"])

        print(line("ours, all three processes", ours, routine), flush=True)
    with StockRasa(stock_config(epochs=1)) as stock:

        def theirs(conversation: str | None, text: str) -> str:
            conversation = conversation or uuid.uuid4().hex
            stock.ask(conversation, text)
            return conversation

        print(line("stock rasa init pipeline", theirs, routine))
    return 0


if __name__ == "__main__":
    sys.exit(main())
