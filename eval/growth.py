"""How search grows with the number of passages: `python -m eval.growth`.

The product's own Retriever over synthetic passages: words of the page and made-up ones, as often as
words are in a language, and vectors in random directions. Each size is measured in a process of its
own; one that the free memory would not hold is skipped, and told so.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from bot.encoder import Vectors
from bot.retrieval import Retriever
from bot.source import Page, Passage, load_page
from eval.messages import load
from tools.steps import ROOT

SIZES = (60, 1_000, 100_000, 1_000_000)
DIMENSION = 384
QUESTIONS = 30
# Bytes a passage took at most in our runs, with its vector, its words and the work of indexing.
BYTES = 12_000
HEADS = (
    *("passages", "index s", "search ms", "p95 ms"),
    *("words ms", "vectors ms", "sort ms", "partial sort ms", "MB"),
)


@dataclass(frozen=True)
class Figures:
    """One size: seconds to index, milliseconds of a search and its parts, memory at its highest."""

    passages: int
    index_seconds: float
    search_ms: float
    p95_ms: float
    lexical_ms: float
    dense_ms: float
    sort_ms: float
    partial_sort_ms: float
    megabytes: float


class RandomEncoder:
    """Unit vectors in random directions: search costs the same as with real ones."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 a text, made in parts, so that no copy doubles the memory."""
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        for start in range(0, len(texts), 10_000):
            part = vectors[start : start + 10_000]
            part[:] = self._random.standard_normal(part.shape, dtype=np.float32)
            part /= np.linalg.norm(part, axis=1, keepdims=True)
        return vectors


def synthetic(page: Page, count: int) -> Page:
    """A page of so many passages; the vocabulary grows with the root of their number."""
    random = np.random.default_rng(0)
    known = sorted({word for passage in page.passages for word in passage.text.split()})
    made_up = [f"w{number}" for number in range(int(30 * count**0.5))]
    vocabulary = np.array(known + made_up)
    lengths = random.integers(8, 30, size=count)
    # Zipf's law: the n-th most frequent word stands 1/n as often as the first.
    odds = 1 / np.arange(1, len(vocabulary) + 1)
    chosen = random.choice(len(vocabulary), size=int(lengths.sum()), p=odds / odds.sum())
    passages, position = [], 0
    for number, length in enumerate(lengths):
        text = " ".join(vocabulary[chosen[position : position + length]])
        position += length
        passages.append(Passage(f"p{number}", text, 0, len(text), ("Section",), ""))
    return Page(page.title, None, page.date, page.sha256, "", (), tuple(passages), ())


def milliseconds(call: object, rounds: int = 15) -> float:
    """The median time of a call."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()  # type: ignore[operator]
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


def measure(count: int) -> Figures:
    """Index so many passages in this process, and search them."""
    page = synthetic(load_page(ROOT / "data" / "source"), count)
    encoder = RandomEncoder()
    began = time.perf_counter()
    retriever = Retriever(page, encoder)
    index_seconds = time.perf_counter() - began
    questions = [message.text for message in load("dev")[:QUESTIONS]]
    vectors = encoder.encode(questions)
    took = []
    for question, vector in zip(questions, vectors, strict=True):
        began = time.perf_counter()
        retriever.search(question, 8, vector)
        took.append((time.perf_counter() - began) * 1000)
    matrix, vector = retriever._vectors, vectors[0]
    scores = matrix @ vector
    return Figures(
        count,
        index_seconds,
        median(took),
        float(np.percentile(took, 95)),
        milliseconds(lambda: [retriever._lexical(question) for question in questions], 3)
        / len(questions),
        milliseconds(lambda: matrix @ vector),
        milliseconds(lambda: np.argsort(-scores, kind="stable")[:8]),
        milliseconds(lambda: np.argpartition(-scores, 8)[:8]),
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def free_bytes() -> int:
    """Memory that is free on this machine."""
    with open("/proc/meminfo", encoding="ascii") as file:  # noqa: PTH123 - not a file of ours
        line = next(line for line in file if line.startswith("MemAvailable"))
    return int(line.split()[1]) * 1024


def main() -> int:
    """Measure each size and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--one", action="store_true", help="measure one size here, print JSON")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.sizes[0]).__dict__))
        return 0
    print(f"| {' | '.join(HEADS)} |\n|{'---:|' * len(HEADS)}")
    for size in options.sizes:
        if size * BYTES > free_bytes() * 0.8:
            print(f"| {size:,} | not measured: needs {size * BYTES / 1e9:.0f} GB free |")
            continue
        command = [sys.executable, "-m", "eval.growth", "--one", str(size)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
        if done.returncode:
            print(done.stderr[-500:], file=sys.stderr)
            return 1
        f = Figures(**json.loads(done.stdout.splitlines()[-1]))
        parts = (f.search_ms, f.p95_ms, f.lexical_ms, f.dense_ms, f.sort_ms, f.partial_sort_ms)
        shown = " | ".join(f"{part:.2f}" for part in parts)
        print(
            f"| {f.passages:,} | {f.index_seconds:.1f} | {shown} | {f.megabytes:,.0f} |", flush=True
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
