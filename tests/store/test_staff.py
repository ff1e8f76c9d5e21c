"""Accounts, sessions, lock and audit log, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from sqlalchemy.exc import DatabaseError

from bot import passwords
from bot.errors import AccountError, AuditError
from bot.store.audit import AUDIT, Audit, Filter
from bot.store.database import open_database
from bot.store.sessions import Limits, Lockout, Sessions
from bot.store.staff import SESSIONS, Accounts, Person, Staff
from tests.databases import database_url, postgres

__all__ = ["database_url", "postgres"]

SYSTEM = Staff(0, "Test", "test", "admin")
GOOD = "a quiet lamp beside the window"


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def engine(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher.from_parameters(CHEAPEST))
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def audit(engine: sa.Engine) -> Audit:
    return Audit(engine)


@pytest.fixture
def accounts(engine: sa.Engine, audit: Audit) -> Accounts:
    return Accounts(engine, audit)


def add(accounts: Accounts, email: str, role: str = "viewer") -> int:
    return accounts.add(SYSTEM, email, "Jo Field", role, GOOD)


def person(subject: str, email: str, role: str = "editor", *, verified: bool = True) -> Person:
    return Person(subject, email, "Jo Field", role, verified)


def test_an_account_authenticates_by_its_password_while_active(accounts: Accounts) -> None:
    key = add(accounts, "Jo@Hospital.example")
    staff = accounts.authenticate(" jo@hospital.EXAMPLE ", GOOD)
    assert staff == Staff(key, "Jo Field", "jo@hospital.example", "viewer")
    assert accounts.authenticate("jo@hospital.example", "wrong") is None
    assert accounts.authenticate("nobody@hospital.example", GOOD) is None
    accounts.set_active(SYSTEM, key, False)
    assert accounts.authenticate("jo@hospital.example", GOOD) is None


def test_an_address_has_one_account(accounts: Accounts) -> None:
    add(accounts, "jo@hospital.example")
    with pytest.raises(AccountError, match="already"):
        add(accounts, "JO@hospital.example")


def test_roles_rise() -> None:
    approver = Staff(1, "A", "a@b.example", "approver")
    assert [approver.may(r) for r in ("viewer", "editor", "approver", "admin")] == [
        True,
        True,
        True,
        False,
    ]


def test_the_last_administrator_stays(accounts: Accounts) -> None:
    first = add(accounts, "a@hospital.example", "admin")
    with pytest.raises(AccountError, match="last administrator"):
        accounts.set_active(SYSTEM, first, False)
    with pytest.raises(AccountError, match="last administrator"):
        accounts.set_role(SYSTEM, first, "approver")
    second = add(accounts, "b@hospital.example", "admin")
    accounts.set_active(SYSTEM, second, False)
    with pytest.raises(AccountError, match="last administrator"):
        accounts.set_role(SYSTEM, first, "editor")
    accounts.set_active(SYSTEM, second, True)
    accounts.set_role(SYSTEM, first, "editor")


def test_two_administrators_cannot_remove_each_other_at_once(accounts: Accounts) -> None:
    keys = [add(accounts, f"{name}@hospital.example", "admin") for name in "ab"]
    people = [Staff(key, "A", f"{key}@hospital.example", "admin") for key in keys]

    def remove(by: Staff, key: int) -> bool:
        try:
            accounts.set_active(by, key, False)
        except AccountError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(remove, people, reversed(keys)))
    assert sorted(done) == [False, True]
    assert sum(account.active for account in accounts.all()) == 1


def test_nobody_raises_themselves(accounts: Accounts) -> None:
    key = add(accounts, "jo@hospital.example", "editor")
    me = Staff(key, "Jo", "jo@hospital.example", "editor")
    with pytest.raises(AccountError, match="your own account"):
        accounts.set_role(me, key, "admin")
    with pytest.raises(AccountError, match="your own account"):
        accounts.set_active(me, key, True)


def test_a_change_that_failed_is_not_in_the_log(accounts: Accounts, audit: Audit) -> None:
    add(accounts, "jo@hospital.example", "admin")
    before = audit.verify()
    for fail in (
        lambda: add(accounts, "jo@hospital.example"),
        lambda: accounts.set_role(SYSTEM, 999, "viewer"),
        lambda: accounts.set_active(SYSTEM, 1, False),
    ):
        with pytest.raises(AccountError):
            fail()
    assert audit.verify() == before


def test_someone_from_the_provider_keeps_one_account(accounts: Accounts, audit: Audit) -> None:
    first = accounts.from_provider(person("iss|1", "jo@hospital.example"))
    again = accounts.from_provider(person("iss|1", "jo.new@hospital.example", "approver"))
    assert (again.id, again.email, again.role) == (first.id, "jo.new@hospital.example", "approver")
    count = audit.verify()[0]
    assert accounts.from_provider(person("iss|1", "jo.new@hospital.example", "approver")) == again
    assert audit.verify()[0] == count
    with pytest.raises(AccountError, match="comes from the hospital"):
        accounts.set_role(SYSTEM, first.id, "admin")
    with pytest.raises(AccountError, match="own sign-in"):
        accounts.set_password(SYSTEM, first.id, GOOD)


def test_an_address_links_only_when_it_is_verified_and_free(accounts: Accounts) -> None:
    key = add(accounts, "jo@hospital.example", "admin")
    with pytest.raises(AccountError, match="Another account"):
        accounts.from_provider(person("iss|1", "jo@hospital.example", verified=False))
    assert accounts.from_provider(person("iss|1", "jo@hospital.example")).id == key
    with pytest.raises(AccountError, match="Another account"):
        accounts.from_provider(person("iss|2", "jo@hospital.example"))
    other = accounts.from_provider(person("iss|2", "kim@hospital.example"))
    with pytest.raises(AccountError, match="Another account"):
        accounts.from_provider(person("iss|2", "jo@hospital.example"))
    assert other.id != key


def test_a_session_ends_when_idle_when_old_and_when_told(
    engine: sa.Engine, accounts: Accounts
) -> None:
    clock = Clock()
    sessions = Sessions(engine, Limits(idle=1800, longest=7200), clock)
    key = add(accounts, "jo@hospital.example")
    idle, old, told = (sessions.start(key) for _ in range(3))
    for _ in range(4):
        clock.now += 1700
        found = sessions.find(old)
        assert found
        assert found.id == key
    assert sessions.find(idle) is None
    clock.now += 500
    assert sessions.find(old) is None
    told = sessions.start(key)
    sessions.end(told)
    assert sessions.find(told) is None
    assert sessions.find("made up") is None


def test_what_is_over_is_deleted_and_no_token_is_kept(
    engine: sa.Engine, accounts: Accounts
) -> None:
    clock = Clock()
    sessions = Sessions(engine, Limits(idle=1800, longest=7200), clock)
    key = add(accounts, "jo@hospital.example")
    tokens = [sessions.start(key)]
    clock.now += 1801
    tokens.append(sessions.start(key))
    with engine.connect() as connection:
        kept = connection.execute(sa.select(SESSIONS.c.token_hash)).scalars().all()
    assert len(kept) == 1
    assert not set(kept) & set(tokens)


@pytest.mark.parametrize("what", ["disable", "password"])
def test_a_session_ends_with_its_account_or_password(
    engine: sa.Engine, accounts: Accounts, what: str
) -> None:
    sessions = Sessions(engine, Limits(1800, 7200))
    key = add(accounts, "jo@hospital.example")
    token = sessions.start(key)
    if what == "disable":
        accounts.set_active(SYSTEM, key, False)
        accounts.set_active(SYSTEM, key, True)
    else:
        accounts.set_password(SYSTEM, key, GOOD + "!")
    assert sessions.find(token) is None


def test_a_lock_holds_across_processes_and_ends(engine: sa.Engine, database_url: str) -> None:
    clock = Clock()
    here = Lockout(engine, "k" * 32, 900, clock)
    elsewhere = open_database(database_url)
    there = Lockout(elsewhere, "k" * 32, 900, clock)
    assert [here.count("account:a"), there.count("account:a")] == [1, 2]
    assert here.locked("account:a", 2)
    assert there.locked("account:a", 2)
    assert not there.locked("account:b", 2)
    clock.now += 901
    assert not here.locked("account:a", 2)
    assert there.count("account:a") == 1
    here.forget("account:a")
    assert here.count("account:a") == 1
    here.take_back("account:a")
    assert here.count("account:a") == 1
    elsewhere.dispose()


def test_attempts_at_the_same_time_are_all_counted(engine: sa.Engine) -> None:
    lockout = Lockout(engine, "k" * 32, 900)
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lockout.count, ["account:a"] * 20))
    assert sorted(counts) == list(range(1, 21))


def test_the_log_is_one_chain_whoever_writes(engine: sa.Engine, audit: Audit) -> None:
    assert audit.verify() == (0, "0" * 64)

    def write(number: int) -> None:
        Audit(engine).record(SYSTEM, "draft.save", f"topic-{number}", {"version": number})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(40)))
    count, last = audit.verify()
    assert count == 40
    audit.record(SYSTEM, "draft.save")
    assert audit.verify(last)[0] == 41
    with pytest.raises(AuditError, match="cut off"):
        audit.verify("f" * 64)


def test_a_line_stands_or_falls_with_what_it_tells_of(engine: sa.Engine, audit: Audit) -> None:
    with pytest.raises(RuntimeError), engine.begin() as connection:
        audit.record(SYSTEM, "draft.save", connection=connection)
        raise RuntimeError
    assert audit.verify()[0] == 0


CHANGES = [
    "UPDATE staff_audit SET actor = 'me' WHERE id = 2",
    "DELETE FROM staff_audit WHERE id = 3",
    "DELETE FROM staff_audit",
]


@pytest.mark.parametrize("change", [*CHANGES, "replace", "truncate"])
def test_the_database_refuses_to_change_the_log(
    engine: sa.Engine, audit: Audit, change: str
) -> None:
    for _ in range(3):
        audit.record(SYSTEM, "draft.save")
    row = (
        "(id,at,actor,role,action,subject,detail,previous,hash) VALUES (2,'','','','','','','','')"
    )
    sqlite = engine.dialect.name == "sqlite"
    statement = {
        "replace": f"INSERT OR REPLACE INTO staff_audit {row}" if sqlite else CHANGES[0],
        "truncate": CHANGES[2] if sqlite else "TRUNCATE staff_audit",
    }.get(change, change)
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert audit.verify()[0] == 3


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (CHANGES[0], "line 2 is not as it was written"),
        ("UPDATE staff_audit SET detail = '{}' WHERE id = 3", "line 3 is not as it was written"),
        ("DELETE FROM staff_audit WHERE id = 2", "line 2 is missing"),
        ("DELETE FROM staff_audit WHERE id = 1", "line 1 is missing"),
        ("DELETE FROM staff_audit WHERE id > 3", "cut off"),
    ],
)
def test_a_change_past_the_triggers_is_found(
    engine: sa.Engine, audit: Audit, change: str, found: str
) -> None:
    for number in range(4):
        audit.record(SYSTEM, "draft.save", "", {"version": number})
    _, known = audit.verify()
    off = ["ALTER TABLE staff_audit DISABLE TRIGGER USER"]
    if engine.dialect.name == "sqlite":
        off = [f"DROP TRIGGER staff_audit_{name}" for name in ("update", "delete", "replace")]
    with engine.begin() as connection:
        for statement in [*off, change]:
            connection.exec_driver_sql(statement)
    with pytest.raises(AuditError, match=found):
        audit.verify(known)


def test_lines_are_found_by_filter(engine: sa.Engine, audit: Audit) -> None:
    kim = Staff(5, "Kim", "kim@hospital.example", "editor")
    audit.record(SYSTEM, "draft.save", "a")
    audit.record(kim, "draft.save", "b")
    audit.record(kim, "draft.submit", "b")
    assert [e.id for e in audit.page(Filter(actor=kim.email))] == [3, 2]
    assert [e.id for e in audit.page(Filter(action="draft.save", subject="b"))] == [2]
    assert [e.id for e in audit.page(Filter(), before=3, limit=1)] == [2]
    today = next(audit.entries()).at[:10]
    assert len(audit.page(Filter(since=today, until=today))) == 3
    assert audit.page(Filter(until="2020-01-01")) == []
    assert audit.actions() == ["draft.save", "draft.submit"]
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(AUDIT)).scalar() == 3
