"""Staff accounts: who may enter the staff area, and as what."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bot.errors import AccountError
from bot.passwords import check_password, hash_password
from bot.store.database import METADATA, reading

if TYPE_CHECKING:
    from bot.store.audit import Audit

# In rising order: each may do what those before it may.
ROLES = ("viewer", "editor", "approver", "admin")
EMAIL = re.compile(r"[^@\s<>\"',;:\\()\[\]]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")

ACCOUNTS = sa.Table(
    "staff_accounts",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=True),
    sa.Column("subject", sa.String(512), nullable=True),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.UniqueConstraint("email", name="uq_staff_accounts_email"),
    sa.UniqueConstraint("subject", name="uq_staff_accounts_subject"),
)
SESSIONS = sa.Table(
    "staff_sessions",
    METADATA,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("account", sa.Integer, sa.ForeignKey("staff_accounts.id"), nullable=False),
    sa.Column("started_at", sa.Float, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
    sa.Index("ix_staff_sessions_account", "account"),
)


@dataclass(frozen=True)
class Staff:
    """One person of the staff, as the routes and the audit log know them.

    Attributes:
        id: of the account; 0 for the command line, which has none.
        name: as it stands beside what they signed.
        email: lower case; it names them in the audit log.
        role: one of ROLES.
    """

    id: int
    name: str
    email: str
    role: str

    def may(self, role: str) -> bool:
        """Whether they may do what asks for this role."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True)
class Account:
    """An account as administrators see it.

    Attributes:
        id: of the account.
        email: lower case.
        name: as it stands beside what they signed.
        role: one of ROLES.
        active: may sign in.
        local: signs in here; the others come from the hospital's own sign-in.
        password_mark: changes with the password; empty where there is none yet.
        created_at: seconds since 1970.
    """

    id: int
    email: str
    name: str
    role: str
    active: bool
    local: bool
    password_mark: str
    created_at: float


@dataclass(frozen=True)
class Person:
    """Who the hospital's own sign-in says someone is.

    Attributes:
        subject: the provider's issuer and its id of them, which never changes.
        email: may change.
        name: may change.
        role: one of ROLES, from their groups.
        verified: the provider vouches for the address.
    """

    subject: str
    email: str
    name: str
    role: str
    verified: bool


class Accounts:
    """Adds and changes accounts; every change is in the audit log or did not happen."""

    def __init__(self, engine: sa.Engine, audit: Audit) -> None:
        """Keep the accounts in the database of the conversations."""
        self._engine = engine
        self._audit = audit

    def add(self, by: Staff, email: str, name: str, role: str, password: str | None = None) -> int:
        """Add a local account and return its id; without a password nobody can enter it yet.

        Raises:
            AccountError: the e-mail address is taken or none, or another field is wrong.
        """
        email, name = clean_email(email), clean_name(name)
        _check_role(role)
        values = {
            "email": email,
            "name": name,
            "role": role,
            "active": True,
            "password_hash": hash_password(password, (email, name)) if password else None,
            "subject": None,
            "created_at": time.time(),
        }
        try:
            with self._engine.begin() as connection:
                added = ACCOUNTS.insert().values(**values).returning(ACCOUNTS.c.id)
                key = int(connection.execute(added).scalar_one())
                self._audit.record(by, "account.add", str(key), {"role": role}, connection)
        except IntegrityError as error:
            raise AccountError("This e-mail address has an account already.", "email") from error
        return key

    def from_provider(self, person: Person) -> Staff:
        """The account of someone who comes from the hospital's own sign-in, made or brought up.

        A local account with the same verified address becomes theirs and loses its password: one
        person must not have two, or they could approve their own drafts.

        Raises:
            AccountError: it is disabled here, or the address belongs to another account.
        """
        email, name = clean_email(person.email), clean_name(person.name)
        _check_role(person.role)
        same = sa.or_(ACCOUNTS.c.subject == person.subject, ACCOUNTS.c.email == email)
        found = sa.select(ACCOUNTS).where(same).with_for_update()
        new = {"email": email, "name": name, "role": person.role, "subject": person.subject}
        try:
            with self._engine.begin() as connection:
                rows = connection.execute(found).all()
                if not rows:
                    values = {**new, "active": True, "created_at": time.time()}
                    added = ACCOUNTS.insert().values(**values).returning(ACCOUNTS.c.id)
                    staff = Staff(connection.execute(added).scalar_one(), name, email, person.role)
                    detail: dict[str, str] = {"role": person.role, "way": "oidc"}
                    self._audit.record(staff, "account.add", str(staff.id), detail, connection)
                    return staff
                row = rows[0]
                foreign = row.subject != person.subject and (row.subject or not person.verified)
                if len(rows) > 1 or foreign:
                    raise AccountError("Another account has your e-mail address.")
                if not row.active:
                    raise AccountError("Your account here is disabled.")
                staff = Staff(row.id, name, email, person.role)
                changed = sorted(key for key, value in new.items() if getattr(row, key) != value)
                if changed:
                    connection.execute(_update(row.id).values(**new, password_hash=None))
                    detail = {"fields": " ".join(changed), "role": person.role, "was": row.role}
                    self._audit.record(staff, "account.sync", str(row.id), detail, connection)
                return staff
        except IntegrityError as error:
            raise AccountError("Another account has your e-mail address. Try again.") from error

    def all(self) -> Sequence[Account]:
        """Every account, in order of name."""
        with reading(self._engine).connect() as connection:
            rows = connection.execute(sa.select(ACCOUNTS).order_by(ACCOUNTS.c.name, ACCOUNTS.c.id))
            return [_account(row) for row in rows]

    def get(self, key: int) -> Account | None:
        """The account with an id, if there is one."""
        return self._one(ACCOUNTS.c.id == key)

    def by_email(self, email: str) -> Account | None:
        """The account of an address, if there is one."""
        return self._one(ACCOUNTS.c.email == email.strip().lower())

    def authenticate(self, email: str, password: str) -> Staff | None:
        """The active owner of a local account, if the password is theirs.

        An unknown address takes as long as a wrong password.
        """
        query = sa.select(ACCOUNTS).where(ACCOUNTS.c.email == email.strip().lower())
        with reading(self._engine).connect() as connection:
            row = connection.execute(query).first()
        right = check_password(row.password_hash if row else None, password)
        return _staff(row) if row and right and row.active else None

    def set_role(self, by: Staff, key: int, role: str) -> None:
        """Give an account another role.

        Raises:
            AccountError: there is none, it is one's own, or it is the last administrator.
        """
        _check_role(role)
        self._change(by, key, "account.role", {"role": role})

    def set_active(self, by: Staff, key: int, active: bool) -> None:
        """Disable an account, or let it in again.

        Raises:
            AccountError: as `set_role`.
        """
        self._change(by, key, "account.enable" if active else "account.disable", {"active": active})

    def set_password(self, by: Staff, key: int, password: str) -> None:
        """Give an account a new password, and end its sessions.

        Raises:
            AccountError: there is no such account, or the password is too weak.
        """
        with self._engine.begin() as connection:
            row = _locked(connection, key)
            if row.subject:
                raise AccountError("This account uses the hospital's own sign-in.")
            hashed = hash_password(password, (row.email, row.name))
            connection.execute(_update(key).values(password_hash=hashed))
            end_all(connection, key)
            self._audit.record(by, "account.password", str(key), None, connection)

    def _one(self, condition: sa.ColumnElement[bool]) -> Account | None:
        with reading(self._engine).connect() as connection:
            row = connection.execute(sa.select(ACCOUNTS).where(condition)).first()
        return _account(row) if row else None

    def _change(self, by: Staff, key: int, action: str, change: dict[str, str | bool]) -> None:
        if by.id == key:
            raise AccountError("You cannot change your own account. Ask another administrator.")
        with self._engine.begin() as connection:
            # All administrators are locked, in order: two could remove each other in one moment.
            admins = connection.execute(
                sa.select(ACCOUNTS.c.id)
                .where(ACCOUNTS.c.role == "admin", ACCOUNTS.c.active.is_(True))
                .order_by(ACCOUNTS.c.id)
                .with_for_update()
            ).scalars()
            others = [admin for admin in admins if admin != key]
            row = _locked(connection, key)
            if row.subject and "role" in change:
                raise AccountError("This role comes from the hospital's sign-in; change it there.")
            stays = change.get("role", row.role) == "admin" and change.get("active", row.active)
            if row.role == "admin" and row.active and not stays and not others:
                raise AccountError("This is the last administrator; name another one first.")
            connection.execute(_update(key).values(**change))
            if not change.get("active", True):
                end_all(connection, key)
            detail = {"role": change["role"], "was": row.role} if "role" in change else None
            self._audit.record(by, action, str(key), detail, connection)


def end_all(connection: sa.Connection, account: int) -> None:
    """End all sessions of an account."""
    connection.execute(SESSIONS.delete().where(SESSIONS.c.account == account))


def clean_email(email: str) -> str:
    """An address in lower case.

    Raises:
        AccountError: it is none.
    """
    email = email.strip().lower()
    if len(email) > 254 or not EMAIL.fullmatch(email):
        raise AccountError("Enter an e-mail address like name@hospital.example.", "email")
    return email


def clean_name(name: str) -> str:
    """A name on one line.

    Raises:
        AccountError: it is empty, too long or has control characters.
    """
    name = " ".join(name.split())
    if not name or len(name) > 120 or not name.isprintable():
        raise AccountError("Enter a name of 1 to 120 characters.", "name")
    return name


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise AccountError(f"Choose one of: {', '.join(ROLES)}.", "role")


def _locked(connection: sa.Connection, key: int) -> sa.Row[Any]:
    row = connection.execute(
        sa.select(ACCOUNTS).where(ACCOUNTS.c.id == key).with_for_update()
    ).first()
    if row is None:
        raise AccountError("There is no such account.")
    return row


def _update(key: int) -> sa.Update:
    return ACCOUNTS.update().where(ACCOUNTS.c.id == key)


def _staff(row: sa.Row[Any]) -> Staff:
    return Staff(row.id, row.name, row.email, row.role)


def _account(row: sa.Row[Any]) -> Account:
    return Account(
        row.id,
        row.email,
        row.name,
        row.role,
        bool(row.active),
        row.subject is None,
        hashlib.sha256(row.password_hash.encode()).hexdigest()[:16] if row.password_hash else "",
        row.created_at,
    )
