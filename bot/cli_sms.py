"""`python -m bot sms`: what staff and operators must see of the SMS channel."""

from __future__ import annotations

import argparse
import datetime as dt
import time
from typing import Any

from bot.errors import ConfigError
from bot.settings import Settings


def add_sms(commands: Any) -> None:
    """Add the command and its own commands to the parser."""
    sms_parser = commands.add_parser("sms", help="SMS: messages that did not arrive, counts, purge")
    verbs = sms_parser.add_subparsers(dest="verb", required=True)
    dead = verbs.add_parser("dead", help="list messages that need a person")
    dead.add_argument(
        "--show", action="store_true", help="with number and text, to call the family"
    )
    settle = verbs.add_parser("settle", help="a person has seen to it: wipe number and text")
    settle.add_argument("id", type=int)
    verbs.add_parser("status", help="messages by state, and the counters")
    verbs.add_parser("purge", help="delete what is older than the retention, now")


def sms(settings: Settings, options: argparse.Namespace) -> int:
    """Run one of the commands; it needs the gateway's settings, not a running gateway.

    Raises:
        ConfigError: SMS is off, or a setting is wrong.
    """
    from bot.gateway.sms.settings import load_sms_settings
    from bot.store.database import open_database
    from bot.store.sms_families import Families
    from bot.store.sms_outbox import OPEN, Outbox

    channel = load_sms_settings(settings)
    if channel is None:
        raise ConfigError("SMS is off: TWILIO_ACCOUNT_SID is not set.")
    engine = open_database(settings.database_url)
    outbox, families = Outbox(engine), Families(engine)
    try:
        if options.verb == "dead":
            return _dead(outbox, channel.key, show=options.show)
        if options.verb == "settle":
            if not outbox.settle(options.id):
                raise ConfigError(f"no message {options.id} waits for a person.")
            print("settled")
            return 0
        if options.verb == "purge":
            print(f"{purge_families(settings, channel.retention_days)} families forgotten")
            return 0
        counts = outbox.counts()
        for state in (*OPEN, "sent", "blocked", "dead", "settled"):
            print(f"{state:24} {counts.get(state, 0)}")
        for name, value in sorted(families.counters().items()):
            print(f"{name:24} {value}")
        return 0
    finally:
        engine.dispose()


def _dead(outbox: Any, key: str, *, show: bool) -> int:
    from bot.gateway.sms.keys import Keys, Sealed

    rows = outbox.find("dead")
    keys = Keys(key)
    for row in rows:
        made = dt.datetime.fromtimestamp(row.created_at, dt.timezone.utc)
        line = f"{row.id}  {made:%Y-%m-%d %H:%M} UTC  {row.kind}  {row.error}"
        if row.safety:
            line += "  SAFETY TEXT"
        print(line)
        if show:
            try:
                sealed = keys.open(row.sealed or "")
                print(f"    to {sealed['to']}: {sealed['text']}")
            except Sealed as error:
                print(f"    {error}")
    if not rows:
        print("none")
    return 0


def purge_families(settings: Settings, days: int) -> int:
    """Forget the families that were silent for so many days, everywhere; gives their number."""
    from bot.store import Store
    from bot.store.sms_families import Families
    from bot.store.trackers import Trackers

    store, trackers = Store(settings.database_url), Trackers(settings)
    try:
        gone = Families(store.engine).purge(time.time(), days)
        for conversation in gone:
            store.delete(conversation)
            trackers.delete(conversation)
    finally:
        store.close()
        trackers.close()
    return len(gone)
