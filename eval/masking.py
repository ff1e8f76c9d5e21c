"""How much of what identifies a family the masker finds, and what it masks in vain.

`python -m eval.masking [--misses]`. eval/masking.jsonl marks in each message what must go
({Theo|name}) and what must stay ({5 months|keep}). Its author wrote the masker, too: `tuned` was in
view when the lists were made, `unseen` was measured first when they were done.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.glossary import load_glossary
from bot.masking import KINDS, LABEL, Masker
from bot.settings import ROOT
from bot.source import load_page

DATA = ROOT / "data"
MARK = re.compile(r"\{([^|}]+)\|(\w+)\}")
PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(KINDS)})\]")


@dataclass(frozen=True)
class Marked:
    """A message with its marks.

    Attributes:
        text: as the family wrote it.
        goes: (text, kind) that must be masked.
        stays: texts that must be left.
    """

    id: str
    set: str
    lang: str
    text: str
    goes: tuple[tuple[str, str], ...]
    stays: tuple[str, ...]


def load(path: Path = ROOT / "eval" / "masking.jsonl") -> list[Marked]:
    """The messages."""
    messages = []
    for line in path.read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        marks = [(m.group(1), m.group(2)) for m in MARK.finditer(raw["text"])]
        messages.append(
            Marked(
                raw["id"],
                raw["set"],
                raw["lang"],
                MARK.sub(r"\1", raw["text"]),
                tuple(mark for mark in marks if mark[1] != "keep"),
                tuple(text for text, kind in marks if kind == "keep"),
            )
        )
    return messages


def leaks(message: Marked, masked: str) -> Iterator[tuple[str, str]]:
    """What must be masked and has left a word or a number; a particle of a name says nothing."""
    left = Counter(re.findall(r"\w+", PLACEHOLDER.sub(" ", masked)))
    whole = Counter(re.findall(r"\w+", message.text))
    for text, kind in message.goes:
        parts = [part for part in re.findall(r"\w+", text) if len(part) > 2 or part.isdigit()]
        if any(left[part] and left[part] >= whole[part] for part in parts):
            yield text, kind


def lost(message: Marked, masked: str) -> list[str]:
    """What must stay and was masked."""
    return [text for text in message.stays if text not in masked]


def measure(masker: Masker, messages: Sequence[Marked], misses: bool) -> None:
    """Print recall by set, language and kind, and the share of terms that were left."""
    by_mark: defaultdict[tuple[str, str, str], list[bool]] = defaultdict(list)
    placeholders = words = 0
    for message in messages:
        masked = masker.mask(message.text)
        leaked, gone = list(leaks(message, masked)), lost(message, masked)
        for mark in message.goes:
            by_mark[message.set, message.lang, mark[1]].append(mark not in leaked)
        for text in message.stays:
            by_mark[message.set, message.lang, "keep"].append(text not in gone)
        placeholders += max(0, len(PLACEHOLDER.findall(masked)) - len(message.goes))
        words += len(message.text.split())
        if misses and (leaked or gone):
            print(f"  {message.id} leaked {leaked} lost {gone}: {masked}")
    for (name, lang, kind), shares in sorted(by_mark.items()):
        print(f"{name:7}{lang:4}{kind:9}{sum(shares):4} of {len(shares)}")
    for name in sorted({key[0] for key in by_mark}):
        for what in ("masked", "left"):
            marks = [
                right
                for key, shares in by_mark.items()
                if key[0] == name and (key[2] == "keep") == (what == "left")
                for right in shares
            ]
            print(f"{name}: {what} {sum(marks)} of {len(marks)} ({sum(marks) / len(marks):.1%})")
    print(f"placeholders too many: {placeholders} in {words} words")
    print(f"({LABEL})")


def main(arguments: Sequence[str]) -> int:
    """Measure."""
    parser = argparse.ArgumentParser(prog="python -m eval.masking", description=__doc__)
    parser.add_argument("--misses", action="store_true", help="print what was missed")
    parser.add_argument("--set", choices=("tuned", "unseen"), help="one set only")
    options = parser.parse_args(arguments)
    page = load_page(DATA / "source")
    masker = Masker(DATA, page, load_glossary(DATA / "glossary.yml", page))
    chosen = [m for m in load() if options.set in (None, m.set)]
    measure(masker, chosen, options.misses)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
