"""What "and for how long?" means after an answer: reviewed data, no guessing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content import read_yaml
from bot.errors import ContentError
from bot.source import Page
from bot.topics import TOPICS


@dataclass(frozen=True)
class Target:
    """Where a follow-up leads: to a topic, to a sentence of the page, or to a choice."""

    topic: str | None
    quote: str | None
    choices: tuple[str, ...]


FollowUps = Mapping[str, Mapping[str, Target]]


def load_follow_ups(path: Path, page: Page) -> FollowUps:
    """Read the table intent -> last topic -> target.

    Raises:
        ContentError: a topic is unknown, a quote does not stand on the page, or a target is empty.
    """
    table: dict[str, dict[str, Target]] = {}
    for intent, rows in read_yaml(path).items():
        table[intent] = {}
        for after, raw in rows.items():
            target = Target(raw.get("topic"), raw.get("quote"), tuple(raw.get("choices", ())))
            where = f"{path.name}, {intent} after {after}"
            named = {after, *target.choices} | ({target.topic} if target.topic else set())
            if named - set(TOPICS):
                raise ContentError(f"{where}: {sorted(named - set(TOPICS))} are no topics.")
            if target.quote and page.find(target.quote) is None:
                raise ContentError(f"{where}: the quote does not stand on the page.")
            if not target.topic and not target.choices:
                raise ContentError(f"{where}: leads nowhere.")
            table[intent][after] = target
    return table


def next_passage(page: Page, shown: tuple[str, ...]) -> str | None:
    """The first passage after the last shown one, in its section, that was not shown yet.

    Args:
        page: the source page.
        shown: literal quotes the family has seen, in the order they saw them.
    """
    spans = [span for span in map(page.find, shown) if span]
    if not spans:
        return None
    sections = {p.section for span in spans for p in page.passages_in(*span)}
    seen = {p.id for span in spans for p in page.passages_in(*span)}
    for passage in page.passages:
        if passage.section in sections and passage.id not in seen and passage.text[-1] != ":":
            return passage.text
    return None
