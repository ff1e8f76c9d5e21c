"""The regression gate: headline figures of our own pipeline, held to what they were.

`eval/headline.yml` holds each figure with its 95 % interval as it was last accepted. A change
that takes one beyond its interval fails, with the table of what got worse. `make headline`
measures and writes the file anew; its diff is then part of the change.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.content import read_yaml
from bot.desk import open_desk
from bot.glossary import load_glossary
from bot.retrieval import Retriever
from bot.settings import load_settings
from eval.accuracy import LANGUAGES, Row, figures
from eval.messages import SETS, ask_all, load, service
from eval.metrics import Share
from eval.search import load_questions, rank
from eval.texts import grounded

STORED = Path(__file__).parent / "headline.yml"
LESS_IS_BETTER = ("wrong", "out of scope")
# The encoder is trained anew on each machine, which moves a figure by a point or two.
ROOM = 0.02
HEADER = """\
# Headline figures as last accepted: k of n, and what CI holds them to: the 95 % interval with room
# for a retrained encoder.
# Written by `make headline`; a change that lowers one says why.
"""


@dataclass(frozen=True)
class Worse:
    """A figure that left its interval, or can no longer be compared."""

    name: str
    before: str
    now: str
    why: str


def search_figures(retriever: Retriever) -> dict[str, Share]:
    """How often search has the passage first, and among the first three."""
    ranks = [rank(question, retriever) for question in load_questions()]
    return {
        f"search hit@{place}": Share(sum(r is not None and r <= place for r in ranks), len(ranks))
        for place in (1, 3)
    }


def headline(rows: Mapping[str, Sequence[Row]]) -> dict[str, Share]:
    """All headline figures of this state.

    Args:
        rows: messages with replies, by set.
    """
    settings = load_settings()
    desk = open_desk(settings)
    library = desk.composer.library
    glossary = load_glossary(settings.data_dir / "glossary.yml", library.page)
    found = {
        f"{name} {lang}, {label}": share
        for name, part in rows.items()
        for lang in LANGUAGES
        for label, share in figures(part, lang).items()
    }
    found |= search_figures(desk.composer.retriever)
    return found | {"sentences grounded": grounded(library, glossary)[0]}


def got_worse(now: Mapping[str, Share], path: Path = STORED) -> list[Worse]:
    """Figures beyond the interval they were accepted with.

    Args:
        now: as `headline` gives them.
        path: the accepted figures.
    """
    found = []
    for name, raw in read_yaml(path).items():
        before, (low, high) = Share(raw["k"], raw["n"]), raw["interval"]
        share = now.get(name)
        if share is None or not share.n:
            found.append(Worse(name, str(before), "-", "no longer measured"))
        elif any(word in name for word in LESS_IS_BETTER):
            if share.value > high:
                found.append(Worse(name, str(before), str(share), f"over {high:.1%}"))
        elif share.value < low:
            found.append(Worse(name, str(before), str(share), f"under {low:.1%}"))
    found += [
        Worse(name, "-", str(share), "not in headline.yml")
        for name, share in now.items()
        if name not in read_yaml(path)
    ]
    return found


def table(worse: Sequence[Worse]) -> str:
    """What got worse, for a person to read."""
    lines = [f"{'figure':46} {'accepted':34} {'now':34} why"]
    lines += [f"{w.name:46} {w.before:34} {w.now:34} {w.why}" for w in worse]
    return "\n".join([*lines, "Where this is meant, run `make headline` and say why."])


def with_room(low: float, high: float) -> list[float]:
    """The interval, wider by ROOM on both sides."""
    return [round(max(0.0, low - ROOM), 4), round(min(1.0, high + ROOM), 4)]


def write(now: Mapping[str, Share], path: Path = STORED) -> None:
    """Accept the figures."""
    stored = {
        name: {"k": s.k, "n": s.n, "interval": with_room(*s.interval)} for name, s in now.items()
    }
    text = yaml.safe_dump(stored, sort_keys=False, default_flow_style=None, width=120)
    path.write_text(HEADER + text, encoding="utf-8")


def main() -> int:
    """Measure, show what got worse, and accept the figures."""
    rows = {}
    with service(None) as client:
        for name in SETS:
            messages = load(name)
            rows[name] = list(zip(messages, ask_all(client, messages), strict=True))
    now = headline(rows)
    worse = got_worse(now) if STORED.exists() else []
    write(now)
    for name, share in now.items():
        print(f"{name:46} {share}")
    if worse:
        print(f"\nAccepted although worse or new:\n{table(worse)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
