"""`python -m bot inbox export`: accepted questions as training examples for review."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from bot.examples import by_language
from bot.settings import Settings


def add_inbox(commands: Any) -> None:
    """Add the command to the parser's subcommands."""
    inbox = commands.add_parser("inbox", help="questions that staff have given a topic")
    actions = inbox.add_subparsers(dest="action", required=True)
    export = actions.add_parser("export", help="write them as training examples, for review")
    export.add_argument("folder", type=Path, help="where inbox-en.yml and inbox-es.yml go")


def inbox(settings: Settings, options: argparse.Namespace) -> int:
    """Write a file for each language that has accepted questions."""
    # Only here: the command line starts without a database.
    from bot.store import Inbox, Store

    store = Store(settings.database_url)
    try:
        rows = [(r.lang, r.right_topic or "", r.text) for r in Inbox(store.engine).accepted()]
    finally:
        store.close()
    files = by_language(rows)
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    for lang, text in files.items():
        path = folder / f"inbox-{lang}.yml"
        path.write_text(text, encoding="utf-8")
        print(
            f"{path}: {sum(row[0] == lang for row in rows)} questions; read each before it is used"
        )
    if not files:
        print("No question has been accepted.")
    return 0
