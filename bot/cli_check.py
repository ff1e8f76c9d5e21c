"""The command `check`: does the page say it? Needs no running service and no encoder."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.claims import ClaimChecker
from bot.errors import BotError
from bot.text import whole


def add_check(commands: Any) -> None:
    """Add the command to the subparsers of the command line."""
    check = commands.add_parser("check", help="tell which sentences of a text the page supports")
    check.add_argument("text", nargs="?", help="a text")
    check.add_argument("--jsonl", type=Path, help='lines of {"id", "text"}; each a text')


def check(data_dir: Path, options: argparse.Namespace) -> int:
    """Print one JSON object a text, in order.

    Raises:
        BotError: no text is given, or a line or file cannot be read.
    """
    if (options.text is None) == (options.jsonl is None):
        raise BotError('check needs either a text or --jsonl FILE, e.g. check "ACTH is a shot."')
    checker = ClaimChecker.load(data_dir)
    for id, text in _texts(options):
        print(json.dumps(checker.check(whole(text)).as_json(id), ensure_ascii=False), flush=True)
    return 0


def _texts(options: argparse.Namespace) -> Iterator[tuple[Any, str]]:
    """(id, text) of each line, or of the one text."""
    if options.jsonl is None:
        yield None, options.text
        return
    try:
        lines = options.jsonl.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BotError(f"{options.jsonl} cannot be read: {error}") from error
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        try:
            line = json.loads(raw)
            id, text = line["id"], line["text"]
        except (ValueError, KeyError, TypeError):
            text = None
        if not isinstance(text, str):
            raise BotError(f'{options.jsonl}, line {number}: needs {{"id": ..., "text": "..."}}.')
        yield id, text
