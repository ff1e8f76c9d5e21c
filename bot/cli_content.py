"""The command `content export`: what staff published, written into the files that git keeps."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

from bot.answers import load_library
from bot.errors import BotError
from bot.live import load_content
from bot.overlay import write_over
from bot.settings import Settings
from bot.source import load_page
from bot.standing import lost_rests
from bot.store.content import ContentStore
from bot.store.database import open_database


def add_content(commands: Any) -> None:
    """Add the command to the subparsers of the command line."""
    content = commands.add_parser("content", help="write out what staff published")
    steps = content.add_subparsers(dest="step", required=True)
    export = steps.add_parser("export", help="write published texts into data/, or a copy of it")
    export.add_argument("--to", type=Path, help="a folder; DATA_DIR where it is left out")


def content(settings: Settings, options: argparse.Namespace) -> int:
    """Write the files, and say which have changed.

    Raises:
        BotError: what is published cannot be served, or the folder is none of ours.
    """
    engine = open_database(settings.database_url)
    try:
        snapshot = ContentStore(engine).snapshot()
    finally:
        engine.dispose()
    published = load_content(settings, snapshot)
    target: Path = options.to or settings.data_dir
    if not target.exists():
        shutil.copytree(settings.data_dir, target)
    if not (target / "answers").is_dir():
        raise BotError(f"{target} is no copy of {settings.data_dir}: it has no answers/.")
    changed = write_over(target, list(snapshot.live.values()))
    for path in changed:
        print(f"written: {target / path}")
    print(f"{len(changed)} files differ from what they were. Look at them, and commit them.")
    for lost in lost_rests(target, load_page(target / "source")):
        print(f"take out: {target / lost.file}: {lost.words!r} is no longer on the page")
    if load_library(target, settings.source_url) != published.library:
        raise BotError(f"{target} does not read back as what is published.")
    return 0
