from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from bot import passwords
from bot.__main__ import main
from bot.cli_staff import ROLES
from bot.store import staff as store
from bot.store.audit import Audit
from bot.store.database import open_database

Run = Callable[..., tuple[int, str]]
GOOD = "a quiet lamp beside the window"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher.from_parameters(CHEAPEST))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str, typed: str = "") -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(["staff", *arguments])
        said = capsys.readouterr()
        return code, said.out + said.err

    return call


def test_roles_are_those_of_the_store() -> None:
    assert ROLES == store.ROLES


def test_accounts_from_the_command_line(run: Run, tmp_path: Path) -> None:
    add = ("add", "a@hospital.example", "--name", "Ada", "--role", "admin")
    code, said = run(*add, typed=GOOD + "\n")
    assert (code, said) == (0, "added a@hospital.example as admin\n")
    assert run(*add, typed=GOOD)[0] == 1
    assert "15 to 256" in run("password", "a@hospital.example", typed="short\n")[1]
    assert "15 to 256" in run("add", "b@hospital.example", "--name", "B", "--role", "viewer")[1]
    assert run("password", "a@hospital.example", typed="another long sentence\n")[0] == 0
    assert "last administrator" in run("disable", "a@hospital.example")[1]
    assert "no account" in run("disable", "b@hospital.example")[1]
    assert run("add", "b@hospital.example", "--name", "B", "--role", "admin", typed=GOOD)[0] == 0
    assert run("disable", "a@hospital.example") == (0, "done\n")
    assert run("role", "b@hospital.example", "viewer")[0] == 1
    listed = run("list")[1].split("\n")
    assert listed[0].split() == ["a@hospital.example", "admin", "disabled", "password", "Ada"]
    assert GOOD not in "".join(listed)


def test_the_log_is_checked(run: Run, tmp_path: Path) -> None:
    run("add", "a@hospital.example", "--name", "Ada", "--role", "admin", typed=GOOD)
    code, said = run("audit")
    assert code == 0
    assert said.startswith("1 lines, as they were written")
    known = said.split()[-1]
    assert run("audit", "--known", known)[0] == 0
    assert run("audit", "--known", "0" * 63 + "1")[0] == 1
    engine = open_database(f"sqlite:///{tmp_path / 'bot.sqlite'}")
    (entry,) = Audit(engine).entries()
    export = tmp_path / "export.jsonl"
    export.write_text(json.dumps(asdict(entry)) + "\n")
    assert run("audit", "--jsonl", str(export), "--known", known)[0] == 0
    export.write_text(json.dumps({**asdict(entry), "actor": "me"}) + "\n")
    assert "not as it was written" in run("audit", "--jsonl", str(export))[1]
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER staff_audit_update")
        connection.exec_driver_sql("UPDATE staff_audit SET role = 'viewer'")
    engine.dispose()
    assert run("audit")[0] == 1
