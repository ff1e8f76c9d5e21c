"""The labelled messages, and a running service to ask.

They are kept out of all training data and rules (a test checks it). Fields: text, lang,
level, accept_levels, strict, topics, must_show, tags.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bot.errors import ConfigError

FOLDER = Path(__file__).resolve().parent
# Patient: a busy machine must not look like a bot that does not know. Speed is `make latency`.
START_SECONDS, TIMEOUT = 600.0, 60.0
ENVIRON = {"ENGINE_TIMEOUT": "50"}
# Limits are chosen on these, and their messages may be shown: of the last set, only totals.
TUNED = ("dev", "fresh", "heldout", "blind")
# A set that is not there is left out.
SETS = tuple(n for n in (*TUNED, "unseen") if (FOLDER / f"{n}.jsonl").exists())


@dataclass(frozen=True)
class Labelled:
    """A message with the labels that count as right."""

    id: str
    text: str
    lang: str
    level: str
    accept_levels: tuple[str, ...]
    strict: bool
    topics: tuple[str, ...]
    must_show: tuple[str, ...]
    tags: tuple[str, ...]


def load(name: str) -> list[Labelled]:
    """One of the sets.

    Raises:
        ConfigError: the file is missing or a line lacks a field.
    """
    path = FOLDER / f"{name}.jsonl"
    found = []
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            raw = json.loads(line)
            found.append(
                Labelled(
                    id=raw["id"],
                    text=raw["text"],
                    lang=raw["lang"],
                    level=raw["level"],
                    accept_levels=tuple(raw["accept_levels"]),
                    strict=raw.get("strict", len(raw["accept_levels"]) == 1),
                    topics=tuple(raw.get("topics", ())),
                    must_show=tuple(raw.get("must_show", ())),
                    tags=tuple(raw.get("tags", ())),
                )
            )
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    return found


def options(description: str | None, out: Path) -> argparse.Namespace:
    """What every measurement over HTTP can be told: `url`, `errors`, `out`.

    Args:
        description: of the command.
        out: where its JSON goes unless told otherwise.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--url", help="of a running service; one is started otherwise")
    parser.add_argument("--errors", action="store_true", help="print what went wrong")
    parser.add_argument("--out", type=Path, default=out, help="JSON to write")
    return parser.parse_args()


def write_report(report: Mapping[str, Any], out: Path) -> None:
    """Write figures as JSON."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@contextmanager
def service(url: str | None) -> Iterator[httpx.Client]:
    """A client of the service at an address, or of one started for the occasion.

    Args:
        url: of a running service; None starts the whole stack on free ports.
    """
    if url:
        with httpx.Client(base_url=url, timeout=TIMEOUT) as client:
            yield client
        return
    from tools.serve import Stack

    with (
        Stack(ENVIRON, start_seconds=START_SECONDS) as stack,
        httpx.Client(base_url=stack.url, timeout=TIMEOUT) as client,
    ):
        yield client


def ask_all(client: httpx.Client, messages: Sequence[Labelled]) -> list[dict[str, Any]]:
    """The reply to each message, each in a fresh conversation."""
    replies = []
    for message in messages:
        response = client.post("/api/messages", json={"text": message.text})
        response.raise_for_status()
        replies.append(response.json())
    return replies


def offered(reply: Mapping[str, Any]) -> list[str]:
    """Topics that a reply answers, or offers as a choice."""
    topics = []
    for message in reply["messages"]:
        if message["kind"] == "choice":
            topics += [button["topic"] for button in message["buttons"]]
        elif message["topic"]:
            topics.append(message["topic"])
    return topics
