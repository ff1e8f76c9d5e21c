"""A phone in the terminal: `make sms-demo` starts the service with a stand-in for Twilio.

What is written goes through the real signed webhook; what comes back is shown with its segments.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping
from typing import Any

import httpx

from bot.text import sms_size
from tools.fake_twilio import FakeTwilio, Sent
from tools.serve import Stack
from tools.steps import StepError, report, say

NUMBER = "+13125550111"
SETTINGS = {"SMS_HOURLY_LIMIT": "1000"}
WELCOME = """
A phone. Write a text, as a family would; STOP, HELP, START, MORE and DELETE work. An empty line
sends an empty text, "video ..." one with a video. Ctrl-D ends.
"""


def poster(url: str) -> tuple[httpx.Client, Any]:
    """A client of a gateway, and what gives webhooks to it."""
    client = httpx.Client(base_url=url, timeout=20, trust_env=False)

    def post(path: str, body: str, headers: Mapping[str, str]) -> tuple[int, str]:
        response = client.post(path, content=body, headers=dict(headers))
        return response.status_code, response.text

    return client, post


def show(sent: Sent) -> None:
    """Print a message as the phone gets it."""
    size = sms_size(sent.body)
    how = "in the webhook's answer" if sent.direction == "outbound-reply" else "by REST"
    lines = "\n".join(f"    {line}" for line in sent.body.split("\n"))
    plural = "s" if size.segments > 1 else ""
    say(f"{lines}\n    [{size.encoding}, {size.units} of {size.segments} segment{plural}, {how}]\n")


def talk(fake: FakeTwilio) -> None:
    """Send each line that is written, until there are no more."""
    say(WELCOME)
    for line in sys.stdin:
        text, fields = line.rstrip("\n"), {}
        if text.startswith("video"):
            text, fields = text.removeprefix("video").strip(), {"NumMedia": "1"}
        if not sys.stdin.isatty():
            say(f"> {line.rstrip()}")
        status, _ = fake.text(NUMBER, text, **fields)
        if status != 200:
            say(f"The webhook answered {status}.")


def main() -> int:
    """Start everything, and talk."""
    lock = threading.Lock()

    def on_sent(sent: Sent) -> None:
        with lock:
            show(sent)

    say("Starting ...")
    try:
        with (
            FakeTwilio(auto=True, on_sent=on_sent) as fake,
            Stack({**SETTINGS, **fake.settings()}) as stack,
        ):
            client, fake.post = poster(stack.url)
            with client:
                talk(fake)
    except StepError as error:
        report(error)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    os.environ.pop("TWILIO_ACCOUNT_SID", None)
    sys.exit(main())
