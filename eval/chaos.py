"""Families write while each part is killed in turn: `make chaos`.

The set-up of `tools.scale` runs for real. Web families walk the guided check over and over, where
a message that is lost or counts twice shows at once as the wrong next question; others write by
SMS. Each part is killed, and started again; then one Rasa is paused in the midst of its work, and
goes on. Fails where one message stayed without a reply, or counted twice.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from eval.sms_load import drive
from tools.fake_twilio import FakeTwilio
from tools.scale import ScaleStack
from tools.steps import say

# What a family says, and the step of the check that the reply must be; 9 is the card at its end.
WALK = (
    ("Could this be infantile spasms? Start the check.", 1),
    ("Yes", 2),
    ("5 months", 3),
    ("Arch their back", 4),
    ("Yes", 5),
    ("No", 6),
    ("Not sure", 7),
    ("This week", 8),
    ("Yes", 9),
)
PATIENCE = 90.0  # seconds after which a family has no reply
PAUSE = 0.15  # seconds between a reply and the next message
SMS_PER_SECOND = 2.0


@dataclass
class Tally:
    """What became of the messages of web families.

    Attributes:
        replies: right ones; slowest, in seconds.
        sent_again: attempts that met a dead gateway, as a load balancer would make them.
        helped: replies with the fixed help text, or that did not know the conversation; the family
            sent the message again.
        lost: messages without a reply.
        forgotten: messages whose turn the conversation has forgotten.
        twice: messages that counted twice.
        statuses: HTTP statuses other than 200.
    """

    replies: int = 0
    slowest: float = 0.0
    sent_again: int = 0
    helped: int = 0
    lost: int = 0
    forgotten: int = 0
    twice: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def line(self) -> str:
        """The tally in words."""
        return (
            f"web: {self.replies} replies, {self.lost} lost, {self.forgotten} forgotten,"
            f" {self.twice} counted twice,"
            f" {self.helped} help texts, {self.sent_again} attempts at a dead gateway,"
            f" slowest {self.slowest:.1f} s, other statuses {dict(self.statuses)}"
        )


def step_of(reply: Mapping[str, Any]) -> int | None:
    """The step of the check that a reply is; None where it is none."""
    last = reply["messages"][-1]
    if last["kind"] == "answer" and last["topic"] == "signs":
        return len(WALK)
    if last["kind"] != "choice":
        return None
    if "8 short questions" in last["text"]:
        return 1
    found = re.match(r"Question (\d) of 8", last["text"])
    return int(found[1]) if found else None


class Family:
    """A web family; where a gateway is dead, the load balancer asks the other one."""

    def __init__(self, number: int, clients: Sequence[httpx.Client], tally: Tally) -> None:
        self._turns = count(number)
        self._clients = clients
        self._tally = tally
        self._name = f"family-{number}"

    def talk(self, over: Callable[[], bool]) -> None:
        """Walk the check again and again, each time in a new conversation."""
        while not over():
            token: str | None = None
            for text, step in WALK:
                token = self._say(text, step, token)
                if token is None:
                    break
                time.sleep(PAUSE)

    def _say(self, text: str, step: int, token: str | None) -> str | None:
        """Send a message until its reply is there; None where the walk is spoilt."""
        key = f"{self._name}-{next(self._turns)}"
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            reply = self._post(text, token, key)
            if reply is None:
                continue
            got = step_of(reply)
            with self._tally.lock:
                if got == step:
                    self._tally.replies += 1
                    self._tally.slowest = max(self._tally.slowest, time.monotonic() - began)
                    return str(reply["conversation"])
                if got is not None:
                    self._tally.twice += got > step
                    self._tally.forgotten += got < step
                    return None
                self._tally.helped += 1
            if step > 1:
                token = str(reply["conversation"])
            time.sleep(1.0)
        with self._tally.lock:
            self._tally.lost += 1
        return None

    def _post(self, text: str, token: str | None, key: str) -> dict[str, Any] | None:
        client = self._clients[next(self._turns) % len(self._clients)]
        body = {"text": text, "conversation": token, "channel": "web"}
        try:
            response = client.post("/api/messages", json=body, headers={"Idempotency-Key": key})
        except httpx.HTTPError:
            with self._tally.lock:
                self._tally.sent_again += 1
            time.sleep(0.1)
            return None
        if response.status_code != httpx.codes.OK:
            with self._tally.lock:
                self._tally.statuses[response.status_code] += 1
            return None
        with self._tally.lock:
            self._tally.models[response.headers.get("X-Model-Version", "")] += 1
        reply: dict[str, Any] = response.json()
        return reply


def webhooks(clients: Sequence[httpx.Client]) -> Callable[..., tuple[int, str]]:
    """Gives webhooks to a gateway, and to the other one where it is dead, as carriers can."""
    turns = count()

    def post(path: str, body: str, headers: Mapping[str, str]) -> tuple[int, str]:
        first = next(turns)
        for attempt in range(10 * len(clients)):
            client = clients[(first + attempt) % len(clients)]
            try:
                response = client.post(path, content=body, headers=dict(headers))
            except httpx.HTTPError:
                time.sleep(0.2)
                continue
            return response.status_code, response.text
        return 0, ""

    return post


def kill_each(
    stack: ScaleStack, names: Sequence[str], down: float, number: int = signal.SIGKILL
) -> None:
    """Kill each part, let it lie for some seconds, and start it again.

    Args:
        stack: runs.
        names: of the parts.
        down: seconds.
        number: signal that ends a process of ours.
    """
    for name in names:
        say(f"  {name} is killed")
        if name in ("postgres", "redis"):
            server = stack.postgres if name == "postgres" else stack.redis
            server.kill()
            time.sleep(down)
            server.start()
        else:
            stack.kill(name, number)
            time.sleep(down)
            stack.start(name)
        stack.wait_ready()
        time.sleep(2.0)


def pause(stack: ScaleStack, name: str, seconds: float) -> None:
    """Stop a process in the midst of its work, and let it go on."""
    say(f"  {name} is paused for {seconds:.0f} s")
    os.killpg(stack.pids[name], signal.SIGSTOP)
    time.sleep(seconds)
    os.killpg(stack.pids[name], signal.SIGCONT)
    stack.wait_ready()
    time.sleep(2.0)


PARTS = (
    *("rasa1", "actions1", "gateway1", "rasa2", "actions2", "gateway2"),
    *("redis", "postgres"),
)


def load(
    stack: ScaleStack, families: int, trouble: Callable[[], None], fake: FakeTwilio | None = None
) -> tuple[Tally, bool]:
    """Let families write while trouble is made; gives their tally, and whether SMS was good.

    Args:
        stack: runs.
        families: on the web.
        trouble: returns when it is over.
        fake: carrier of the families that write by SMS; None for none.
    """
    tally, over = Tally(), threading.Event()
    clients = [httpx.Client(base_url=url, timeout=20, trust_env=False) for url in stack.urls]
    sms_good = True
    with ThreadPoolExecutor(families + 1) as pool:
        talks = [
            pool.submit(Family(number, clients, tally).talk, over.is_set)
            for number in range(families)
        ]
        run = None
        if fake:
            fake.post = webhooks(clients)
            run = pool.submit(drive, fake, SMS_PER_SECOND, over.is_set)
        try:
            time.sleep(2.0)
            trouble()
        finally:
            over.set()
        for talk in talks:
            talk.result()
        if run:
            seen = run.result()
            say("\n".join(seen.lines("sms")))
            sms_good = not seen.lost and not seen.twice and set(seen.statuses) == {200}
    for client in clients:
        client.close()
    return tally, sms_good


def main() -> int:
    """Run; 1 where something was lost or counted twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=6)
    parser.add_argument("--down", type=float, default=5.0, help="seconds that a part lies dead")
    parser.add_argument("parts", nargs="*", default=list(PARTS))
    options = parser.parse_args()
    limits = {"SMS_HOURLY_LIMIT": "1000", "SMS_DAILY_SEGMENTS": "1000000"}
    with FakeTwilio(auto=True) as fake, ScaleStack({**limits, **fake.settings()}) as stack:

        def trouble() -> None:
            kill_each(stack, options.parts, options.down)
            pause(stack, "rasa1", 5.0)

        tally, sms_good = load(stack, options.families, trouble, fake)
    say(tally.line())
    spoilt = tally.lost or tally.forgotten or tally.twice or tally.statuses
    return 0 if sms_good and not spoilt else 1


if __name__ == "__main__":
    sys.exit(main())
