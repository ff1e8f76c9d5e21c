"""Many families at once, by locust: `python -m eval.load --url URL --channel ours --users 8`.

A process of its own, which nothing else imports: locust changes sockets and threads in it.
Prints one line of JSON, an `eval.timing.Load`.
"""

from __future__ import annotations

# Before all else: it makes sockets cooperative.
import locust  # isort: skip

import argparse
import json
import random
import sys
import time
from dataclasses import asdict
from typing import Any

import gevent
from locust.env import Environment

from eval.messages import load
from eval.running import Channel, channel
from eval.timing import Load, Seen, reckon

TURNS = 6  # of a conversation, before the family is another one
WARM_SECONDS = 2.0


def routine() -> list[str]:
    """English questions as families ask them; danger would skip the engine, and is no load."""
    return [m.text for m in load("dev") if m.level == "routine" and m.lang == "en"]


def family(way: Channel, texts: list[str], seen: list[Seen]) -> type[Any]:
    """A locust user that writes again as soon as the reply is there.

    Args:
        way: how a message goes in.
        texts: to choose from.
        seen: gets every message.
    """

    class Family(locust.FastHttpUser):
        wait_time = locust.constant(0)

        @locust.task
        def talk(self) -> None:
            conversation = way.begin()
            for text in random.choices(texts, k=TURNS):
                began, good = time.perf_counter(), False
                body = way.body(conversation, text)
                with self.client.post(way.path, json=body, catch_response=True) as response:
                    try:
                        conversation = way.read(response.json(), conversation)
                        good = response.status_code == 200
                    except (ValueError, KeyError, TypeError):
                        response.failure("no answer")
                ended = time.perf_counter()
                seen.append(Seen(ended, (ended - began) * 1000, good))

    return Family


def run(url: str, way: Channel, users: int, seconds: float) -> Load:
    """Let families talk for some seconds."""
    seen: list[Seen] = []
    environment = Environment(user_classes=[family(way, routine(), seen)], host=url)
    runner = environment.create_local_runner()
    runner.start(users, spawn_rate=users)
    gevent.sleep(WARM_SECONDS)
    began = time.perf_counter()
    gevent.sleep(seconds)
    ended = time.perf_counter()
    runner.quit()
    return reckon(users, seen, began, ended)


def main() -> int:
    """Run one load."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--channel", choices=("ours", "rasa"), default="ours")
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    found = run(options.url, channel(options.channel), options.users, options.seconds)
    print(json.dumps(asdict(found)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
