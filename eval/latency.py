"""How fast is a reply over HTTP: `make latency`, beside the stock `rasa init` pipeline."""

from __future__ import annotations

import sys
import time
import uuid
from collections.abc import Callable
from statistics import median

import httpx

from eval.messages import load, write_report
from eval.stock import stock_config, stock_rasa
from tools.serve import Stack
from tools.steps import ROOT

OURS, STOCK = "this bot, all three processes", "stock rasa init pipeline"
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


def figures(name: str, ask: Ask, texts: list[str]) -> dict[str, float]:
    """Milliseconds of one system, printed as a row of the table; a first round warms up."""
    timed(ask, texts[:20])
    single = sorted(timed(ask, texts))
    turns = by_turn(ask, texts[:10])
    found = {
        "median": median(single),
        "p95": single[int(len(single) * 0.95)],
        "turns 1-5": median(turns[:5]),
        "turns 46-50": median(turns[-5:]),
    }
    cells = "   ".join(f"{label} {value:6.1f} ms" for label, value in found.items())
    print(f"{name:28} {cells}", flush=True)
    return found


def main() -> int:
    """Measure both, one after the other."""
    routine = [m.text for m in load("dev") if m.level == "routine" and m.lang == "en"][:150]
    with Stack() as stack, httpx.Client(base_url=stack.url, timeout=30) as client:

        def ours(conversation: str | None, text: str) -> str:
            body = {"conversation": conversation, "text": text}
            return str(client.post("/api/messages", json=body).json()["conversation"])

        found = {OURS: figures(OURS, ours, routine)}
    with stock_rasa(stock_config(epochs=1)) as stock:

        def theirs(conversation: str | None, text: str) -> str:
            conversation = conversation or uuid.uuid4().hex
            body = {"sender": conversation, "message": text}
            stock.post("/webhooks/rest/webhook", json=body).raise_for_status()
            return conversation

        found[STOCK] = figures(STOCK, theirs, routine)
    write_report(found, ROOT / "reports" / "latency.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
