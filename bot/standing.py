"""What rests on words of the page, beside the answers; and what is lost when the page changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.content import read_yaml
from bot.glossary import stands
from bot.source import Page

GLOSSARY = Path("glossary.yml")
TRANSLATIONS = Path("source") / "iess.es.yml"
FOLLOW_UPS = Path("follow_ups.yml")
PARAPHRASES = Path("claims") / "paraphrases.yml"


@dataclass(frozen=True)
class Lost:
    """Something that a page no longer carries: the file it stands in, and the page's old words."""

    file: str
    words: str


def lost_rests(folder: Path, page: Page) -> list[Lost]:
    """Entries of the other files whose words no longer stand on a page, in file order."""
    return [lost for path, _, found in _filtered(folder, page) for lost in _named(path, found)]


def drop_lost(folder: Path, page: Page) -> None:
    """Leave out of a folder's files what no longer stands on its page."""
    for path, kept, found in _filtered(folder, page):
        if found:
            (folder / path).unlink()
            text = yaml.safe_dump(kept, allow_unicode=True, sort_keys=False)
            (folder / path).write_text(text, encoding="utf-8")


def _named(path: Path, words: list[str]) -> Iterator[Lost]:
    return (Lost(path.as_posix(), text) for text in words)


def _filtered(folder: Path, page: Page) -> Iterator[tuple[Path, Any, list[str]]]:
    """(file, its contents without what is lost, the lost words)."""
    raw = read_yaml(folder / GLOSSARY)
    kept = [entry for entry in raw if stands(entry["page"], page)]
    yield GLOSSARY, kept, [e["page"] for e in raw if e not in kept]

    raw = read_yaml(folder / TRANSLATIONS)
    pieces = {k: v for k, v in raw["translations"].items() if page.find(k)}
    lost = [k for k in raw["translations"] if k not in pieces]
    yield TRANSLATIONS, {**raw, "translations": pieces}, lost

    raw, lost = read_yaml(folder / FOLLOW_UPS), []
    for rows in raw.values():
        for target in rows.values():
            if target.get("quote") and page.find(target["quote"]) is None:
                lost.append(target.pop("quote"))
        # A quote that is lost leaves its topic; a target with neither leads nowhere.
        for after in [a for a, t in rows.items() if not t.get("topic") and not t.get("choices")]:
            del rows[after]
    yield FOLLOW_UPS, raw, lost

    raw = read_yaml(folder / PARAPHRASES)
    passages = {p.text.rstrip(".:") for p in page.passages}
    kept = [entry for entry in raw if entry["page"].rstrip(".:") in passages]
    yield PARAPHRASES, kept, [e["page"] for e in raw if e not in kept]
