"""The check of claims, measured: `make claims` prints how often it is right.

Two sets, each claim labelled true, false or null (no claim at all): those that the check was
developed on, and those that nobody had looked at when the figures were taken.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path

from bot.claims import ClaimChecker
from eval.metrics import Share

HERE = Path(__file__).parent
WORDS = {True: "true claims passed", False: "false claims refused", None: "no claim, told as such"}


@dataclass(frozen=True)
class Measured:
    """What the check made of one set.

    Attributes:
        shares: label to the share of texts that got it.
        wrong: (text, label, what the check said) of the others.
        milliseconds: of processor time a text.
    """

    shares: dict[bool | None, Share]
    wrong: tuple[tuple[str, bool | None, bool | None], ...]
    milliseconds: float


def load_sets() -> dict[str, list[tuple[str, bool | None]]]:
    """Name to (text, label); every second line of `claims_fresh.jsonl` is the unseen set."""
    read = {
        name: [
            (line["text"], line["supported"])
            for line in map(json.loads, (HERE / name).read_text(encoding="utf-8").splitlines())
        ]
        for name in ("claims.jsonl", "claims_fresh.jsonl")
    }
    fresh = read["claims_fresh.jsonl"]
    development = read["claims.jsonl"] + fresh[0::2]
    seen = {text.casefold() for text, _ in development}
    unseen = [(text, label) for text, label in fresh[1::2] if text.casefold() not in seen]
    return {"development": development, "unseen": unseen}


def measure(checker: ClaimChecker, rows: list[tuple[str, bool | None]]) -> Measured:
    """Check every text of a set."""
    start = time.process_time()
    said = [(text, label, checker.check(text).supported) for text, label in rows]
    taken = (time.process_time() - start) * 1000 / len(rows)
    shares = {}
    for label in WORDS:
        right = [found is label for _, given, found in said if given is label]
        shares[label] = Share(sum(right), len(right))
    wrong = tuple((text, given, found) for text, given, found in said if given is not found)
    return Measured(shares, wrong, taken)


def main() -> None:
    """Print the table, then what went wrong."""
    checker = ClaimChecker.load(HERE.parent / "data")
    for name, rows in load_sets().items():
        measured = measure(checker, rows)
        print(f"\n{name}: {len(rows)} texts, {measured.milliseconds:.0f} ms each")
        for label, share in measured.shares.items():
            print(f"  {WORDS[label]:24} {share}")
        for text, given, found in measured.wrong:
            print(f"    {given!s:5} taken for {found!s:5}  {text}")


if __name__ == "__main__":
    main()
