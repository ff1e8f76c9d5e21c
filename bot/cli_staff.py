"""`python -m bot staff`: accounts of the staff area, and the check of its audit log."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from bot.errors import AccountError
from bot.settings import Settings

ROLES = ("viewer", "editor", "approver", "admin")


def add_staff(commands: Any) -> None:
    """Add the command and its own commands to the parser."""
    parser = commands.add_parser("staff", help="staff area: accounts, and the audit log's check")
    verbs = parser.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="add an account; the password is asked, or read from stdin")
    add.add_argument("email")
    add.add_argument("--name", required=True, help="as it stands beside what they sign")
    add.add_argument("--role", required=True, choices=ROLES)
    verbs.add_parser("list", help="list the accounts")
    for verb, text in (
        ("disable", "let an account in no more, and end its sessions"),
        ("enable", "let it in again"),
        ("password", "give an account a new password (asked, or from stdin)"),
    ):
        verbs.add_parser(verb, help=text).add_argument("email")
    role = verbs.add_parser("role", help="give an account another role")
    role.add_argument("email")
    role.add_argument("role", choices=ROLES)
    audit = verbs.add_parser("audit", help="check that the audit log is as it was written")
    audit.add_argument("--jsonl", type=Path, help="check an export instead of the database")
    audit.add_argument("--known", default="", help="a hash that was noted or exported earlier")


def staff(settings: Settings, options: argparse.Namespace) -> int:
    """Run one of the commands; it needs the database, not a running gateway.

    Raises:
        AccountError: a change is not possible.
        AuditError: the log is not as it was written.
    """
    # Only here: the command line starts without a database.
    from bot.store.audit import Audit, check_chain, read_export
    from bot.store.database import open_database
    from bot.store.staff import Accounts, Staff

    engine = open_database(settings.database_url)
    audit = Audit(engine)
    accounts = Accounts(engine, audit)
    operator = Staff(0, "Command line", f"{getpass.getuser()} (command line)", "admin")
    try:
        if options.verb == "audit":
            lines = audit.entries()
            if options.jsonl:
                lines = read_export(options.jsonl.read_text(encoding="utf-8").splitlines())
            count, last = check_chain(lines, options.known)
            print(f"{count} lines, as they were written; last hash {last}")
        elif options.verb == "list":
            for one in accounts.all():
                state = "active" if one.active else "disabled"
                way = "password" if one.local else "OpenID Connect"
                way = way if one.password_mark or not one.local else "no password"
                print(f"{one.email:40} {one.role:9} {state:9} {way:15} {one.name}")
        elif options.verb == "add":
            accounts.add(operator, options.email, options.name, options.role, _password() or " ")
            print(f"added {options.email} as {options.role}")
        else:
            account = accounts.by_email(options.email)
            if account is None:
                raise AccountError(f"no account has the address {options.email}.")
            if options.verb == "password":
                accounts.set_password(operator, account.id, _password())
            elif options.verb == "role":
                accounts.set_role(operator, account.id, options.role)
            else:
                accounts.set_active(operator, account.id, options.verb == "enable")
            print("done")
        return 0
    finally:
        engine.dispose()


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise AccountError("the two passwords are not the same.")
    return first
