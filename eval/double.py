"""Two questions in one message: `python -m eval.double`.

Counts, on `double.jsonl`, how often both questions of a message are answered, and how often a long
message that asks one thing gets one answer. Topics a line accepts stand there in order.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from eval.messages import service
from eval.metrics import Share

# "Are you a robot" and "I want a nurse" are questions, too; a greeting beside an answer is none.
SMALL = ("bot_identity", "human")
PATH = Path(__file__).resolve().parent / "double.jsonl"


@dataclass(frozen=True)
class Several:
    """A message, and the topics that count as right for each of its questions."""

    text: str
    topics: tuple[tuple[str, ...], ...]


def load_several(path: Path = PATH) -> list[Several]:
    """The labelled messages."""
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [Several(raw["text"], tuple(map(tuple, raw["topics"]))) for raw in lines]


def answered(client: httpx.Client, message: Several) -> list[str]:
    """The topics that a reply answers, in order."""
    response = client.post("/api/messages", json={"text": message.text})
    response.raise_for_status()
    said = response.json()["messages"]
    return [
        m["topic"]
        for m in said
        if (m["kind"] in ("answer", "fallback") and m["topic"]) or m["topic"] in SMALL
    ]


def figures(messages: Sequence[Several], topics: Sequence[Sequence[str]]) -> dict[str, Share]:
    """How often both, in order; how often one of two alone; and one for one."""
    pairs = list(zip(messages, topics, strict=True))
    two = [(m, t) for m, t in pairs if len(m.topics) > 1]
    one = [(m, t) for m, t in pairs if len(m.topics) == 1]

    def right(message: Several, given: Sequence[str]) -> bool:
        return len(given) == len(message.topics) and all(
            topic in accepted for topic, accepted in zip(given, message.topics, strict=True)
        )

    wrong = [any(t not in sum(m.topics, ()) for t in given) for m, given in pairs]
    return {
        "two asked, both answered in order": Share(sum(right(m, t) for m, t in two), len(two)),
        "one asked, one answered": Share(sum(len(t) <= 1 for _, t in one), len(one)),
        "something answered that was not asked": Share(sum(wrong), len(pairs)),
    }


def main() -> int:
    """Print the figures, and with --errors what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="of a running service; one is started otherwise")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    messages = load_several()
    with service(options.url) as client:
        topics = [answered(client, message) for message in messages]
    for label, share in figures(messages, topics).items():
        print(f"{label:40} {share}")
    for message, given in zip(messages, topics, strict=True) if options.errors else ():
        if len(given) != len(message.topics):
            print(f"   {message.topics} -> {given} | {message.text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
