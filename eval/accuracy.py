"""How often the topic is right: `make accuracy`.

Counts strict routine messages with labelled topics, as they come back over HTTP.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from eval.messages import SETS, Labelled, ask_all, load, offered, service

OUT_OF_SCOPE = {"other_medical", "off_topic"}


def judge(message: Labelled, reply: dict[str, Any]) -> tuple[bool, bool, bool]:
    """(right at first, right within what is offered, answered with confidence and wrong)."""
    first = reply["topic"] in message.topics
    within = first or any(topic in message.topics for topic in offered(reply))
    return first, within, reply["topic"] is not None and not first


def table(name: str, messages: Sequence[Labelled], replies: Sequence[dict[str, Any]]) -> list[str]:
    """Lines of figures for one set, by language."""
    lines = []
    for lang in ("en", "es"):
        rows = [
            (m, r)
            for m, r in zip(messages, replies, strict=True)
            if m.strict and m.level == "routine" and m.topics and m.lang.startswith(lang)
        ]
        if not rows:
            continue
        judged = [judge(m, r) for m, r in rows]
        outside = [r for m, r in rows if set(m.topics) <= OUT_OF_SCOPE]
        as_inside = sum(r["messages"][-1]["kind"] == "answer" for r in outside)
        n = len(rows)
        lines.append(
            f"{name:8} {lang}  n={n:3}  right at first {sum(j[0] for j in judged) / n:6.1%}"
            f"  within what is offered {sum(j[1] for j in judged) / n:6.1%}"
            f"  wrong {sum(j[2] for j in judged) / n:6.1%}"
            f"  out of scope answered {as_inside}/{len(outside)}"
        )
    return lines


def main() -> int:
    """Print the figures, and with --errors what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="of a running service; one is started otherwise")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    with service(options.url) as client:
        for name in SETS:
            messages = load(name)
            replies = ask_all(client, messages)
            print("\n".join(table(name, messages, replies)))
            if options.errors:
                for m, r in zip(messages, replies, strict=True):
                    if m.strict and m.level == "routine" and m.topics and not judge(m, r)[0]:
                        got = f"{r['urgency']} {r['topic']} {offered(r)}"
                        print(f"   {m.lang} {m.topics} -> {got} | {m.text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
