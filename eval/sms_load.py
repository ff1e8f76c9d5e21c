"""The load run: 20 messages a second for a minute, through the real service.

`make sms-load` on SQLite and on PostgreSQL. Prints how many were answered and how fast, and fails
where one was lost or late: every webhook within 6 s, every reply out within 30 s.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

import numpy as np

from eval.messages import load
from tools.fake_twilio import FakeTwilio, Sent
from tools.postgres import Postgres
from tools.serve import Stack
from tools.sms_demo import poster

PER_SECOND = 20
SECONDS = 60
FAMILIES = 300
WEBHOOK_LIMIT = 6.0
REPLY_LIMIT = 30.0


@dataclass
class Run:
    """What was seen of one run; times are seconds.

    Attributes:
        webhooks: how long each took.
        replies: from a message to its last reply, by number and in order.
        statuses: of the webhooks.
        by_rest: messages that came by the REST API and not in a webhook's answer.
    """

    webhooks: list[float] = field(default_factory=list)
    replies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    by_rest: int = 0
    lost: int = 0
    twice: int = 0

    @property
    def good(self) -> bool:
        """Nothing was lost, late or sent twice."""
        return (
            not self.lost
            and not self.twice
            and set(self.statuses) == {200}
            and max(self.webhooks) <= WEBHOOK_LIMIT
            and max(self.replies) <= REPLY_LIMIT
        )

    def lines(self, name: str) -> list[str]:
        """The run in words."""
        webhook = np.percentile(self.webhooks, [50, 95, 100])
        reply = np.percentile(self.replies, [50, 95, 100])
        return [
            f"{name}: {len(self.webhooks)} messages, {self.lost} lost, {self.twice} sent twice,"
            f" {self.by_rest} replies by REST",
            "  webhook answered  p50 {:.2f} s  p95 {:.2f} s  max {:.2f} s".format(*webhook),
            "  reply out         p50 {:.2f} s  p95 {:.2f} s  max {:.2f} s".format(*reply),
        ]


def drive(fake: FakeTwilio, per_second: float, until: float | Callable[[], bool]) -> Run:
    """Send messages at a steady pace, and wait until each has its reply.

    Args:
        fake: the carrier.
        per_second: how many.
        until: seconds, or what tells that it is enough.
    """
    run, lock = Run(), threading.Lock()
    asked: dict[str, tuple[str, float]] = {}
    first: dict[str, float] = {}
    kinds: defaultdict[str, set[str]] = defaultdict(set)

    def on_sent(sent: Sent) -> None:
        # The callback names the message that is answered, and the place in its reply.
        name = sent.callback.partition("inbound=")[2]
        sid = name.partition("&")[0]
        with lock:
            run.twice += name in kinds[sid]
            kinds[sid].add(name)
            run.by_rest += sent.direction == "outbound-api"
            first.setdefault(sid, time.monotonic())

    fake.on_sent = on_sent
    texts = [message.text for message in load("dev") if message.text.strip()]

    def ask(count: int) -> None:
        number = f"+1312{5_560_000 + count % FAMILIES:07}"
        sid = f"SM{count:032}"
        began = time.monotonic()
        with lock:
            asked[sid] = (number, began)
        status, _ = fake.text(number, texts[count % len(texts)], sid)
        with lock:
            run.webhooks.append(time.monotonic() - began)
            run.statuses[status] += 1

    with ThreadPoolExecutor(max_workers=150) as pool:
        began = time.monotonic()
        for count in itertools.count():
            if until() if callable(until) else count >= int(per_second * until):
                break
            time.sleep(max(0.0, began + count / per_second - time.monotonic()))
            pool.submit(ask, count)
    end = time.monotonic() + REPLY_LIMIT
    while time.monotonic() < end and len(first) < len(asked):
        time.sleep(0.1)
    run.lost = len(set(asked) - set(first))
    run.replies = [first[sid] - at for sid, (_, at) in asked.items() if sid in first]
    return run


def main() -> int:
    """Run on the databases that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("databases", nargs="*", default=["sqlite", "postgresql"])
    parser.add_argument("--per-second", type=float, default=PER_SECOND)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    options = parser.parse_args()
    good = True
    for name in options.databases:
        with ExitStack() as stack:
            fake = stack.enter_context(FakeTwilio(auto=True))
            environ = {"SMS_HOURLY_LIMIT": "1000", "SMS_DAILY_SEGMENTS": "1000000"}
            if name == "postgresql":
                environ["DATABASE_URL"] = stack.enter_context(Postgres()).create("load")
            service = stack.enter_context(Stack({**environ, **fake.settings()}))
            client, fake.post = poster(service.url)
            stack.enter_context(client)
            run = drive(fake, options.per_second, options.seconds)
        print("\n".join(run.lines(name)), flush=True)
        good &= run.good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
