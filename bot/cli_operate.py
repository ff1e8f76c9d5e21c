"""`python -m bot purge`, `backup`, `restore` and `doctor`: for who runs the service."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.errors import ConfigError
from bot.settings import Settings, load_settings

COMMANDS = ("purge", "backup", "restore", "doctor")


def add_operate(commands: Any) -> None:
    """Add the commands to the parser."""
    commands.add_parser("purge", help="forget what is older than the retention, now")
    backup = commands.add_parser("backup", help="write the databases into one file")
    backup.add_argument("file", type=Path)
    restore = commands.add_parser("restore", help="put a backup in place; stop the service first")
    restore.add_argument("file", type=Path)
    doctor = commands.add_parser("doctor", help="check this installation, and say what to mend")
    doctor.add_argument("--json", action="store_true")


def operate(options: argparse.Namespace) -> int:
    """Run one of the commands.

    Raises:
        BotError: it cannot be done; with the reason.
    """
    if options.command == "doctor":
        return _doctor(as_json=options.json)
    settings = load_settings()
    if options.command == "purge":
        return _purge(settings)
    from bot.store.backup import backup, restore
    from bot.store.trackers import tracker_address

    databases = {"gateway": settings.database_url, "rasa": tracker_address(settings)}
    if options.command == "backup":
        names = backup(databases, options.file)
        print(f"{options.file}: {', '.join(names)}")
        return 0
    _refuse_while_serving(settings)
    names = restore(databases, options.file)
    print(f"restored: {', '.join(names)}. Start the service; it brings the schema up to date.")
    return 0


def _purge(settings: Settings) -> int:
    from bot.cli_sms import purge_families
    from bot.gateway.sms.settings import load_sms_settings
    from bot.store import Store
    from bot.store.retention import purge
    from bot.store.trackers import Trackers

    store, trackers = Store(settings.database_url), Trackers(settings)
    try:
        gone = purge(settings, store, trackers)
    finally:
        store.close()
        trackers.close()
    print(f"{gone} conversations forgotten (older than {settings.operating.retention_days} days)")
    channel = load_sms_settings(settings)
    if channel:
        print(f"{purge_families(settings, channel.retention_days)} families forgotten (SMS)")
    return 0


def _refuse_while_serving(settings: Settings) -> None:
    import httpx

    try:
        httpx.get(f"http://{settings.host}:{settings.port}/health", timeout=2, trust_env=False)
    except httpx.HTTPError:
        return
    raise ConfigError("the service is running. Stop it first: what it holds would be mixed up.")


def _doctor(*, as_json: bool) -> int:
    from bot.doctor import examine

    findings = examine()
    bad = any(finding.state == "bad" for finding in findings)
    if as_json:
        print(json.dumps({"ok": not bad, "findings": [asdict(f) for f in findings]}, indent=2))
    else:
        for finding in findings:
            print(f"{finding.state:5} {finding.check}: {finding.says}")
            if finding.mend:
                print(f"      -> {finding.mend}")
    return 1 if bad else 0
