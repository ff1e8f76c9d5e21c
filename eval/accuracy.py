"""How often the topic is right: `make accuracy`.

Counts strict routine messages with labelled topics, as they come back over HTTP.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.topics import FALLBACKS, TOPICS
from eval.messages import (
    SETS,
    TUNED,
    Labelled,
    ask_all,
    load,
    offered,
    options,
    service,
    write_report,
)
from eval.metrics import Share

LANGUAGES = ("en", "es")
Row = tuple[Labelled, dict[str, Any]]


@dataclass(frozen=True)
class Verdict:
    """On one reply.

    Attributes:
        first: its topic is right.
        within: its topic or one it offers is right.
        answered: it has a topic: neither a choice nor safety alone.
        plain: it is answered, and nothing else that it may have meant is offered.
        outside: the message is one that the page does not answer.
        as_inside: that message was answered as if the page did.
    """

    first: bool
    within: bool
    answered: bool
    plain: bool
    outside: bool
    as_inside: bool

    @property
    def wrong(self) -> bool:
        """A topic was given, and it is not the right one."""
        return self.answered and not self.first


def judge(message: Labelled, reply: Mapping[str, Any]) -> Verdict:
    """Compare a reply with the labels of its message."""
    first = reply["topic"] in message.topics
    outside = set(message.topics) <= set(FALLBACKS)
    answered = reply["topic"] is not None
    return Verdict(
        first=first,
        within=first or any(topic in message.topics for topic in offered(reply)),
        answered=answered,
        plain=answered and all(m["kind"] != "choice" for m in reply["messages"]),
        outside=outside,
        as_inside=outside and any(m["kind"] == "answer" for m in reply["messages"]),
    )


def counts(message: Labelled) -> bool:
    """Whether a message is one of those that topics are counted on.

    A follow-up without what it follows has no topic of the contract, and no answer.
    """
    topics = any(topic in TOPICS for topic in message.topics)
    return message.strict and message.level == "routine" and topics


def figures(rows: Sequence[Row], lang: str) -> dict[str, Share]:
    """The figures of one language; empty where there is no message in it."""
    verdicts = [judge(m, r) for m, r in rows if counts(m) and m.lang.startswith(lang)]
    if not verdicts:
        return {}
    answered = [v for v in verdicts if v.answered]
    plain = [v for v in verdicts if v.plain]
    outside = [v for v in verdicts if v.outside]
    inside = [v for v in verdicts if not v.outside]
    return {
        "right at first": Share(sum(v.first for v in verdicts), len(verdicts)),
        "right at first, in scope": Share(sum(v.first for v in inside), len(inside)),
        "right within what is offered": Share(sum(v.within for v in verdicts), len(verdicts)),
        "wrong of those answered": Share(sum(v.wrong for v in answered), len(answered)),
        "answered plainly": Share(len(plain), len(verdicts)),
        "wrong of plain answers": Share(sum(v.wrong for v in plain), len(plain)),
        "out of scope as in scope": Share(sum(v.as_inside for v in outside), len(outside)),
    }


def main() -> int:
    """Print the figures, and with --errors what went wrong."""
    given = options(__doc__, Path("reports/accuracy.json"))
    report: dict[str, Any] = {}
    with service(given.url) as client:
        for name in SETS:
            messages = load(name)
            rows = list(zip(messages, ask_all(client, messages), strict=True))
            for lang in LANGUAGES:
                found = figures(rows, lang)
                for label, share in found.items():
                    print(f"{name:8} {lang}  {label:30} {share}")
                report[f"{name} {lang}"] = {k: [v.k, v.n, *v.interval] for k, v in found.items()}
            for m, r in rows if given.errors and name in TUNED else ():
                if counts(m) and not judge(m, r).first:
                    got = f"{r['urgency']} {r['topic']} {offered(r)}"
                    print(f"   {m.lang} {m.topics} -> {got} | {m.text}")
    write_report(report, given.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
